import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { at, openTestApi } from './testApi.ts';
import type { TestApi } from './testApi.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
});
after(() => api.close());

const thing = (values: Record<string, unknown>): Record<string, unknown> => ({
  attributes: { type: 'Thing__c' },
  ...values,
});
const account = (Name: string): Record<string, unknown> => ({
  attributes: { type: 'Account' },
  Name,
});
const count = (object: string, name: string): number =>
  api.store.count({ object, where: { kind: 'compare', field: 'Name', op: 'like', value: name } });

test('a collection saves the good records and reports the bad, in order', async () => {
  const records = [account('good 1'), thing({ Name: 'bad' }), account('good 2')];
  const { status, body } = await api.call('POST', '/composite/sobjects', { records });
  assert.equal(status, 200);
  assert.deepEqual(
    [0, 1, 2].map((index) => at(body, index, 'success')),
    [true, false, true],
  );
  assert.equal(at(body, 1, 'errors', 0, 'statusCode'), 'REQUIRED_FIELD_MISSING');
  assert.equal(count('Account', 'good %'), 2);
});

test('with allOrNone one bad record keeps all from being saved, wherever it is found', async () => {
  for (const bad of [
    thing({ Name: 'refused by the save' }),
    thing({ Nope__c: 'refused before' }),
  ]) {
    const records = [account('none 1'), bad, account('none 2')];
    const { body } = await api.call('POST', '/composite/sobjects', { records, allOrNone: true });
    assert.equal(at(body, 0, 'errors', 0, 'statusCode'), 'ALL_OR_NONE_OPERATION_ROLLED_BACK');
    assert.notEqual(at(body, 1, 'errors', 0, 'statusCode'), 'ALL_OR_NONE_OPERATION_ROLLED_BACK');
    assert.equal(count('Account', 'none %'), 0);
  }
});

test('collections update, upsert, read and delete', async () => {
  const first = api.insert('Thing__c', { Needed__c: 'x', Key__c: 'u1' });
  const updated = await api.call('PATCH', '/composite/sobjects', {
    records: [thing({ id: first, Needed__c: 'y' }), thing({ Needed__c: 'z' })],
  });
  assert.deepEqual(at(updated.body, 0), { id: first, success: true, errors: [] });
  assert.equal(at(updated.body, 1, 'errors', 0, 'statusCode'), 'MISSING_ARGUMENT');

  const upserted = await api.call('PATCH', '/composite/sobjects/Thing__c/Key__c', {
    records: [thing({ Key__c: 'u1', Needed__c: '1' }), thing({ Key__c: 'u2', Needed__c: '2' })],
  });
  assert.deepEqual(
    [at(upserted.body, 0, 'created'), at(upserted.body, 1, 'created')],
    [false, true],
  );
  assert.equal(at(upserted.body, 0, 'id'), first);
  const twice = await api.call('PATCH', '/composite/sobjects/Thing__c/Key__c', {
    records: [thing({ Key__c: 'u3', Needed__c: '1' }), thing({ Key__c: 'u3', Needed__c: '2' })],
  });
  assert.deepEqual(
    [0, 1].map((index) => at(twice.body, index, 'errors', 0, 'statusCode')),
    ['DUPLICATE_VALUE', 'DUPLICATE_VALUE'],
  );
  const shared = { Needed__c: 'x', Group_Key__c: 'shared' };
  const ids = [api.insert('Thing__c', shared), api.insert('Thing__c', shared)];
  const unclear = await api.call('PATCH', '/composite/sobjects/Thing__c/Group_Key__c', {
    records: [thing(shared)],
  });
  assert.deepEqual(at(unclear.body, 0, 'errors', 0), {
    statusCode: 'DUPLICATE_EXTERNAL_ID',
    message: `Group Key: more than one record found for external id field: [${ids
      .map((id) => id.slice(0, 15))
      .join(', ')}]`,
    fields: ['Group_Key__c'],
  });

  const second = String(at(upserted.body, 1, 'id'));
  const read = await api.call(
    'GET',
    `/composite/sobjects/Thing__c?ids=${second},001Lo0000000999AAA,${first}&fields=Key__c`,
  );
  assert.deepEqual(
    [at(read.body, 0, 'Key__c'), at(read.body, 1), at(read.body, 2, 'Key__c')],
    ['u2', null, 'u1'],
  );
  const deleted = await api.call(
    'DELETE',
    `/composite/sobjects?ids=${first},${second}&allOrNone=true`,
  );
  assert.deepEqual(at(deleted.body, 1), { id: second, success: true, errors: [] });
  const wrong = `${second.slice(0, 15)}zzz`;
  const partly = await api.call('DELETE', `/composite/sobjects?ids=${wrong},${String(ids[0])}`);
  assert.deepEqual(at(partly.body, 0), {
    success: false,
    errors: [{ statusCode: 'MALFORMED_ID', message: `malformed id ${wrong}`, fields: [] }],
  });
  assert.equal(at(partly.body, 1, 'success'), true);
  assert.equal(api.store.read('Thing__c', first), undefined);
});

