import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { at, openTestApi } from '../rest/testApi.ts';
import type { TestApi } from '../rest/testApi.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
});
after(() => api.close());

async function ask(
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  token?: string,
): Promise<unknown> {
  const { status, body } = await api.call('POST', '/graphql', { query, variables }, token);
  assert.equal(status, 200);
  return body;
}

test('objects and fields that a user may not read are unknown to them', async () => {
  for (const [query, message] of [
    [
      '{ uiapi { query { Asset { totalCount } } } }',
      "Validation error of type FieldUndefined: Field 'Asset' in type 'RecordQuery' is undefined @ 'uiapi/query/Asset'",
    ],
    [
      '{ uiapi { query { Thing__c { edges { node { Notes__c { value } } } } } } }',
      "Validation error of type FieldUndefined: Field 'Notes__c' in type 'Thing__c' is undefined @ 'uiapi/query/Thing__c/edges/node/Notes__c'",
    ],
    [
      '{ uiapi { query { Thing__c(where: { Notes__c: { eq: "n" } }) { totalCount } } } }',
      /Notes__c/,
    ],
    ['{ uiapi { query { Thing__c(orderBy: { Asset__r: {} }) { totalCount } } } }', /Asset__r/],
    ['{ uiapi { query { Organization { totalCount } } } }', /Organization/],
  ] as const) {
    const body = await ask(query, {}, api.clerk);
    assert.deepEqual(at(body, 'data'), {});
    assert.equal(at(body, 'errors', 0, 'extensions', 'ErrorType'), 'ValidationError');
    assert.ok(Array.isArray(at(body, 'errors', 0, 'locations')));
    const text = String(at(body, 'errors', 0, 'message'));
    if (typeof message === 'string') assert.equal(text, message);
    else assert.match(text, message);
  }
});

test('sharing limits what a user finds, counts and follows', async () => {
  const own = await api.call('POST', '/sobjects/Secret__c', { Name: 'mine' }, api.clerk);
  api.insert('Secret__c', { Name: 'theirs' });
  const query =
    '{ uiapi { query { Secret__c { totalCount edges { node { Id Name { value } } } } } } }';
  const body = await ask(query, {}, api.clerk);
  assert.deepEqual(at(body, 'data', 'uiapi', 'query', 'Secret__c'), {
    totalCount: 1,
    edges: [{ node: { Id: at(own.body, 'id'), Name: { value: 'mine' } } }],
  });
  assert.equal(at(await ask(query), 'data', 'uiapi', 'query', 'Secret__c', 'totalCount'), 2);
});

test('what is not implemented is refused by name', async () => {
  for (const [query, type, message] of [
    ['mutation { x }', 'OperationNotSupported', /mutation is not implemented/],
    ['{ uiapi { aggregate { Asset { x } } } }', 'ValidationError', /'aggregate'.*not implemented/],
    [
      '{ uiapi { query { Asset(scope: MINE) { totalCount } } } }',
      'ValidationError',
      /UnknownArgument: Unknown field argument scope @ 'uiapi\/query\/Asset'/,
    ],
    [
      '{ uiapi { query { Asset(where: { Id: { inq: {} } }) { totalCount } } } }',
      'ValidationError',
      /inq/,
    ],
    ['{ uiapi ', 'InvalidSyntax', /Syntax Error/],
    [
      'query a { uiapi { query { Asset { totalCount } } } } query b { uiapi { query { Asset { totalCount } } } }',
      'OperationNotSupported',
      /Name one operation/,
    ],
    [
      '{ uiapi { query { Thing__c(where: { At__c: { eq: { value: "2026-11-23" } } }) { totalCount } } } }',
      'ValidationError',
      /DateTime needs a date and time/,
    ],
    [
      '{ uiapi { query { Thing__c(where: { Needed__c: { eq: 5 } }) { totalCount } } } }',
      'ValidationError',
      /5/,
    ],
    [
      '{ uiapi { query { Thing__c(where: { Level__c: { eq: High } }) { totalCount } } } }',
      'ValidationError',
      /Picklist needs a string/,
    ],
    [
      '{ uiapi { query { Thing__c(where: { At__c: { eq: { literal: TODAY, range: { last_n_days: 1 } } } }) { totalCount } } } }',
      'DataFetchingException',
      /exactly one of value, literal and range/,
    ],
    [
      'query q($id: ID!) { uiapi { query { Asset(where: { Id: { eq: $id } }) { totalCount } } } }',
      'ValidationError',
      /\$id/,
    ],
  ] as const) {
    const body = await ask(query);
    assert.equal(at(body, 'errors', 0, 'extensions', 'ErrorType'), type, query);
    assert.match(String(at(body, 'errors', 0, 'message')), message);
  }
});

test('a body that is no query is refused', async () => {
  for (const body of [[], {}, { query: 1 }, { query: '{ uiapi }', variables: [] }]) {
    const { status } = await api.call('POST', '/graphql', body);
    assert.equal(status, 400, JSON.stringify(body));
  }
});

test('at most five levels of parents and one of children', async () => {
  const query = (node: string) =>
    ask(`{ uiapi { query { Asset { edges { node { ${node} } } } } } }`);
  const parents = (levels: number): string =>
    `${'Parent { '.repeat(levels)} Id ${'}'.repeat(levels)}`;
  assert.deepEqual(at(await query(parents(5)), 'errors'), []);
  assert.match(
    String(at(await query(parents(6)), 'errors', 0, 'message')),
    /at most 5 level\(s\) of parents @ 'uiapi\/query\/Asset\/edges\/node\/Parent\/Parent/,
  );
  const children = 'ChildAssets { edges { node { Id } } } Cases { totalCount }';
  assert.deepEqual(at(await query(children), 'errors'), [], 'side by side');
  const nested = 'ChildAssets { edges { node { Cases { totalCount } } } }';
  assert.match(String(at(await query(nested), 'errors', 0, 'message')), /1 level\(s\) of children/);
});

test('users who may read the same share a schema, others have their own', async () => {
  const types = async (token?: string) => {
    const body = await ask('{ __schema { types { name } } }', {}, token);
    return JSON.stringify(at(body, 'data'));
  };
  assert.match(await types(), /"Asset_Filter"/);
  assert.doesNotMatch(await types(api.clerk), /"Asset_Filter"/);
  assert.match(await types(), /"Asset_Filter"/);
});

test('a query that nests without end is refused as one that cannot be read', async () => {
  const deep = (open: string, inner: string, close: string): string =>
    `{ uiapi { query { ${open.repeat(20_000)}${inner}${close.repeat(20_000)} } } }`;
  for (const query of [
    deep('Asset { edges { node { ', 'Id', '} } }'),
    `{ uiapi { query { Thing__c(where: ${'{ and: ['.repeat(2_000)}${'] }'.repeat(2_000)}) { totalCount } } } }`,
  ]) {
    const body = await ask(query);
    assert.equal(at(body, 'errors', 0, 'extensions', 'ErrorType'), 'InvalidSyntax');
    assert.match(String(at(body, 'errors', 0, 'message')), /nests deeper than 200 levels/);
  }
});
