import assert from 'node:assert/strict';
import { test } from 'node:test';

import { historyObject } from '../metadata/historyObject.ts';
import { makeField } from '../metadata/systemFields.ts';
import { historyMetadata } from './testHistory.ts';
import { openTestOrg, testMetadata, type TestOrg } from './testOrg.ts';

const rows = (org: TestOrg): unknown[] =>
  org.store
    .select({ object: 'Thing__History' })
    .map((row) => [row['Field'], row['OldValue'], row['NewValue']]);

test('a new record is created, a changed one keeps both values of its tracked fields', () => {
  const org = openTestOrg(':memory:', historyMetadata);
  const id = org.insert('Thing__c', { Needed__c: 'x', Amount__c: 1 });
  org.clock.time += 60_000;
  const changes = { Amount__c: 2.5, Needed__c: 'y', On__c: false };
  assert.ok(org.store.writeUpdate('Thing__c', id, changes, org.actor).ok);
  assert.deepEqual(rows(org), [
    ['created', null, null],
    ['Amount__c', '1', '2.5'],
    ['On__c', 'true', 'false'],
  ]);
  const [, last] = org.store.select({ object: 'Thing__History' });
  assert.deepEqual(
    [last?.['ParentId'], last?.['CreatedById'], last?.['CreatedDate']],
    [id, org.actor.userId, '2026-11-23T06:01:00.000Z'],
  );
  assert.match(String(last?.['Id']), /^017/);
});

test('a save that changes nothing or is refused keeps nothing', () => {
  const org = openTestOrg(':memory:', historyMetadata);
  const id = org.insert('Thing__c', { Needed__c: 'x', Amount__c: 1 });
  assert.ok(org.store.writeUpdate('Thing__c', id, { Amount__c: 1 }, org.actor).ok);
  assert.ok(!org.store.writeUpdate('Thing__c', id, { Amount__c: 1e9 }, org.actor).ok);
  assert.equal(rows(org).length, 1);
});

test('of a long text only that it changed; of a lookup the names and the ids', () => {
  const org = openTestOrg(':memory:', historyMetadata);
  const parent = org.insert('Thing__c', { Needed__c: 'x', Name: 'Boss' });
  const id = org.insert('Thing__c', { Needed__c: 'x' });
  const changes = { Notes__c: 'long', Parent__c: parent };
  assert.ok(org.store.writeUpdate('Thing__c', id, changes, org.actor).ok);
  assert.deepEqual(rows(org).slice(2), [
    ['Notes__c', null, null],
    ['Parent__c', null, 'Boss'],
    ['Parent__c', null, parent],
  ]);
});

test('history goes with its record', () => {
  const org = openTestOrg(':memory:', historyMetadata);
  const id = org.insert('Thing__c', { Needed__c: 'x' });
  assert.ok(org.store.writeDelete('Thing__c', id, org.actor).ok);
  assert.deepEqual(rows(org), []);
});

test('more than 20 tracked fields are refused', () => {
  const thing = testMetadata.objects.get('Thing__c');
  assert.ok(thing);
  const names = Array.from({ length: 21 }, (_, index) => `F${index}__c`);
  const fields = names.map((name) => [name, makeField(name, name, 'Checkbox', { tracked: true })]);
  const many = { ...thing, fields: new Map(fields as [string, ReturnType<typeof makeField>][]) };
  assert.throws(() => historyObject(many), /21 fields have <trackHistory>, at most 20/);
});
