import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeId } from './ids.ts';
import type { RecordData, SaveError, SaveOutcome } from './records.ts';
import { openTestOrg } from './testOrg.ts';

function refusal(outcome: SaveOutcome): SaveError {
  assert.ok(!outcome.ok, 'the save was accepted');
  const error = outcome.errors[0];
  assert.ok(error !== undefined);
  return error;
}

const needed = { Needed__c: 'x' };

test('a required field must be given and cannot be emptied', () => {
  const { store, actor, insert } = openTestOrg();
  const error = refusal(store.writeInsert('Thing__c', {}, actor));
  assert.equal(error.statusCode, 'REQUIRED_FIELD_MISSING');
  assert.equal(error.message, 'Required fields are missing: [Needed__c]');
  assert.deepEqual(error.fields, ['Needed__c']);
  const id = insert('Thing__c', needed);
  assert.equal(
    refusal(store.writeUpdate('Thing__c', id, { Needed__c: '' }, actor)).statusCode,
    'REQUIRED_FIELD_MISSING',
  );
});

test('a key that another row has is refused, naming that row by its 15 characters', () => {
  const { store, actor, insert } = openTestOrg();
  const first = insert('Thing__c', { ...needed, Key__c: 'k1' });
  assert.deepEqual(refusal(store.writeInsert('Thing__c', { ...needed, Key__c: 'k1' }, actor)), {
    statusCode: 'DUPLICATE_VALUE',
    message: `duplicate value found: Key__c duplicates value on record with id: ${first.slice(0, 15)}`,
    fields: [],
  });
  const second = insert('Thing__c', { ...needed, Key__c: 'k2' });
  assert.equal(
    refusal(store.writeUpdate('Thing__c', second, { Key__c: 'k1' }, actor)).statusCode,
    'DUPLICATE_VALUE',
  );
  assert.ok(
    store.writeUpdate('Thing__c', second, { Key__c: 'k2' }, actor).ok,
    'a row may keep its own key',
  );
});

test('case matters for a case-sensitive key and not for others; empty keys never collide', () => {
  const { store, actor, insert } = openTestOrg();
  insert('Thing__c', { ...needed, Key__c: 'abc', Code__c: 'abc' });
  assert.ok(store.writeInsert('Thing__c', { ...needed, Key__c: 'ABC' }, actor).ok);
  assert.equal(
    refusal(store.writeInsert('Thing__c', { ...needed, Code__c: 'ABC' }, actor)).statusCode,
    'DUPLICATE_VALUE',
  );
  assert.ok(store.writeInsert('Thing__c', { ...needed, Key__c: '' }, actor).ok);
});

test('a deleted row frees its key', () => {
  const { store, actor, insert } = openTestOrg();
  const first = insert('Thing__c', { ...needed, Key__c: 'k' });
  assert.ok(store.writeDelete('Thing__c', first, actor).ok);
  assert.ok(store.writeInsert('Thing__c', { ...needed, Key__c: 'k' }, actor).ok);
});

test('a lookup must name a row of the right object that is there', () => {
  const { store, actor, insert } = openTestOrg();
  const account = insert('Account', { Name: 'A' });
  const asset = insert('Asset', { Name: 'P', AccountId: account });
  const pointing = (id: string): SaveOutcome =>
    store.writeInsert('Thing__c', { ...needed, Asset__c: id }, actor);
  assert.equal(refusal(pointing('nonsense')).statusCode, 'MALFORMED_ID');
  assert.equal(refusal(pointing(account)).statusCode, 'FIELD_INTEGRITY_EXCEPTION');
  assert.equal(refusal(pointing(makeId('02i', 999))).statusCode, 'INVALID_CROSS_REFERENCE_KEY');
  const outcome = pointing(asset.slice(0, 15));
  assert.ok(outcome.ok);
  assert.equal(
    store.read('Thing__c', outcome.id)?.['Asset__c'],
    asset,
    '15 characters are stored as 18',
  );
  store.writeDelete('Asset', asset, actor);
  assert.equal(refusal(pointing(asset)).statusCode, 'INVALID_CROSS_REFERENCE_KEY');
});

test('deleting empties lookups to the row, unless they forbid it', () => {
  const { store, actor, insert } = openTestOrg();
  const account = insert('Account', { Name: 'A' });
  const asset = insert('Asset', { Name: 'P', AccountId: account });
  const parent = insert('Thing__c', { ...needed, Asset__c: asset });
  const child = insert('Thing__c', { ...needed, Parent__c: parent });
  const error = refusal(store.writeDelete('Thing__c', parent, actor));
  assert.equal(error.statusCode, 'DELETE_FAILED');
  assert.ok(store.read('Thing__c', parent), 'nothing was deleted');
  assert.ok(store.writeDelete('Asset', asset, actor).ok);
  assert.equal(store.read('Thing__c', parent)?.['Asset__c'], null);
  assert.ok(store.writeDelete('Thing__c', child, actor).ok);
  assert.ok(store.writeDelete('Thing__c', parent, actor).ok);
  assert.equal(
    refusal(store.writeDelete('Thing__c', parent, actor)).statusCode,
    'ENTITY_IS_DELETED',
  );
  assert.equal(
    refusal(store.writeUpdate('Thing__c', parent, {}, actor)).statusCode,
    'ENTITY_IS_DELETED',
  );
});

