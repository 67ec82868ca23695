import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { PermissionSetDef } from '../../metadata/schema.ts';
import { joinQueues } from '../../store/members.ts';
import { at, openTestApi } from './testApi.ts';
import type { Answer, TestApi } from './testApi.ts';

// The organization-wide defaults that the setup file sets for standard objects, seen by a user who
// may do nearly everything with the objects, through every API.

const rights = { create: true, read: true, edit: true, delete: true };
const worker: PermissionSetDef = {
  name: 'Worker',
  label: 'Worker',
  objects: new Map(
    ['Asset', 'Case', 'Account', 'Thing__c'].map((name) => [
      name,
      { ...rights, viewAll: false, modifyAll: false, viewAllFields: true },
    ]),
  ),
  fields: new Map(
    ['Thing__c.Asset__c', 'Case.AssetId', 'Case.Subject', 'Asset.AccountId'].map((name) => [
      name,
      { read: true, edit: true },
    ]),
  ),
  userPermissions: new Set(),
};

let api: TestApi;
let theirs: string;
let mine: string;
let linked: string;
before(async () => {
  api = await openTestApi({
    sharing: { Asset: 'Private', Case: 'Private', Account: 'Read' },
    clerkSets: [worker],
  });
  const AccountId = api.insert('Account', { Name: 'Acme' });
  theirs = api.insert('Asset', { Name: 'Theirs', AccountId });
  mine = api.insert('Asset', { Name: 'Mine', AccountId, OwnerId: api.clerkId });
  linked = api.insert('Thing__c', { Needed__c: 'linked', Asset__c: theirs });
});
after(() => api.close());

const clerk = (method: string, path: string, body?: unknown): Promise<Answer> =>
  api.call(method, path, body, api.clerk);
const soql = async (text: string): Promise<unknown> =>
  (await clerk('GET', `/query?q=${encodeURIComponent(text)}`)).body;

test('a private record of another is not found, changed, deleted or counted', async () => {
  assert.equal((await clerk('GET', `/sobjects/Asset/${theirs}`)).status, 404);
  assert.equal((await clerk('PATCH', `/sobjects/Asset/${theirs}`, { Name: 'x' })).status, 404);
  assert.equal((await clerk('DELETE', `/sobjects/Asset/${theirs}`)).status, 404);
  assert.equal((await clerk('GET', `/sobjects/Asset/${mine}`)).status, 200);
  assert.equal(at(await soql('SELECT count() FROM Asset'), 'totalSize'), 1);
  const ui = await clerk('GET', `/ui-api/records/${theirs}?fields=Asset.Name`);
  assert.equal(ui.status, 403);
  assert.equal(at(ui.body, 0, 'errorCode'), 'INSUFFICIENT_ACCESS');
});

test('Public Read Only lets others read and not change', async () => {
  const id = at(await soql('SELECT Id FROM Account'), 'records', 0, 'Id');
  const changed = await clerk('PATCH', `/sobjects/Account/${String(id)}`, { Name: 'x' });
  assert.equal(changed.status, 403);
  assert.equal(at(changed.body, 0, 'errorCode'), 'INSUFFICIENT_ACCESS_OR_READONLY');
});

test('the fields of a private parent are empty, in results, filters and orders', async () => {
  const row = at(
    await soql(`SELECT Asset__c, Asset__r.Name FROM Thing__c WHERE Id = '${linked}'`),
    'records',
    0,
  );
  assert.deepEqual([at(row, 'Asset__c'), at(row, 'Asset__r')], [theirs, null]);
  const found = "SELECT count() FROM Thing__c WHERE Asset__r.Name = 'Theirs'";
  assert.equal(at(await soql(found), 'totalSize'), 0);
  const all = await api.call('GET', `/query?q=${encodeURIComponent(found)}`);
  assert.equal(at(all.body, 'totalSize'), 1, 'the administrator');
  const groups = await soql('SELECT Asset__r.Name, count(Id) FROM Thing__c GROUP BY Asset__r.Name');
  assert.equal(at(groups, 'records', 0, 'Name'), null);

  await clerk('POST', '/sobjects/Thing__c', { Needed__c: 'own', Asset__c: mine });
  const ordered = await soql(
    'SELECT Needed__c FROM Thing__c ORDER BY Asset__r.Name DESC NULLS LAST',
  );
  assert.deepEqual(
    [at(ordered, 'records', 0, 'Needed__c'), at(ordered, 'records', 1, 'Needed__c')],
    ['own', 'linked'],
  );

  const ui = await clerk('GET', `/ui-api/records/${linked}?fields=Thing__c.Asset__r.Name`);
  assert.deepEqual(at(ui.body, 'fields', 'Asset__r'), { displayValue: null, value: null });
  const query = `{ uiapi { query {
    Thing__c(where: { Needed__c: { eq: "linked" } }) { edges { node { Asset__r { Name { value } } } } }
    byName: Thing__c(where: { Asset__r: { Name: { eq: "Theirs" } } }) { totalCount }
    Asset { totalCount }
  } } }`;
  const graphql = at((await clerk('POST', '/graphql', { query })).body, 'data', 'uiapi', 'query');
  assert.equal(at(graphql, 'Thing__c', 'edges', 0, 'node', 'Asset__r'), null);
  assert.equal(at(graphql, 'byName', 'totalCount'), 0);
  assert.equal(at(graphql, 'Asset', 'totalCount'), 1);
});

