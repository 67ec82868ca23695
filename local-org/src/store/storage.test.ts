import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeId } from './ids.ts';
import type { SaveOutcome } from './records.ts';
import { seedOrg } from './seed.ts';
import { openStore } from './sqliteStore.ts';
import type { OpenStore } from './sqliteStore.ts';
import { testMetadata } from './testOrg.ts';

const clock = { now: () => Date.UTC(2026, 10, 23) };
const actor = { userId: makeId('005', 1) };

/** Room for 1,024 rows of 2 KB, and 5 % more before it is full. */
const ROWS = Math.ceil(512 * 2 * 1.05);

function openSmall(): OpenStore {
  const store = openStore(':memory:', testMetadata, clock, undefined, { dataMb: 2 });
  seedOrg(store, testMetadata);
  return store;
}

const account = (store: OpenStore, Name = 'A'): SaveOutcome =>
  store.writeInsert('Account', { Name }, actor);

function fill(store: OpenStore): SaveOutcome[] {
  return store.transaction(() => Array.from({ length: ROWS }, () => account(store)));
}

test('a row takes 2 KB, and the rows of setup none; neither do assets', () => {
  const store = openSmall();
  assert.equal(store.usedStorage(), 0);
  store.transaction(() => Array.from({ length: 512 }, () => account(store)));
  assert.equal(store.usedStorage(), 1);
  const AccountId = store.select({ object: 'Account', limit: 1 })[0]?.['Id'] ?? null;
  assert.ok(store.writeInsert('Asset', { Name: 'Pump', AccountId }, actor).ok);
  assert.equal(store.usedStorage(), 1);
});

test('past 105 % nothing can be created, but changed and deleted, which makes room', () => {
  const store = openSmall();
  const outcomes = fill(store);
  assert.ok(outcomes.every(({ ok }) => ok));
  const [first] = outcomes;
  assert.ok(first?.ok);
  const full = account(store);
  assert.ok(!full.ok);
  assert.equal(full.errors[0]?.statusCode, 'STORAGE_LIMIT_EXCEEDED');
  assert.equal(store.writeUpdate('Account', first.id, { Name: 'B' }, actor).ok, true);
  assert.equal(store.writeInsert('Profile', { Name: 'takes none' }, actor).ok, true);
  assert.equal(store.writeDelete('Account', first.id, actor).ok, true);
  assert.equal(account(store).ok, true);
});

test('what is undone takes no storage', () => {
  const store = openSmall();
  assert.throws(() =>
    store.transaction(() => {
      account(store);
      throw new Error('undo');
    }),
  );
  assert.equal(store.usedStorage(), 0);
});

test('without an allocation there is room for any amount', () => {
  const store = openStore(':memory:', testMetadata, clock);
  seedOrg(store, testMetadata);
  fill(store);
  assert.equal(account(store).ok, true);
});
