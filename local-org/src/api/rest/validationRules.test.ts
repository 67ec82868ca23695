import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type { ValidationRuleDef } from '../../metadata/schema.ts';
import { at, openTestApi } from './testApi.ts';
import type { TestApi } from './testApi.ts';

const rule = (name: string, formula: string, field?: string): ValidationRuleDef => ({
  object: 'Thing__c',
  name,
  file: `${name}.validationRule-meta.xml`,
  active: true,
  formula,
  message: `${name} says no`,
  ...(field === undefined ? {} : { field }),
});

let api: TestApi;
let id: string;
before(async () => {
  api = await openTestApi({
    validationRules: [
      rule('Negative', 'Amount__c < 0', 'Amount__c'),
      rule('Tiny', 'AND(Amount__c < -100, NOT(On__c))'),
    ],
  });
  id = api.insert('Thing__c', { Needed__c: 'x' });
});
after(() => api.close());

const CODE = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';
const negative = { message: 'Negative says no', errorCode: CODE, fields: ['Amount__c'] };
const tiny = { message: 'Tiny says no', errorCode: CODE, fields: [] };

test('REST answers every rule that is true, on creating and changing', async () => {
  const bad = { Needed__c: 'x', Amount__c: -200, On__c: false };
  const created = await api.call('POST', '/sobjects/Thing__c', bad);
  assert.deepEqual([created.status, created.body], [400, [negative, tiny]]);
  const changed = await api.call('PATCH', `/sobjects/Thing__c/${id}`, { Amount__c: -1 });
  assert.deepEqual([changed.status, changed.body], [400, [negative]]);
});

test('the UI API puts the message beside the field, or on the record', async () => {
  const changed = await api.call('PATCH', `/ui-api/records/${id}`, {
    fields: { Amount__c: -200, On__c: false },
  });
  assert.equal(changed.status, 400);
  assert.equal(at(changed.body, 'enhancedErrorType'), 'RecordError');
  const onField = at(changed.body, 'output', 'fieldErrors', 'Amount__c', 0);
  assert.deepEqual(
    [at(onField, 'errorCode'), at(onField, 'message'), at(onField, 'fieldLabel')],
    [CODE, 'Negative says no', 'Amount'],
  );
  assert.equal(at(changed.body, 'output', 'errors', 0, 'message'), 'Tiny says no');
});

test('collections save the good rows, or none', async () => {
  const record = (amount: number) => ({
    attributes: { type: 'Thing__c' },
    Needed__c: 'x',
    Amount__c: amount,
  });
  const send = (allOrNone: boolean) =>
    api.call('POST', '/composite/sobjects', { allOrNone, records: [record(1), record(-1)] });
  const some = await send(false);
  assert.deepEqual([at(some.body, 0, 'success'), at(some.body, 1, 'success')], [true, false]);
  assert.equal(at(some.body, 1, 'errors', 0, 'statusCode'), CODE);
  const none = await send(true);
  assert.deepEqual(
    [at(none.body, 0, 'errors', 0, 'statusCode'), at(none.body, 1, 'errors', 0, 'message')],
    ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'Negative says no'],
  );
});

test('a composite request halts at the refused part', async () => {
  const part = (referenceId: string, amount: number) => ({
    method: 'POST',
    url: '/services/data/v66.0/sobjects/Thing__c',
    referenceId,
    body: { Needed__c: referenceId, Amount__c: amount },
  });
  const { body } = await api.call('POST', '/composite', {
    allOrNone: true,
    compositeRequest: [part('good', 1), part('bad', -1)],
  });
  assert.deepEqual(at(body, 'compositeResponse', 1, 'body'), [negative]);
  assert.equal(at(body, 'compositeResponse', 0, 'body', 0, 'errorCode'), 'PROCESSING_HALTED');
  const where = { kind: 'compare', field: 'Needed__c', op: '=', value: 'good' } as const;
  assert.equal(api.store.count({ object: 'Thing__c', where }), 0);
});

test('a Bulk job lists the refused row with the message', async () => {
  const call = (method: string, path: string, body?: string | object) =>
    fetch(`${api.url}/services/data/v66.0/jobs/ingest${path}`, {
      method,
      headers: { authorization: `Bearer ${api.admin}` },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const opened: unknown = await (
    await call('POST', '', { object: 'Thing__c', operation: 'insert' })
  ).json();
  const job = `/${String(at(opened, 'id'))}`;
  await call('PUT', `${job}/batches`, 'Needed__c,Amount__c\na,1\nb,-1\n');
  await call('PATCH', job, { state: 'UploadComplete' });
  let state: unknown;
  do state = at(await (await call('GET', job)).json(), 'state');
  while (state !== 'JobComplete' && state !== 'Failed');
  const failed = await (await call('GET', `${job}/failedResults`)).text();
  assert.match(failed, /FIELD_CUSTOM_VALIDATION_EXCEPTION:Negative says no:Amount__c/);
  const rows = failed.trim().split('\n');
  assert.equal(rows.length, 2);
});
