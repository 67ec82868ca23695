import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { historyMetadata } from '../../store/testHistory.ts';
import { at, openTestApi } from './testApi.ts';
import type { TestApi } from './testApi.ts';

let api: TestApi;
let id: string;
before(async () => {
  api = await openTestApi({ metadata: historyMetadata });
  id = api.insert('Thing__c', { Needed__c: 'x', Amount__c: 1, Name: 'One' });
  await api.call('PATCH', `/sobjects/Thing__c/${id}`, { Amount__c: 2, Notes__c: 'n' });
});
after(() => api.close());

const query = (soql: string, token?: string) =>
  api.call('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, token);
const ALL = 'SELECT Field, OldValue, NewValue, CreatedById, Parent.Name FROM Thing__History';

test('SOQL reads who changed what, with the record', async () => {
  const { body } = await query(`${ALL} WHERE ParentId = '${id}' AND Field = 'Amount__c'`);
  assert.equal(at(body, 'totalSize'), 1);
  const row = at(body, 'records', 0);
  assert.deepEqual(
    [at(row, 'OldValue'), at(row, 'NewValue'), at(row, 'CreatedById'), at(row, 'Parent', 'Name')],
    ['1', '2', api.adminId, 'One'],
  );
});

test('who may not read a field does not see its changes', async () => {
  const fields = async (token: string): Promise<unknown[]> => {
    const { body } = await query(ALL, token);
    return [0, 1, 2].map((index) => at(body, 'records', index, 'Field'));
  };
  assert.deepEqual(await fields(api.admin), ['created', 'Amount__c', 'Notes__c']);
  assert.deepEqual(await fields(api.clerk), ['created', 'Amount__c', undefined]);
  const { body } = await query("SELECT Id FROM Thing__History WHERE Field = 'Notes__c'");
  const hidden = String(at(body, 'records', 0, 'Id'));
  const path = `/sobjects/Thing__History/${hidden}`;
  assert.equal((await api.call('GET', path)).status, 200);
  assert.ok((await api.call('GET', path, undefined, api.clerk)).status >= 403);
});

test('values cannot be filtered by, and nobody writes history', async () => {
  const filtered = await query(`${ALL} WHERE NewValue = '2'`);
  assert.equal(at(filtered.body, 0, 'errorCode'), 'INVALID_FIELD');
  const written = await api.call('POST', '/sobjects/Thing__History', { ParentId: id, Field: 'x' });
  assert.equal(written.status, 400);
  assert.equal(at((await query('SELECT COUNT() FROM Thing__History')).body, 'totalSize'), 3);
});

test('the UI API and GraphQL do not know history', async () => {
  const info = await api.call('GET', '/ui-api/object-info/Thing__History');
  assert.equal(info.status, 400);
  const { body } = await api.call('POST', '/graphql', {
    query: 'query { uiapi { query { Thing__History { edges { node { Id } } } } } }',
  });
  assert.match(String(at(body, 'errors', 0, 'message')), /Thing__History/);
});
