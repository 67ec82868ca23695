import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { z } from 'zod';

import { openTestApi } from '../rest/testApi.ts';
import type { TestApi } from '../rest/testApi.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
});
after(() => api.close());

const job = z.looseObject({ id: z.string(), state: z.string() });

async function call(method: string, path: string, body?: string | object): Promise<Response> {
  return fetch(`${api.url}/services/data/v66.0/jobs/ingest${path}`, {
    method,
    headers: { authorization: `Bearer ${api.admin}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** Opens a job, sends the CSV, closes it and waits for its end. */
async function load(fields: object, csv: string): Promise<z.infer<typeof job>> {
  const opened = await call('POST', '', fields);
  const text = await opened.text();
  assert.equal(opened.status, 200, text);
  const { id } = job.parse(JSON.parse(text));
  assert.equal((await call('PUT', `/${id}/batches`, csv)).status, 201);
  await call('PATCH', `/${id}`, { state: 'UploadComplete' });
  for (;;) {
    const now = job.parse(await (await call('GET', `/${id}`)).json());
    if (['JobComplete', 'Failed', 'Aborted'].includes(now.state)) return now;
  }
}

const csvOf = async (id: string, name: string): Promise<string> =>
  (await call('GET', `/${id}/${name}`)).text();

test('the lines of a job are saved as by the collections, and each has its result', async () => {
  const csv = 'Needed__c,Key__c\nx,bulk-1\n,bulk-2\n"y, z",bulk-3\n';
  const done = await load({ object: 'Thing__c', operation: 'insert' }, csv);
  assert.equal(done.state, 'JobComplete');
  assert.deepEqual([done['numberRecordsProcessed'], done['numberRecordsFailed']], [3, 1]);
  const good = await csvOf(done.id, 'successfulResults');
  assert.match(
    good,
    /^"sf__Id","sf__Created","Needed__c","Key__c"\n"\w{18}","true","x","bulk-1"\n/,
  );
  assert.match(good, /"y, z","bulk-3"\n$/);
  assert.match(
    await csvOf(done.id, 'failedResults'),
    /\n"","REQUIRED_FIELD_MISSING:[^\n]*:Needed__c --","","bulk-2"\n$/,
  );
  assert.equal(await csvOf(done.id, 'unprocessedrecords'), '"Needed__c","Key__c"\n');
});

test('an upsert finds rows by the external id; an empty cell changes nothing, #N/A empties', async () => {
  const fields = { object: 'Thing__c', operation: 'upsert', externalIdFieldName: 'Key__c' };
  await load(fields, 'Key__c,Needed__c\nup-1,a\n');
  const done = await load(fields, 'Key__c,Needed__c\nup-1,\nup-2,b\n');
  assert.match(await csvOf(done.id, 'successfulResults'), /"false","up-1",""\n.*"true","up-2"/);
  const emptied = await load(fields, 'Key__c,Needed__c\nup-1,#N/A\n');
  assert.match(await csvOf(emptied.id, 'failedResults'), /REQUIRED_FIELD_MISSING|Needed__c/);
});

test('a column that is no field fails the job before anything is saved', async () => {
  const done = await load({ object: 'Thing__c', operation: 'insert' }, 'Needed__c,Nope\nx,1\n');
  assert.equal(done.state, 'Failed');
  assert.equal(done['errorMessage'], 'InvalidBatch : Field name not found : Nope');
  assert.match(await csvOf(done.id, 'unprocessedrecords'), /"x","1"\n$/);
});

test('a value that its field cannot hold fails its own line only', async () => {
  const done = await load(
    { object: 'Thing__c', operation: 'insert' },
    'Needed__c,Amount__c\nx,many\ny,2\n',
  );
  assert.deepEqual([done['numberRecordsProcessed'], done['numberRecordsFailed']], [2, 1]);
});

test('steps out of order are refused', async () => {
  const { id } = job.parse(
    await (await call('POST', '', { object: 'Thing__c', operation: 'insert' })).json(),
  );
  const early = await call('PATCH', `/${id}`, { state: 'UploadComplete' });
  assert.equal(early.status, 400);
  assert.match(await early.text(), /INVALIDJOBSTATE/);
  await call('PUT', `/${id}/batches`, 'Needed__c\nx\n');
  assert.equal((await call('PUT', `/${id}/batches`, 'Needed__c\ny\n')).status, 400);
  assert.equal((await call('PATCH', `/${id}`, { state: 'Aborted' })).status, 200);
  assert.equal((await call('DELETE', `/${id}`)).status, 204);
  assert.equal((await call('GET', `/${id}`)).status, 404);
  const hard = await call('POST', '', { object: 'Thing__c', operation: 'hardDelete' });
  assert.match(await hard.text(), /INVALIDJOB.*hardDelete|INVALIDJOB/s);
});

test('the columns of a query are told in its order, parents nested', async () => {
  const soql = encodeURIComponent('SELECT Id, Parent.Name, Name FROM Account');
  const response = await fetch(`${api.url}/services/data/v66.0/query?q=${soql}&columns=true`, {
    headers: { authorization: `Bearer ${api.admin}` },
  });
  const column = z.object({ columnName: z.string(), joinColumns: z.array(z.looseObject({})) });
  const { columnMetadata } = z
    .object({ columnMetadata: z.array(column) })
    .parse(await response.json());
  assert.deepEqual(
    columnMetadata.map(({ columnName, joinColumns }) => [
      columnName,
      joinColumns.map((inner) => inner['columnName']),
    ]),
    [
      ['Id', []],
      ['Parent', ['Name']],
      ['Name', []],
    ],
  );
});
