import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { makeField } from '../../metadata/systemFields.ts';
import { at, openTestApi } from './testApi.ts';
import type { TestApi } from './testApi.ts';

const total = makeField('Total__c', 'Total', 'Number', {
  precision: 8,
  scale: 2,
  system: true,
  formula: { source: 'Amount__c * 2', blanksAsZero: true, file: 'Total__c.field-meta.xml' },
});

let api: TestApi;
let id: string;
before(async () => {
  api = await openTestApi({ thingFields: [total] });
  id = api.insert('Thing__c', { Needed__c: 'x', Amount__c: 21 });
  api.insert('Thing__c', { Needed__c: 'y', Parent__c: id });
});
after(() => api.close());

const query = (soql: string) => api.call('GET', `/query?q=${encodeURIComponent(soql)}`);

test('SOQL selects a formula field, also of a parent', async () => {
  const { body } = await query(
    'SELECT Total__c, Parent__r.Total__c FROM Thing__c ORDER BY Needed__c',
  );
  assert.deepEqual(
    [at(body, 'records', 0, 'Total__c'), at(body, 'records', 1, 'Total__c')],
    [42, 0],
  );
  assert.equal(at(body, 'records', 1, 'Parent__r', 'Total__c'), 42);
});

test('SOQL by a formula field is refused by name', async () => {
  for (const clause of ['WHERE Total__c > 1', 'ORDER BY Total__c']) {
    const { status, body } = await query(`SELECT Id FROM Thing__c ${clause}`);
    assert.equal(status, 400);
    assert.match(String(at(body, 0, 'message')), /formula field Total__c/);
  }
  const grouped = await query('SELECT Total__c, COUNT(Id) FROM Thing__c GROUP BY Total__c');
  assert.match(String(at(grouped.body, 0, 'message')), /GROUP BY the formula field Total__c/);
});

test('REST shows the field and refuses to write it', async () => {
  const read = await api.call('GET', `/sobjects/Thing__c/${id}?fields=Total__c`);
  assert.equal(at(read.body, 'Total__c'), 42);
  const written = await api.call('PATCH', `/sobjects/Thing__c/${id}`, { Total__c: 1 });
  assert.deepEqual(
    [written.status, at(written.body, 0, 'errorCode')],
    [400, 'INVALID_FIELD_FOR_INSERT_UPDATE'],
  );
});

test('describe and object info call it calculated and not writable', async () => {
  const described = await api.call('GET', '/sobjects/Thing__c/describe');
  const fields = Object(at(described.body, 'fields')) as readonly Record<string, unknown>[];
  const field = fields.find((one) => one['name'] === 'Total__c');
  assert.deepEqual(
    ['calculated', 'calculatedFormula', 'createable', 'updateable', 'nillable', 'filterable'].map(
      (name) => field?.[name],
    ),
    [true, 'Amount__c * 2', false, false, true, false],
  );
  const info = await api.call('GET', '/ui-api/object-info/Thing__c');
  assert.deepEqual(
    ['calculated', 'updateable', 'required'].map((name) =>
      at(info.body, 'fields', 'Total__c', name),
    ),
    [true, false, false],
  );
});

test('the UI API and GraphQL show it, and GraphQL cannot filter or order by it', async () => {
  const record = await api.call('GET', `/ui-api/records/${id}?fields=Thing__c.Total__c`);
  assert.deepEqual(at(record.body, 'fields', 'Total__c'), { displayValue: '42.00', value: 42 });
  const ask = (args: string) =>
    api.call('POST', '/graphql', {
      query: `query { uiapi { query { Thing__c(${args}) { edges { node { Total__c { value displayValue } } } } } } }`,
    });
  const { body } = await ask('where: { Needed__c: { eq: "x" } }');
  assert.deepEqual(at(body, 'data', 'uiapi', 'query', 'Thing__c', 'edges', 0, 'node', 'Total__c'), {
    value: 42,
    displayValue: '42.00',
  });
  for (const args of ['where: { Total__c: { eq: 42 } }', 'orderBy: { Total__c: { order: ASC } }']) {
    const refused = await ask(args);
    assert.match(String(at(refused.body, 'errors', 0, 'message')), /Total__c/);
  }
});
