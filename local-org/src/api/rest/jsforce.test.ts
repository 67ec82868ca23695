import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import jsforce from 'jsforce';

import { at, openTestApi } from './testApi.ts';
import type { TestApi } from './testApi.ts';

// A client that others wrote for the real API: what it needs, this org must answer.

let api: TestApi;
let connection: InstanceType<typeof jsforce.Connection>;
before(async () => {
  api = await openTestApi();
  connection = new jsforce.Connection({
    instanceUrl: api.url,
    accessToken: api.admin,
    version: '66.0',
  });
});
after(() => api.close());

test('jsforce finds out who it is', async () => {
  const identity = await connection.identity();
  assert.equal(identity.user_id, api.adminId);
  assert.equal(identity.organization_id, api.organizationId);
});

test('jsforce creates, reads, changes, upserts and deletes', async () => {
  const things = connection.sobject('Thing__c');
  const created = await things.create({ Needed__c: 'x', Key__c: 'js' });
  assert.ok(created.success);
  const id = created.id;
  assert.equal((await things.retrieve(id))['Key__c'], 'js');
  assert.ok((await things.update({ Id: id, Needed__c: 'y' })).success);
  const upserted = await things.upsert({ Key__c: 'js', Needed__c: 'z' }, 'Key__c');
  assert.ok(upserted.success);
  assert.equal(api.store.read('Thing__c', id)?.['Needed__c'], 'z');
  assert.ok((await things.destroy(id)).success);
  await assert.rejects(things.create({}), { errorCode: 'REQUIRED_FIELD_MISSING' });
});

test('jsforce saves collections and gets an outcome for each', async () => {
  const outcomes = await connection
    .sobject('Account')
    .create([{ Name: 'one' }, {}, { Name: 'two' }]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.success),
    [true, false, true],
  );
  const failed = outcomes[1];
  assert.ok(failed !== undefined && !failed.success);
  assert.equal(at(failed.errors, 0, 'statusCode'), 'REQUIRED_FIELD_MISSING');
});

test('jsforce pages through a query to its end', async () => {
  api.store.transaction(() => {
    for (let index = 0; index < 2100; index += 1) api.insert('Account', { Name: `page ${index}` });
  });
  const first = await connection.query(`SELECT Id, Name FROM Account WHERE Name LIKE 'page %'`);
  assert.equal(first.records.length, 2000);
  assert.equal(first.done, false);
  const second = await connection.queryMore(first.nextRecordsUrl ?? '');
  assert.equal(second.records.length, 100);
  assert.equal(second.done, true);
  await assert.rejects(async () => connection.query('SELECT Nope FROM Account'), {
    errorCode: 'INVALID_FIELD',
  });
});

test('jsforce describes and reads limits', async () => {
  const described = await connection.describe('Thing__c');
  assert.ok(described.fields.some((field) => field.name === 'Key__c' && field.externalId));
  assert.ok((await connection.describeGlobal()).sobjects.some((object) => object.name === 'Case'));
  assert.ok((await connection.limits())['DailyApiRequests']);
});
