import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { at, openTestApi } from '../rest/testApi.ts';
import type { TestApi } from '../rest/testApi.ts';

let api: TestApi;
let accountId: string;
let assetId: string;
before(async () => {
  api = await openTestApi();
  accountId = api.insert('Account', { Name: 'Acme' });
  assetId = api.insert('Asset', { Name: 'Pump', AccountId: accountId });
});
after(() => api.close());

const get = (id: string, query: string, token?: string) =>
  api.call('GET', `/ui-api/records/${id}?${query}`, undefined, token);

test('a record shows the named fields with what a page shows of them', async () => {
  const id = api.insert('Thing__c', {
    Needed__c: 'x',
    Amount__c: 1234.5,
    Level__c: 'High',
    At__c: '2026-11-23T18:05:00Z',
    Day__c: '2026-01-09',
  });
  const names = ['Needed__c', 'Amount__c', 'Level__c', 'At__c', 'Day__c', 'On__c', 'Notes__c'];
  const { status, body } = await get(
    id,
    `fields=${names.map((name) => `Thing__c.${name}`).join(',')}`,
  );
  assert.equal(status, 200);
  assert.deepEqual(at(body, 'fields'), {
    Needed__c: { displayValue: null, value: 'x' },
    Amount__c: { displayValue: '1,234.50', value: 1234.5 },
    Level__c: { displayValue: 'High', value: 'High' },
    At__c: { displayValue: '11/23/2026, 6:05 PM', value: '2026-11-23T18:05:00.000Z' },
    Day__c: { displayValue: '1/9/2026', value: '2026-01-09' },
    On__c: { displayValue: null, value: true },
    Notes__c: { displayValue: null, value: null },
  });
  const stamp = at(body, 'systemModstamp');
  assert.deepEqual(
    [at(body, 'apiName'), at(body, 'id'), at(body, 'weakEtag'), at(body, 'recordTypeInfo')],
    ['Thing__c', id, Date.parse(String(stamp)), null],
  );
});

test('parents are records of their own, shown by their names', async () => {
  const { body } = await get(
    assetId,
    'fields=Asset.Account.Name,Asset.Account.Owner.Name,Asset.Parent.Name,asset.accountid',
  );
  assert.equal(at(body, 'fields', 'Account', 'displayValue'), 'Acme');
  assert.equal(at(body, 'fields', 'Account', 'value', 'apiName'), 'Account');
  assert.equal(at(body, 'fields', 'Account', 'value', 'fields', 'Name', 'value'), 'Acme');
  assert.equal(
    at(body, 'fields', 'Account', 'value', 'fields', 'Owner', 'displayValue'),
    'Automated Process',
  );
  assert.deepEqual(at(body, 'fields', 'Parent'), { displayValue: null, value: null });
  assert.equal(at(body, 'fields', 'AccountId', 'value'), accountId);
});

test('a field that is not there or not readable fails in fields and is left out in optionalFields', async () => {
  const id = api.insert('Thing__c', { Needed__c: 'x', Notes__c: 'secret' });
  for (const name of ['Notes__c', 'Nope__c']) {
    const { status, body } = await get(id, `fields=Thing__c.${name}`, api.clerk);
    assert.equal(status, 400);
    assert.equal(at(body, 0, 'errorCode'), 'INVALID_FIELD');
    assert.match(
      String(at(body, 0, 'message')),
      new RegExp(`No such column '${name}' on entity 'Thing__c'`),
    );
  }
  const { body } = await get(
    id,
    'fields=Thing__c.Needed__c&optionalFields=Thing__c.Notes__c,Thing__c.Nope__c',
    api.clerk,
  );
  assert.deepEqual(Object.keys(at(body, 'fields') ?? {}), ['Needed__c']);
});

test('what is asked for in a way that is not implemented is refused by name', async () => {
  for (const [query, message] of [
    ['fields=Name', /Expected '\.' in all qualified names: Name is invalid/],
    ['fields=Case.Subject', /Case\.Subject is not a field of Asset/],
    ['layoutTypes=Full', /layoutTypes is not implemented/],
    ['', /Name the fields/],
  ] as const) {
    const { status, body } = await get(assetId, query);
    assert.equal(status, 400, query);
    assert.equal(at(body, 0, 'errorCode'), 'ILLEGAL_QUERY_PARAMETER_VALUE');
    assert.match(String(at(body, 0, 'message')), message);
  }
});

test('a record that is not there is not found; one out of sight is refused', async () => {
  const gone = await get('02iLo0000000099AAA', 'fields=Asset.Name');
  assert.equal(gone.status, 404);
  assert.equal((await get('nonsense', 'fields=Asset.Name')).status, 404);
  const secret = api.insert('Secret__c', { Name: 's' });
  for (const [method, body] of [
    ['GET', undefined],
    ['PATCH', { fields: { Name: 'x' } }],
    ['DELETE', undefined],
  ] as const) {
    const path = `/ui-api/records/${secret}${method === 'GET' ? '?fields=Secret__c.Name' : ''}`;
    const answer = await api.call(method, path, body, api.clerk);
    assert.equal(answer.status, 403, method);
    assert.equal(at(answer.body, 0, 'errorCode'), 'INSUFFICIENT_ACCESS');
  }
  // The clerk may not read Assets at all.
  assert.equal((await get(assetId, 'fields=Asset.Name', api.clerk)).status, 403);
  const org = await get(api.organizationId, 'fields=Organization.Name');
  assert.match(
    String(at(org.body, 0, 'message')),
    /Object Organization is not supported in UI API/,
  );
});

