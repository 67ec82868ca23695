import assert from 'node:assert/strict';
import { test } from 'node:test';

import { load, xmlOf } from './testSource.ts';
import type { OrgMetadata } from './schema.ts';

const withField = (rest: string): OrgMetadata =>
  load({
    'objects/Case/fields/Heat__c.field-meta.xml': xmlOf(
      'CustomField',
      `<fullName>Heat__c</fullName><label>Heat</label><precision>4</precision><scale>1</scale><type>Number</type>${rest}`,
    ),
  });

test('a standard object with a tracked field has a history that points to it by its name', () => {
  const history = withField('<trackHistory>true</trackHistory>').objects.get('CaseHistory');
  assert.equal(history?.historyOf, 'Case');
  assert.deepEqual(history?.fields.get('CaseId')?.referenceTo, ['Case']);
  assert.equal(history?.fields.get('CaseId')?.relationshipName, 'Case');
});

test('without a tracked field there is none', () => {
  assert.equal(withField('').objects.has('CaseHistory'), false);
});