test('a collection takes 200 records and no more', async () => {
  const records = Array.from({ length: 201 }, () => account('many'));
  const { status, body } = await api.call('POST', '/composite/sobjects', { records });
  assert.deepEqual([status, at(body, 0, 'errorCode')], [400, 'EXCEEDED_ID_LIMIT']);
  assert.equal(
    (await api.call('POST', '/composite/sobjects', { records: records.slice(1) })).status,
    200,
  );
  assert.equal(count('Account', 'many'), 200);
});

test('rights are judged record by record', async () => {
  const { body } = await api.call(
    'POST',
    '/composite/sobjects',
    { records: [account('not allowed'), thing({ Needed__c: 'allowed' })] },
    api.clerk,
  );
  assert.equal(at(body, 0, 'errors', 0, 'statusCode'), 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY');
  assert.equal(at(body, 1, 'success'), true);
});

const base = '/services/data/v66.0';

test('later subrequests use what earlier ones answered', async () => {
  const { body } = await api.call('POST', '/composite', {
    compositeRequest: [
      {
        method: 'POST',
        url: `${base}/sobjects/Account`,
        referenceId: 'acc',
        body: { Name: 'Composite' },
      },
      {
        method: 'POST',
        url: `${base}/sobjects/Asset`,
        referenceId: 'asset',
        body: { Name: 'For @{acc.id}', AccountId: '@{acc.id}' },
      },
      {
        method: 'GET',
        url: `${base}/query?q=SELECT+Id,Name+FROM+Asset+WHERE+AccountId='@{acc.id}'`,
        referenceId: 'found',
      },
      {
        method: 'PATCH',
        url: `${base}/sobjects/Asset/@{found.records[0].Id}`,
        referenceId: 'change',
        body: { SerialNumber: '7' },
      },
    ],
  });
  const status = (index: number): unknown => at(body, 'compositeResponse', index, 'httpStatusCode');
  assert.deepEqual([0, 1, 2, 3].map(status), [201, 201, 200, 204]);
  const accountId = String(at(body, 'compositeResponse', 0, 'body', 'id'));
  assert.equal(
    at(body, 'compositeResponse', 0, 'httpHeaders', 'Location'),
    `${base}/sobjects/Account/${accountId}`,
  );
  assert.equal(at(body, 'compositeResponse', 2, 'body', 'records', 0, 'Name'), `For ${accountId}`);
  const assetId = String(at(body, 'compositeResponse', 1, 'body', 'id'));
  assert.equal(api.store.read('Asset', assetId)?.['SerialNumber'], '7');
});

test('a subrequest that names a failed one is halted, the rest goes on', async () => {
  const { body } = await api.call('POST', '/composite', {
    compositeRequest: [
      { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'bad', body: {} },
      { method: 'GET', url: `${base}/sobjects/Account/@{bad.id}`, referenceId: 'dependent' },
      {
        method: 'POST',
        url: `${base}/sobjects/Account`,
        referenceId: 'good',
        body: { Name: 'goes on' },
      },
    ],
  });
  const codes = [0, 1].map((index) => at(body, 'compositeResponse', index, 'body', 0, 'errorCode'));
  assert.deepEqual(codes, ['REQUIRED_FIELD_MISSING', 'PROCESSING_HALTED']);
  assert.equal(count('Account', 'goes on'), 1);
});

test('with allOrNone a failed subrequest undoes those before and halts those after', async () => {
  const { body } = await api.call('POST', '/composite', {
    allOrNone: true,
    compositeRequest: [
      {
        method: 'POST',
        url: `${base}/sobjects/Account`,
        referenceId: 'a',
        body: { Name: 'undone' },
      },
      { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'b', body: {} },
      {
        method: 'POST',
        url: `${base}/sobjects/Account`,
        referenceId: 'c',
        body: { Name: 'undone' },
      },
    ],
  });
  const codes = [0, 1, 2].map((index) =>
    at(body, 'compositeResponse', index, 'body', 0, 'errorCode'),
  );
  assert.deepEqual(codes, ['PROCESSING_HALTED', 'REQUIRED_FIELD_MISSING', 'PROCESSING_HALTED']);
  assert.equal(count('Account', 'undone'), 0);
});

test('composite requests that are not well formed are refused as a whole', async () => {
  const twice = { method: 'GET', url: `${base}/limits`, referenceId: 'x' };
  const status = async (body: unknown): Promise<number> =>
    (await api.call('POST', '/composite', body)).status;
  assert.equal(await status({ compositeRequest: [twice, twice] }), 400);
  assert.equal(await status({ compositeRequest: [] }), 400);
  assert.equal(await status({}), 400);
  const many = Array.from({ length: 26 }, (_, index) => ({ ...twice, referenceId: `r${index}` }));
  assert.equal(await status({ compositeRequest: many }), 400);
  const queries = many.slice(0, 6).map((one) => ({ ...one, url: `${base}/query?q=x` }));
  assert.equal(await status({ compositeRequest: queries }), 400, 'at most five queries');
  assert.equal(await status({ compositeRequest: queries.slice(1) }), 200);
  const nested = await api.call('POST', '/composite', {
    compositeRequest: [{ method: 'POST', url: `${base}/composite`, referenceId: 'x', body: {} }],
  });
  assert.equal(at(nested.body, 'compositeResponse', 0, 'httpStatusCode'), 404);
});

test('a batch answers each request for itself and stops if told to', async () => {
  const batchRequests = [
    { method: 'GET', url: 'v66.0/sobjects/Account/001Lo0000000999AAA' },
    { method: 'POST', url: 'v66.0/sobjects/Account', richInput: { Name: 'batched' } },
  ];
  const free = await api.call('POST', '/composite/batch', { batchRequests });
  assert.equal(at(free.body, 'hasErrors'), true);
  assert.deepEqual(
    [0, 1].map((index) => at(free.body, 'results', index, 'statusCode')),
    [404, 201],
  );
  const halting = await api.call('POST', '/composite/batch', { batchRequests, haltOnError: true });
  assert.deepEqual(
    [0, 1].map((index) => at(halting.body, 'results', index, 'statusCode')),
    [404, 412],
  );
  assert.equal(count('Account', 'batched'), 1);
});

test('a tree creates all or none', async () => {
  const record = (referenceId: string, Name?: string) => ({
    attributes: { type: 'Account', referenceId },
    ...(Name === undefined ? {} : { Name }),
  });
  const good = await api.call('POST', '/composite/tree/Account', {
    records: [record('r1', 'tree 1'), record('r2', 'tree 2')],
  });
  assert.equal(good.status, 201);
  assert.equal(at(good.body, 'results', 1, 'referenceId'), 'r2');
  const bad = await api.call('POST', '/composite/tree/Account', {
    records: [record('r1', 'tree 3'), record('r2')],
  });
  assert.equal(bad.status, 400);
  assert.deepEqual(
    [at(bad.body, 'hasErrors'), at(bad.body, 'results', 0, 'referenceId')],
    [true, 'r2'],
  );
  assert.equal(count('Account', 'tree %'), 2);
});