test('creating, changing and deleting a record answer with the record as it is then', async () => {
  const created = await api.call(
    'POST',
    '/ui-api/records',
    { apiName: 'Thing__c', fields: { Needed__c: 'x', Amount__c: 1 } },
    api.clerk,
  );
  assert.equal(created.status, 201);
  const id = String(at(created.body, 'id'));
  assert.equal(at(created.body, 'fields', 'Level__c', 'value'), 'Low', 'the default');
  assert.equal(at(created.body, 'fields', 'Notes__c'), undefined, 'not readable');

  const path = `/ui-api/records/${id}`;
  const changed = await api.call('PATCH', path, { fields: { Amount__c: 2 } }, api.clerk);
  assert.equal(changed.status, 200);
  assert.equal(at(changed.body, 'fields', 'Amount__c', 'displayValue'), '2.00');
  assert.equal(at(changed.body, 'lastModifiedById'), api.clerkId);

  const refused = await api.call('DELETE', path, undefined, api.clerk);
  assert.equal(refused.status, 403);
  assert.equal((await api.call('DELETE', path)).status, 204);
  assert.equal((await get(id, 'fields=Thing__c.Name')).status, 404);
});

test('a refused save tells field errors apart from errors of the record', async () => {
  const save = (fields: unknown, token?: string) =>
    api.call('POST', '/ui-api/records', { apiName: 'Thing__c', fields }, token);
  const missing = await save({});
  assert.equal(missing.status, 400);
  assert.deepEqual(at(missing.body, 'enhancedErrorType'), 'RecordError');
  assert.deepEqual(at(missing.body, 'output', 'errors'), []);
  assert.deepEqual(at(missing.body, 'output', 'fieldErrors', 'Needed__c', 0), {
    constituentField: null,
    duplicateRecordError: null,
    errorCode: 'REQUIRED_FIELD_MISSING',
    field: 'Needed__c',
    fieldLabel: 'Needed',
    message: 'Required fields are missing: [Needed__c]',
  });
  assert.equal((await save({ Needed__c: 'x', Key__c: 'twice' })).status, 201);
  const twice = await save({ Needed__c: 'x', Key__c: 'twice' });
  assert.equal(at(twice.body, 'output', 'errors', 0, 'errorCode'), 'DUPLICATE_VALUE');
  assert.deepEqual(at(twice.body, 'output', 'fieldErrors'), {});

  const forbidden = await save({ Needed__c: 'x', Level__c: 'High' }, api.clerk);
  assert.equal(
    at(forbidden.body, 'output', 'fieldErrors', 'Level__c', 0, 'errorCode'),
    'INVALID_FIELD_FOR_INSERT_UPDATE',
  );
});

test('input that is not understood is refused, not ignored', async () => {
  for (const body of [
    [],
    {},
    { apiName: 'Thing__c' },
    { apiName: 'Thing__c', fields: {}, clientOptions: {} },
    { apiName: 1, fields: {} },
  ]) {
    const { status } = await api.call('POST', '/ui-api/records', body);
    assert.equal(status, 400, JSON.stringify(body));
  }
  const event = await api.call('POST', '/ui-api/records', { apiName: 'News__e', fields: {} });
  assert.equal(at(event.body, 0, 'errorCode'), 'INVALID_TYPE');
  const wrong = await api.call('PATCH', `/ui-api/records/${assetId}`, {
    apiName: 'Case',
    fields: {},
  });
  assert.match(String(at(wrong.body, 0, 'message')), /of type Asset, not Case/);
});

test('object info says what this user may do with which fields', async () => {
  const { status, body } = await api.call(
    'GET',
    '/ui-api/object-info/thing__c',
    undefined,
    api.clerk,
  );
  assert.equal(status, 200);
  const field = (name: string, ...path: string[]) => at(body, 'fields', name, ...path);
  assert.deepEqual(
    [at(body, 'apiName'), at(body, 'createable'), at(body, 'deletable'), at(body, 'nameFields')],
    ['Thing__c', true, false, ['Name']],
  );
  assert.equal(field('Notes__c'), undefined);
  assert.deepEqual(
    [field('Amount__c', 'dataType'), field('Amount__c', 'scale'), field('Amount__c', 'updateable')],
    ['Double', 2, true],
  );
  assert.equal(field('Level__c', 'updateable'), false);
  assert.deepEqual(field('OwnerId', 'referenceToInfos'), [
    { apiName: 'User', nameFields: ['FirstName', 'LastName', 'Name'] },
    { apiName: 'Group', nameFields: ['Name'] },
  ]);
  const hidden = await api.call('GET', '/ui-api/object-info/Asset', undefined, api.clerk);
  assert.equal(hidden.status, 403);
  const unknown = await api.call('GET', '/ui-api/object-info/Nope__c');
  assert.match(String(at(unknown.body, 0, 'message')), /Object Nope__c is not supported in UI API/);
});
