import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ObjectDef } from '../metadata/schema.ts';
import type { Condition, Query } from './records.ts';
import { openTestOrg } from './testOrg.ts';

/** Assets named "Seen", and Accounts of whatever name. */
function seen(object: ObjectDef): Condition | undefined {
  if (object.name !== 'Asset') return undefined;
  return { kind: 'in', field: 'Name', values: ['Seen', 'Nothing'], negated: false };
}

function makeOrg() {
  const { store, insert } = openTestOrg();
  const AccountId = insert('Account', { Name: 'Acme' });
  for (const Name of ['Seen', 'Hidden']) {
    const Asset__c = insert('Asset', { Name, AccountId });
    insert('Thing__c', { Needed__c: Name, Asset__c });
  }
  insert('Thing__c', { Needed__c: 'None' });
  return (query: Omit<Query, 'object' | 'parentFilter'>): string =>
    store
      .select({ object: 'Thing__c', ...query, parentFilter: seen })
      .map((row) => row['Needed__c'])
      .join(' ');
}

test('to filters the fields of parents out of sight are empty, however they compare', () => {
  const find = makeOrg();
  const field = 'Asset__r.Name';
  const compare = (op: Extract<Condition, { kind: 'compare' }>['op'], value: string | null) =>
    find({ where: { kind: 'compare', field, op, value } });
  assert.equal(compare('=', 'Hidden'), '');
  assert.equal(compare('=', 'Seen'), 'Seen');
  assert.equal(compare('=', null), 'Hidden None');
  assert.equal(compare('!=', 'Seen'), 'Hidden None');
  assert.equal(compare('like', '%'), 'Seen');
  assert.equal(compare('startsWith', 'H'), '');
  assert.equal(compare('endsWith', 'n'), 'Seen');
  assert.equal(compare('contains', 'e'), 'Seen');
  const among = (values: readonly (string | null)[], negated: boolean) =>
    find({ where: { kind: 'in', field, values, negated } });
  assert.equal(among(['Hidden', 'Seen'], false), 'Seen');
  assert.equal(among(['Seen', null], false), 'Seen Hidden None');
  assert.equal(among(['Hidden', 'Seen'], true), 'Hidden None');
});

test('what lies behind a parent out of sight is empty too', () => {
  const find = makeOrg();
  const where: Condition = {
    kind: 'compare',
    field: 'Asset__r.Account.Name',
    op: '=',
    value: 'Acme',
  };
  assert.equal(find({ where }), 'Seen');
  assert.equal(find({ where: { kind: 'not', part: where } }), 'Hidden None');
});

test('orders take them for empty', () => {
  const find = makeOrg();
  const by = (descending: boolean) =>
    find({
      where: { kind: 'compare', field: 'Needed__c', op: '!=', value: 'None' },
      orderBy: [{ field: 'Asset__r.Name', descending, nullsLast: true }],
    });
  assert.equal(by(false), 'Seen Hidden');
  assert.equal(by(true), 'Seen Hidden');
});
