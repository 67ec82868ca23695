import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { FlowTestOrg } from '../../automation/flowTestOrg.ts';
import { assign, create, go, variable } from '../../automation/flowTestXml.ts';
import { job, log, runAfter } from './elementTestOrg.ts';

// Metadata API Developer Guide, "FlowRecordCreate"; what fails of a collection sends the element to its
// fault path while the others are saved. The jobs are a, b, c, and the one that sets the flow off.

const upsert = (inside: string, rest = ''): string =>
  `<recordCreates><name>Up</name><label>u</label>${go('Log')}${go('Failed', 'faultConnector')}<doesUpsert>true</doesUpsert><inputReference>jobs</inputReference>${inside}${rest}</recordCreates>` +
  log('done') +
  create('Failed', 'Log__c', { Text__c: 'failed' });
const byKey = '<upsertExternalIdField>Key__c</upsertExternalIdField>';

function run(
  rows: readonly (readonly [key: string, note: string, status?: string])[],
  inside: string,
): FlowTestOrg {
  const steps = rows.map(([key, note, status], index) => {
    const last = index === rows.length - 1;
    return assign(
      `Fill${index}`,
      [
        ['one', 'Assign', '!none'],
        ['one.Key__c', 'Assign', key],
        ['one.Note__c', 'Assign', note],
        ...(status === undefined ? [] : [['one.Status__c', 'Assign', status] as const]),
        ['jobs', 'Add', '!one'],
      ],
      go(last ? 'Up' : `Fill${index + 1}`),
    );
  });
  const variables =
    variable('one', 'SObject', { object: 'Job__c' }) +
    variable('none', 'SObject', { object: 'Job__c' }) +
    variable('jobs', 'SObject', { object: 'Job__c', collection: true });
  return runAfter('Fill0', steps.join('') + upsert(inside) + variables);
}

test('records that have the key are updated, the others created, in one statement', () => {
  const org = run(
    [
      ['a', 'changed'],
      ['new', 'created'],
    ],
    byKey,
  );
  assert.equal(job(org, 'a')['Note__c'], 'changed');
  assert.equal(job(org, 'a')['Count__c'], 3, 'what was not given stays');
  assert.equal(job(org, 'new')['Note__c'], 'created');
  assert.equal(org.rows('Job__c').length, 5);
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['done']);
});

test('what fails goes to the fault path, and what does not is saved', () => {
  const org = run(
    [
      ['a', 'changed'],
      ['new', 'refused', 'No such status'],
    ],
    byKey,
  );
  assert.equal(job(org, 'a')['Note__c'], 'changed');
  assert.equal(org.rows('Job__c').length, 4);
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['failed']);
});

test('all or none saves nothing when one fails', () => {
  const org = run(
    [
      ['new', 'created first'],
      ['a', 'refused', 'No such status'],
    ],
    `${byKey}<doesUpsertAllOrNone>true</doesUpsertAllOrNone>`,
  );
  assert.equal(job(org, 'a')['Note__c'], 'note a');
  assert.equal(org.rows('Job__c').length, 4);
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['failed']);
});

test('a key given twice fails both', () => {
  const org = run(
    [
      ['new', 'one'],
      ['new', 'two'],
    ],
    byKey,
  );
  assert.equal(org.rows('Job__c').length, 4);
});

test('an upsert without a key, or by what is none, is refused at load', () => {
  const rows = [['a', 'x']] as const;
  assert.throws(() => run(rows, ''), /doesUpsert needs one of/);
  assert.throws(
    () => run(rows, '<upsertExternalIdField>Note__c</upsertExternalIdField>'),
    /Job__c\.Note__c is no external id/,
  );
  assert.throws(
    () => run(rows, `${byKey}<upsertStandardIdField>Id</upsertStandardIdField>`),
    /doesUpsert needs one of/,
  );
});
