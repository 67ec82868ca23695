import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidSource, Unsupported } from './schema.ts';
import type { FieldDef, OrgMetadata } from './schema.ts';
import { customObject, load, permissionSet, xmlOf } from './testSource.ts';

const object = 'objects/Site__c/Site__c.object-meta.xml';
const field = 'objects/Site__c/fields/Place__c.field-meta.xml';

function withPlace(inside: string, extra: Readonly<Record<string, string>> = {}): OrgMetadata {
  const xml = `<fullName>Place__c</fullName><label>Place</label><type>Location</type>${inside}`;
  return load({ [object]: customObject('Site'), [field]: xmlOf('CustomField', xml), ...extra });
}

test('a geolocation is a compound field with a latitude and a longitude', () => {
  const metadata = withPlace(
    '<displayLocationInDecimal>true</displayLocationInDecimal><scale>6</scale>',
  );
  const fieldOf = (name: string): FieldDef | undefined =>
    metadata.objects.get('Site__c')?.fields.get(name);
  assert.equal(fieldOf('Place__c')?.type, 'Location');
  assert.deepEqual(
    ['Place__Latitude__s', 'Place__Longitude__s'].map((name) => {
      const { type, scale, range, compound } = fieldOf(name) ?? {};
      return [type, scale, range, compound];
    }),
    [
      ['Number', 6, [-90, 90], 'Place__c'],
      ['Number', 6, [-180, 180], 'Place__c'],
    ],
  );
});

test('a geolocation without a scale, or as a key, is refused', () => {
  assert.throws(() => withPlace(''), InvalidSource);
  assert.throws(() => withPlace('<scale>16</scale>'), InvalidSource);
  assert.throws(
    () => withPlace('<scale>6</scale><externalId>true</externalId>'),
    (error) => error instanceof Unsupported && error.element === 'externalId',
  );
});

test('permissions are those of the compound field, and not there when it is required', () => {
  const set = (name: string) => ({
    'permissionsets/P.permissionset-meta.xml': permissionSet(
      `<fieldPermissions><field>Site__c.${name}</field><readable>true</readable></fieldPermissions>`,
    ),
  });
  const { permissionSets } = withPlace('<scale>6</scale>', set('Place__c'));
  assert.deepEqual(permissionSets.get('P')?.fields.get('Site__c.Place__c'), {
    read: true,
    edit: false,
  });
  assert.throws(() => withPlace('<scale>6</scale>', set('Place__Latitude__s')), InvalidSource);
  assert.throws(
    () => withPlace('<scale>6</scale><required>true</required>', set('Place__c')),
    InvalidSource,
  );
});