test('deleting a Case takes its comments along', () => {
  const { store, actor, insert } = openTestOrg();
  const id = insert('Case', { Subject: 'x' });
  insert('CaseComment', { ParentId: id, CommentBody: 'y' });
  assert.ok(store.writeDelete('Case', id, actor).ok);
  assert.equal(store.count({ object: 'CaseComment' }), 0);
  assert.equal(store.count({ object: 'CaseComment', includeDeleted: true }), 1);
});

test('system fields and unknown fields are refused', () => {
  const { store, actor } = openTestOrg();
  const code = (values: RecordData): string =>
    refusal(store.writeInsert('Thing__c', { ...needed, ...values }, actor)).statusCode;
  assert.equal(code({ CreatedDate: '2026-01-01T00:00:00Z' }), 'INVALID_FIELD_FOR_INSERT_UPDATE');
  assert.equal(code({ Nope__c: 1 }), 'INVALID_FIELD');
});

test('all wrong values of a row are reported at once', () => {
  const { store, actor } = openTestOrg();
  const outcome = store.writeInsert(
    'Thing__c',
    { ...needed, Amount__c: 1e9, Level__c: 'Odd', Code__c: 'x'.repeat(11) },
    actor,
  );
  assert.ok(!outcome.ok);
  assert.deepEqual(outcome.errors.map((error) => error.statusCode).toSorted(), [
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    'NUMBER_OUTSIDE_VALID_RANGE',
    'STRING_TOO_LONG',
  ]);
});

test('defaults fill what is not given, an explicit null stays empty', () => {
  const { store, actor, insert } = openTestOrg();
  const row = store.read('Thing__c', insert('Thing__c', needed));
  assert.equal(row?.['Level__c'], 'Low');
  assert.equal(row?.['On__c'], true);
  assert.equal(row?.['OwnerId'], actor.userId);
  assert.equal(row?.['Name'], row?.['Id'], 'a record without a name gets its id');
  assert.equal(
    store.read('Thing__c', insert('Thing__c', { ...needed, level__c: null }))?.['Level__c'],
    null,
  );
});

test('every save stamps who and when, in whole seconds', () => {
  const { store, clock, insert } = openTestOrg();
  clock.time += 1999;
  const id = insert('Thing__c', needed);
  const other = insert('User', {
    Username: 'b@example.test',
    LastName: 'B',
    ProfileId: String(store.select({ object: 'Profile' })[0]?.['Id']),
  });
  clock.time += 5000;
  assert.ok(store.writeUpdate('Thing__c', id, { Amount__c: 1 }, { userId: other }).ok);
  const row = store.read('Thing__c', id);
  assert.equal(row?.['CreatedDate'], '2026-11-23T06:00:01.000Z');
  assert.equal(row?.['LastModifiedDate'], '2026-11-23T06:00:06.000Z');
  assert.equal(row?.['SystemModstamp'], '2026-11-23T06:00:06.000Z');
  assert.notEqual(row?.['CreatedById'], other);
  assert.equal(row?.['LastModifiedById'], other);
});

test('Case statuses say what is closed, the first closing is kept', () => {
  const { store, actor, clock, insert } = openTestOrg();
  const id = insert('Case', { Subject: 'x' });
  const read = (): RecordData => store.read('Case', id) ?? {};
  assert.equal(read()['Status'], 'New');
  assert.equal(read()['CaseNumber'], '00000001');
  assert.equal(read()['IsClosed'], false);
  store.writeUpdate('Case', id, { Status: 'Closed' }, actor);
  assert.equal(read()['IsClosed'], true);
  assert.equal(read()['ClosedDate'], '2026-11-23T06:00:00.000Z');
  clock.time += 60_000;
  store.writeUpdate('Case', id, { Subject: 'y' }, actor);
  assert.equal(read()['ClosedDate'], '2026-11-23T06:00:00.000Z');
  store.writeUpdate('Case', id, { Status: 'A word of the customer' }, actor);
  assert.equal(read()['IsClosed'], false);
  assert.equal(read()['ClosedDate'], null);
});

test('a queue may own what it is set up for and nothing else', () => {
  const { store, actor, insert } = openTestOrg();
  const queue = String(store.select({ object: 'Group' })[0]?.['Id']);
  assert.ok(queue.startsWith('00G'));
  assert.ok(store.writeInsert('Case', { OwnerId: queue }, actor).ok);
  assert.equal(
    refusal(store.writeInsert('Thing__c', { ...needed, OwnerId: queue }, actor)).statusCode,
    'INVALID_OPERATION',
  );
  assert.equal(
    refusal(
      store.writeInsert(
        'Asset',
        { Name: 'x', AccountId: insert('Account', { Name: 'A' }), OwnerId: queue },
        actor,
      ),
    ).statusCode,
    'FIELD_INTEGRITY_EXCEPTION',
  );
});

test('an asset needs an account or a contact', () => {
  const { store, actor, insert } = openTestOrg();
  assert.equal(
    refusal(store.writeInsert('Asset', { Name: 'x' }, actor)).statusCode,
    'FIELD_INTEGRITY_EXCEPTION',
  );
  assert.ok(
    store.writeInsert(
      'Asset',
      { Name: 'x', ContactId: insert('Contact', { LastName: 'L' }) },
      actor,
    ).ok,
  );
});
