import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRowReader } from './rowReader.ts';

const read = makeRowReader('Key__c', ['Reason__c']);
const attributes = { type: 'X__c' };

test('rows are read with what else is in them; a text may be empty or absent', () => {
  const records = [
    { attributes, Key__c: 'a', Reason__c: 'because' },
    { attributes, Key__c: 'b', Reason__c: null },
    { Key__c: 'c' },
  ];
  assert.deepEqual(read({ totalSize: 3, done: true, records }), records);
  assert.deepEqual(read({ records: [] }), []);
});

test('an answer that is no such rows is refused with the place of what is wrong', () => {
  assert.throws(() => read({ records: [{ Key__c: 'a' }, { Key__c: 1 }] }), /"Key__c"/);
  assert.throws(() => read({ records: [{ Reason__c: 'no key' }] }), /"Key__c"/);
  assert.throws(() => read({ records: [{ Key__c: 'a', Reason__c: 5 }] }), /"Reason__c"/);
  assert.throws(() => read({ records: [null] }), /"records"/);
  for (const body of [undefined, null, 'x', {}, { records: 'x' }]) assert.throws(() => read(body));
});
