import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import jsforce from 'jsforce';
import { z } from 'zod';

import { signAssertion, startStrangersOrg } from './strangersOrg.ts';
import type { StrangersOrg } from './strangersOrg.ts';

const line = z.object({ Device_Key__c: z.string(), sf__Created: z.string() });

let org: StrangersOrg;
let connection: InstanceType<typeof jsforce.Connection>;
before(async () => {
  org = await startStrangersOrg();
  connection = new jsforce.Connection({ loginUrl: org.state.instanceUrl, version: '66.0' });
  await connection.authorize({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: signAssertion(org),
  });
});
after(() => org[Symbol.asyncDispose]());

test('jsforce logs in with a signed assertion and knows who it is', async () => {
  assert.equal(connection.instanceUrl, org.state.instanceUrl);
  assert.equal(connection.userInfo?.organizationId, org.state.organizationId);
  const identity = await connection.identity();
  assert.equal(identity.username, org.login.username);
});

test('jsforce is told by name that a password is no way in', async () => {
  const other = new jsforce.Connection({ loginUrl: org.state.instanceUrl, version: '64.0' });
  await assert.rejects(
    other.login(org.login.username, 'password and token'),
    /SOAP API login\(\) is disabled by default in this org/,
  );
});

test('jsforce creates records by the thousand and pages through them', async () => {
  const accounts = connection.sobject('Account');
  const many = Array.from({ length: 2100 }, (_, index) => ({ Name: `page ${index}` }));
  const outcomes = await accounts.create(many, { allowRecursive: true });
  assert.ok(outcomes.every(({ success }) => success));
  const first = await connection.query(`SELECT Id, Name FROM Account WHERE Name LIKE 'page %'`);
  assert.deepEqual(
    [first.totalSize, first.records.length, first.done],
    [2100, 2000, false],
    'one page, and there is more',
  );
  const all = await connection.query(`SELECT Id FROM Account WHERE Name LIKE 'page %'`, {
    autoFetch: true,
    maxFetch: 5000,
  });
  assert.equal(new Set(all.records.map(({ Id }) => Id)).size, 2100);
});

test('jsforce creates, updates and upserts by external id', async () => {
  const devices = connection.sobject('Signal_Device__c');
  const created = await devices.create({ Name: 'js', Device_Key__c: 'js-1' });
  assert.ok(created.success);
  assert.ok((await devices.update({ Id: created.id, Name: 'renamed' })).success);
  const again = await devices.upsert(
    { Device_Key__c: 'js-1', Device_Type__c: 'pump' },
    'Device_Key__c',
  );
  assert.ok(again.success && again.id === created.id);
  const fresh = await devices.upsert({ Device_Key__c: 'js-2', Name: 'js 2' }, 'Device_Key__c');
  assert.ok(fresh.success && fresh.id !== created.id);
  const [one] = await devices.find({ Device_Key__c: 'js-1' }, ['Name', 'Device_Type__c']);
  assert.deepEqual([one?.['Name'], one?.['Device_Type__c']], ['renamed', 'pump']);
});

test('jsforce saves 200 at once, and learns which of them failed and why', async () => {
  const taken = Array.from({ length: 20 }, (_, ten) => ({
    Name: 'it has the key',
    Device_Key__c: `taken-${ten * 10 + 9}`,
  }));
  const first = await connection.sobject('Signal_Device__c').create(taken);
  assert.ok(first.every(({ success }) => success));
  const records = Array.from({ length: 200 }, (_, index) => ({
    Name: `batch ${index}`,
    // Every tenth has the key of a record that is there: what two of one save do is not settled.
    Device_Key__c: `${index % 10 === 9 ? 'taken' : 'batch'}-${index}`,
  }));
  const outcomes = await connection.sobject('Signal_Device__c').create(records);
  const failed = outcomes.flatMap((outcome, index) => (outcome.success ? [] : [index]));
  assert.deepEqual(
    failed,
    Array.from({ length: 20 }, (_, ten) => ten * 10 + 9),
  );
  const last = outcomes[199];
  assert.ok(last !== undefined && !last.success);
  assert.match(JSON.stringify(last.errors), /DUPLICATE_VALUE/);
  const kept = await connection.sobject('Signal_Device__c').count({ Name: { $like: 'batch %' } });
  assert.equal(kept, 180);
  await assert.rejects(
    connection.sobject('Signal_Device__c').create([...records, { Name: 'one too many' }]),
    /EXCEEDED_MAX|allowRecursive|200/i,
  );
});

test('jsforce describes the package and reads the limits', async () => {
  const described = await connection.describe('Asset_Signal__c');
  const key = described.fields.find(({ name }) => name === 'Event_Key__c');
  assert.ok(key?.externalId === true && key.unique);
  const { sobjects } = await connection.describeGlobal();
  assert.ok(sobjects.some(({ name }) => name === 'Asset_Signal__e'));
  assert.ok((await connection.limits())['DailyApiRequests']);
});

test('jsforce loads records through Bulk API 2.0 and learns what became of each', async () => {
  const input = [
    { Name: 'bulk one', Device_Key__c: 'js-bulk-1' },
    { Name: 'no key', Device_Key__c: '' },
    { Name: 'bulk two', Device_Key__c: 'js-bulk-2' },
  ];
  const job = { object: 'Signal_Device__c', operation: 'insert', input } as const;
  const { successfulResults, failedResults, unprocessedRecords } =
    await connection.bulk2.loadAndWaitForResults({ ...job, pollInterval: 50 });
  assert.deepEqual(
    z
      .array(line)
      .parse(successfulResults)
      .map((row) => [row.Device_Key__c, row.sf__Created]),
    [
      ['js-bulk-1', 'true'],
      ['js-bulk-2', 'true'],
    ],
  );
  assert.match(failedResults[0]?.sf__Error ?? '', /^REQUIRED_FIELD_MISSING:/);
  assert.deepEqual(unprocessedRecords, []);
  const found = connection.sobject('Signal_Device__c').find({ Name: { $like: 'bulk t%' } }, ['Id']);
  const removed = await connection.bulk2.loadAndWaitForResults({
    object: 'Signal_Device__c',
    operation: 'delete',
    input: (await found).map(({ Id }) => ({ Id: String(Id) })),
    pollInterval: 50,
  });
  assert.equal(removed.successfulResults.length, 1);
});

test('what this org does not have, jsforce is told by name', async () => {
  await assert.rejects(connection.search('FIND {x} IN ALL FIELDS'), { errorCode: 'NOT_FOUND' });
  await assert.rejects(connection.bulk2.query('SELECT Id FROM Account'), /NOT_FOUND|not exist/);
  await assert.rejects(
    Promise.resolve(connection.soap.convertLead({ leadId: 'x', convertedStatus: 'y' })),
    /convertLead of the SOAP API \(partner\) is not implemented by the local org/,
  );
});
