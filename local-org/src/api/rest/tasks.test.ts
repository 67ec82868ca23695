import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { PermissionSetDef } from '../../metadata/schema.ts';
import { at, openTestApi } from './testApi.ts';
import type { TestApi } from './testApi.ts';

// Object Reference, "Task"; sharing: Salesforce help, "Organization-Wide Sharing Defaults".

const rights = { create: true, read: true, edit: true, delete: true };
const worker: PermissionSetDef = {
  name: 'Worker',
  label: 'Worker',
  objects: new Map(
    ['Asset', 'Case', 'Contact'].map((name) => [
      name,
      { ...rights, viewAll: false, modifyAll: false, viewAllFields: true },
    ]),
  ),
  fields: new Map(),
  userPermissions: new Set(['EditTask', 'ActivitiesAccess']),
};

let api: TestApi;
let accountId: string;
let contactId: string;
let assetId: string;
let caseId: string;
before(async () => {
  api = await openTestApi({ sharing: { Case: 'Private', Asset: 'Read' }, clerkSets: [worker] });
  accountId = api.insert('Account', { Name: 'Acme' });
  contactId = api.insert('Contact', { LastName: 'Doe', AccountId: accountId });
  assetId = api.insert('Asset', { Name: 'Pump', AccountId: accountId });
  caseId = api.insert('Case', { Subject: 'Hot' });
});
after(() => api.close());

const create = (body: Record<string, unknown>, token?: string) =>
  api.call('POST', '/sobjects/Task', body, token);
const taskOf = async (body: Record<string, unknown>, token?: string): Promise<string> => {
  const answer = await create(body, token);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return String(at(answer.body, 'id'));
};

test('a task is open, normal and the actor’s unless it says otherwise', async () => {
  const id = await taskOf({ Subject: 'Look' });
  assert.match(id, /^00T/);
  const row = api.store.read('Task', id);
  assert.deepEqual(
    [row?.['Status'], row?.['Priority'], row?.['IsClosed'], row?.['IsHighPriority']],
    ['Not Started', 'Normal', false, false],
  );
  assert.equal(row?.['OwnerId'], api.adminId);
  const refused = await create({ Subject: 'x', Status: null });
  assert.equal(at(refused.body, 0, 'errorCode'), 'REQUIRED_FIELD_MISSING');
});

test('a completed task is closed, since when, and open again when reopened', async () => {
  const id = await taskOf({ Subject: 'Do', Priority: 'High', Status: 'Completed' });
  const closed = api.store.read('Task', id);
  assert.deepEqual([closed?.['IsClosed'], closed?.['IsHighPriority']], [true, true]);
  assert.match(String(closed?.['CompletedDateTime']), /^2026-11-23T/);
  await api.call('PATCH', `/sobjects/Task/${id}`, { Status: 'In Progress' });
  const open = api.store.read('Task', id);
  assert.deepEqual([open?.['IsClosed'], open?.['CompletedDateTime']], [false, null]);
});

test('the account of a task is the account it is related to, else that of its contact', async () => {
  const accountOf = async (body: Record<string, unknown>) =>
    api.store.read('Task', await taskOf({ Subject: 'x', ...body }))?.['AccountId'];
  assert.equal(await accountOf({ WhatId: accountId }), accountId);
  assert.equal(await accountOf({ WhatId: assetId, WhoId: contactId }), accountId);
  assert.equal(await accountOf({ WhatId: assetId }), null);
});

test('a task points to what has activities, and its name is a contact', async () => {
  const thing = api.insert('Thing__c', { Needed__c: 'x' });
  const related = await create({ Subject: 'x', WhatId: thing });
  assert.equal(at(related.body, 0, 'errorCode'), 'FIELD_INTEGRITY_EXCEPTION');
  const named = await create({ Subject: 'x', WhoId: accountId });
  assert.equal(at(named.body, 0, 'errorCode'), 'FIELD_INTEGRITY_EXCEPTION');
});

test('SOQL reaches what a task is related to, and a deleted record takes its tasks along', async () => {
  const doomed = api.insert('Case', { Subject: 'Doomed' });
  const id = await taskOf({ Subject: 'Gone', WhatId: doomed, WhoId: contactId });
  const query = encodeURIComponent(
    `SELECT Who.Name, What.Id FROM Task WHERE WhatId = '${doomed}' AND IsClosed = false`,
  );
  const { body } = await api.call('GET', `/query?q=${query}`);
  assert.equal(at(body, 'records', 0, 'Who', 'Name'), 'Doe');
  await api.call('DELETE', `/sobjects/Case/${doomed}`);
  assert.equal(api.store.read('Task', id), undefined);
});

test('who may read the record reads its tasks, and only the owner changes them', async () => {
  const ofAsset = await taskOf({ Subject: 'seen', WhatId: assetId });
  const ofCase = await taskOf({ Subject: 'hidden', WhatId: caseId });
  const ofContact = await taskOf({ Subject: 'seen', WhoId: contactId });
  const own = await taskOf({ Subject: 'own', WhatId: assetId }, api.clerk);
  const ids = [ofAsset, ofCase, ofContact, own];
  const query = encodeURIComponent(
    `SELECT Subject FROM Task WHERE Id IN (${ids.map((id) => `'${id}'`).join(',')}) ORDER BY Id`,
  );
  const { body } = await api.call('GET', `/query?q=${query}`, undefined, api.clerk);
  const records = at(body, 'records');
  assert.ok(Array.isArray(records));
  assert.deepEqual(
    records.map((record) => at(record, 'Subject')),
    ['seen', 'seen', 'own'],
  );
  const statusOf = async (method: string, id: string) =>
    (
      await api.call(
        method,
        `/sobjects/Task/${id}`,
        method === 'PATCH' ? { Subject: 'y' } : undefined,
        api.clerk,
      )
    ).status;
  assert.equal(await statusOf('GET', ofAsset), 200);
  assert.equal(await statusOf('GET', ofCase), 404);
  assert.equal(await statusOf('PATCH', ofAsset), 403);
  assert.equal(await statusOf('PATCH', own), 204);
});

test('without the user permissions nobody sees or makes tasks', async () => {
  const poor = await openTestApi();
  const { status } = await poor.call('POST', '/sobjects/Task', { Subject: 'x' }, poor.clerk);
  assert.notEqual(status, 201);
  await poor.close();
});