test('a lookup to a record that the user may not read cannot be set by any API', async () => {
  const code = 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY';
  const record = { Needed__c: 'x', Asset__c: theirs };
  const attributes = { type: 'Thing__c' };
  const created = await clerk('POST', '/sobjects/Thing__c', record);
  assert.equal(created.status, 400);
  assert.equal(at(created.body, 0, 'errorCode'), code);
  assert.match(String(at(created.body, 0, 'message')), new RegExp(`: ${theirs.slice(0, 15)}$`));
  const changed = await clerk('PATCH', `/sobjects/Thing__c/${linked}`, { Asset__c: theirs });
  assert.equal(at(changed.body, 0, 'errorCode'), code);
  const many = await clerk('POST', '/composite/sobjects', {
    records: [
      { attributes, ...record },
      { attributes, Needed__c: 'y', Asset__c: mine },
    ],
  });
  assert.equal(at(many.body, 0, 'errors', 0, 'statusCode'), code);
  assert.equal(at(many.body, 1, 'success'), true);
  const ui = await clerk('POST', '/ui-api/records', { apiName: 'Thing__c', fields: record });
  assert.equal(at(ui.body, 'output', 'errors', 0, 'errorCode'), code);
  assert.equal((await api.call('POST', '/sobjects/Thing__c', record)).status, 201);
  assert.equal(
    (await clerk('PATCH', `/sobjects/Thing__c/${linked}`, { Asset__c: null })).status,
    204,
  );
});

test('a private Case of a queue is out of sight, and its comments with it', async () => {
  const queue = api.store.select({ object: 'Group' })[0]?.['Id'];
  assert.ok(typeof queue === 'string');
  const queued = api.insert('Case', { Subject: 'queued', OwnerId: queue });
  const own = api.insert('Case', { Subject: 'own', OwnerId: api.clerkId });
  for (const ParentId of [queued, own]) api.insert('CaseComment', { ParentId, CommentBody: 'c' });
  const cases = await soql('SELECT Subject FROM Case');
  assert.deepEqual(at(cases, 'totalSize'), 1);
  const comments = await soql('SELECT Id, ParentId FROM CaseComment');
  assert.deepEqual([at(comments, 'totalSize'), at(comments, 'records', 0, 'ParentId')], [1, own]);
  const [hidden] = api.store.select({
    object: 'CaseComment',
    where: { kind: 'compare', field: 'ParentId', op: '=', value: queued },
  });
  assert.equal((await clerk('GET', `/sobjects/CaseComment/${String(hidden?.['Id'])}`)).status, 404);
  const comment = (ParentId: string): Promise<Answer> =>
    clerk('POST', '/sobjects/CaseComment', { ParentId, CommentBody: 'new' });
  assert.equal((await comment(own)).status, 201);
  assert.equal((await comment(queued)).status, 400);
});

test('what a queue owns belongs to its members', async () => {
  const queue = api.store.select({ object: 'Group' })[0]?.['Id'];
  assert.ok(typeof queue === 'string');
  const queued = api.insert('Case', { Subject: 'for members', OwnerId: queue });
  const count = `SELECT COUNT() FROM Case WHERE Id = '${queued}'`;
  const statusOf = async (): Promise<number> =>
    (await clerk('PATCH', `/sobjects/Case/${queued}`, { Subject: 'mine' })).status;
  assert.equal(at(await soql(count), 'totalSize'), 0);
  assert.equal(await statusOf(), 404);
  joinQueues(api.store, api.clerkId, ['Triage'], api.actor);
  assert.equal(at(await soql(count), 'totalSize'), 1);
  assert.equal(await statusOf(), 204);
  joinQueues(api.store, api.clerkId, [], api.actor);
  assert.equal(at(await soql(count), 'totalSize'), 0);
});
