import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { makeField } from '../metadata/systemFields.ts';
import type { OrgMetadata } from '../metadata/schema.ts';
import type { Condition } from './records.ts';
import { openStore } from './sqliteStore.ts';
import { StoreMismatch } from './tables.ts';
import { openTestOrg, testMetadata } from './testOrg.ts';

const needed = { Needed__c: 'x' };

test('a throw undoes a transaction, an inner throw only its own part', () => {
  const { store, actor } = openTestOrg();
  const insert = (key: string): void =>
    void store.writeInsert('Thing__c', { ...needed, Key__c: key }, actor);
  assert.throws(() =>
    store.transaction(() => {
      insert('lost');
      throw new Error('no');
    }),
  );
  store.transaction(() => {
    insert('kept');
    assert.throws(() =>
      store.transaction(() => {
        insert('inner');
        throw new Error('no');
      }),
    );
    insert('also kept');
  });
  const keys = store.select({ object: 'Thing__c' }).map((row) => row['Key__c']);
  assert.deepEqual(keys, ['kept', 'also kept']);
});

test('work waits for the outermost commit and dies with what was undone', () => {
  const { store } = openTestOrg();
  const ran: string[] = [];
  store.transaction(() => {
    store.afterCommit(() => ran.push('outer'));
    store.transaction(() => store.afterCommit(() => ran.push('inner')));
    try {
      store.transaction(() => {
        store.afterCommit(() => ran.push('undone'));
        throw new Error('no');
      });
    } catch {
      ran.push('caught');
    }
    assert.deepEqual(ran, ['caught']);
  });
  assert.deepEqual(ran, ['caught', 'outer', 'inner']);
  store.afterCommit(() => ran.push('at once'));
  assert.equal(ran.at(-1), 'at once');
});

test('work after a commit may open a transaction of its own', () => {
  const { store, actor } = openTestOrg();
  store.transaction(() => {
    store.afterCommit(
      () => void store.writeInsert('Thing__c', { ...needed, Key__c: 'later' }, actor),
    );
  });
  assert.equal(store.count({ object: 'Thing__c' }), 1);
});

test('conditions mean what SOQL means', () => {
  const { store, insert } = openTestOrg();
  const account = insert('Account', { Name: 'Acme' });
  const asset = insert('Asset', { Name: 'Pump', AccountId: account });
  insert('Thing__c', { ...needed, Key__c: 'a', Code__c: 'One', Amount__c: 1, Asset__c: asset });
  insert('Thing__c', { ...needed, Key__c: 'b', Code__c: 'Two', Amount__c: 2.5, On__c: false });
  insert('Thing__c', { ...needed, Key__c: 'c' });
  const keys = (where: Condition): unknown[] =>
    store.select({ object: 'Thing__c', where }).map((row) => row['Key__c']);
  const compare = (
    field: string,
    op: '=' | '!=' | '<' | '>=' | 'like' | 'contains' | 'startsWith' | 'endsWith',
    value: string | number | boolean | null,
  ): Condition => ({ kind: 'compare', field, op, value });
  assert.deepEqual(keys(compare('Code__c', '=', 'ONE')), ['a'], 'text compares without case');
  assert.deepEqual(keys(compare('Key__c', '=', 'A')), [], 'a case-sensitive field does not');
  assert.deepEqual(
    keys(compare('Code__c', '!=', 'one')),
    ['b', 'c'],
    'empty differs from any value',
  );
  assert.deepEqual(keys({ kind: 'not', part: compare('Code__c', '=', 'one') }), ['b', 'c']);
  assert.deepEqual(keys(compare('Code__c', '=', null)), ['c']);
  assert.deepEqual(keys(compare('Code__c', '=', '')), ['c'], 'empty text is null');
  assert.deepEqual(keys(compare('Amount__c', '>=', 1.5)), ['b']);
  assert.deepEqual(keys({ kind: 'not', part: compare('Amount__c', '<', 2) }), ['b', 'c']);
  assert.deepEqual(keys(compare('On__c', '=', false)), ['b']);
  assert.deepEqual(keys(compare('Code__c', 'like', 't_O')), ['b']);
  assert.deepEqual(keys(compare('Code__c', 'like', '\\_%')), []);
  assert.deepEqual(keys(compare('Code__c', 'contains', 'W')), ['b']);
  assert.deepEqual(keys(compare('Code__c', 'startsWith', 'on')), ['a']);
  assert.deepEqual(keys(compare('Code__c', 'endsWith', 'NE')), ['a']);
  assert.deepEqual(keys({ kind: 'in', field: 'Code__c', values: ['two', null], negated: false }), [
    'b',
    'c',
  ]);
  assert.deepEqual(keys({ kind: 'in', field: 'Code__c', values: ['two'], negated: true }), [
    'a',
    'c',
  ]);
  assert.deepEqual(keys({ kind: 'in', field: 'Code__c', values: [], negated: false }), []);
  assert.deepEqual(keys(compare('Asset__r.Account.Name', '=', 'acme')), ['a'], 'over two lookups');
  assert.deepEqual(keys(compare('Asset__c', '=', asset.slice(0, 15))), ['a'], 'by 15 characters');
  assert.deepEqual(
    keys(compare('Owner.Name', 'like', 'auto%')),
    ['a', 'b', 'c'],
    'an owner is a user or a queue',
  );
});

test('order, limit and offset: empty values come first unless told otherwise', () => {
  const { store, insert } = openTestOrg();
  for (const amount of [2, null, 1]) insert('Thing__c', { ...needed, Amount__c: amount });
  const amounts = (descending: boolean, nullsLast: boolean): unknown[] =>
    store
      .select({ object: 'Thing__c', orderBy: [{ field: 'Amount__c', descending, nullsLast }] })
      .map((row) => row['Amount__c']);
  assert.deepEqual(amounts(false, false), [null, 1, 2]);
  assert.deepEqual(amounts(true, true), [2, 1, null]);
  assert.equal(store.select({ object: 'Thing__c', limit: 1, offset: 2 }).length, 1);
  assert.equal(store.count({ object: 'Thing__c', limit: 2 }), 2);
});

test('a file outlives the process; new fields join, a changed prefix is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-store-'));
  const path = join(folder, 'org.sqlite');
  try {
    const first = openTestOrg(path);
    const id = first.insert('Thing__c', needed);
    first.store.close();
    const again = openTestOrg(path);
    assert.equal(again.store.count({ object: 'User' }), 1, 'seeding twice adds nothing');
    again.store.close();

    const thing = testMetadata.objects.get('Thing__c');
    assert.ok(thing !== undefined);
    const withThing = (changed: typeof thing): OrgMetadata => ({
      ...testMetadata,
      objects: new Map([...testMetadata.objects, ['Thing__c', changed]]),
    });
    const added = makeField('New__c', 'New', 'Checkbox', { defaultValue: false });
    const grown = withThing({ ...thing, fields: new Map([...thing.fields, ['New__c', added]]) });
    const third = openStore(path, grown, { now: () => 0 });
    assert.equal(third.read('Thing__c', id)?.['New__c'], false);
    third.close();
    assert.throws(
      () => openStore(path, withThing({ ...thing, keyPrefix: 'a99' }), { now: () => 0 }),
      StoreMismatch,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
