import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { isJsonObject } from '../rest/body.ts';
import { at, openTestApi } from '../rest/testApi.ts';
import type { TestApi } from '../rest/testApi.ts';

let api: TestApi;
let accountId: string;
let assetId: string;
before(async () => {
  api = await openTestApi();
  accountId = api.insert('Account', { Name: 'Acme' });
  assetId = api.insert('Asset', { Name: 'Pump', AccountId: accountId });
  const thing = (Needed__c: string, more: Readonly<Record<string, string | number | boolean>>) =>
    api.insert('Thing__c', { Needed__c, ...more });
  thing('a', { Amount__c: 1, Level__c: 'High', At__c: '2026-11-23T05:00:00Z', Asset__c: assetId });
  thing('b', { Amount__c: 1234.5, At__c: '2026-11-22T05:00:00Z', Notes__c: 'n' });
  thing('c', { Day__c: '2026-11-23', On__c: false });
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

/** The values of `Needed__c` of the things that fit. */
async function needed(args: string, variables: Readonly<Record<string, unknown>> = {}, head = '') {
  const body = await ask(
    `query q${head} { uiapi { query { Thing__c(${args}) { edges { node { Needed__c { value } } } } } } }`,
    variables,
  );
  assert.deepEqual(at(body, 'errors'), [], JSON.stringify(body));
  const edges = at(body, 'data', 'uiapi', 'query', 'Thing__c', 'edges');
  assert.ok(Array.isArray(edges));
  return edges.map((edge) => String(at(edge, 'node', 'Needed__c', 'value'))).join('');
}

test('a query answers with values and what a page shows of them', async () => {
  const body = await ask(`{ uiapi { query { Thing__c(where: { Needed__c: { eq: "A" } }) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor node {
      __typename ApiName Id DisplayValue WeakEtag
      Needed__c { __typename value displayValue }
      Amount__c { __typename value displayValue }
      Level__c { __typename value displayValue label }
      At__c { __typename value displayValue }
      Notes__c { __typename value }
      On__c { __typename value displayValue }
      Asset__c { __typename value displayValue }
      Asset__r { __typename Name { value } Account { Name { value } Owner { Username { value } } } Parent { Id } }
    } }
  } } } }`);
  assert.deepEqual(at(body, 'errors'), []);
  const connection = at(body, 'data', 'uiapi', 'query', 'Thing__c');
  assert.equal(at(connection, 'totalCount'), 1);
  assert.deepEqual(at(connection, 'pageInfo'), {
    hasNextPage: false,
    hasPreviousPage: false,
    endCursor: 'djE6MA==',
  });
  assert.equal(at(connection, 'edges', 0, 'cursor'), 'djE6MA==');
  const node = at(connection, 'edges', 0, 'node');
  assert.ok(isJsonObject(node));
  const { Id: id, WeakEtag: etag, DisplayValue: name, ...rest } = node;
  assert.equal(name, id, 'a record without a name is named by its id');
  assert.equal(etag, api.clock.time);
  assert.deepEqual(rest, {
    __typename: 'Thing__c',
    ApiName: 'Thing__c',
    Needed__c: { __typename: 'StringValue', value: 'a', displayValue: null },
    Amount__c: { __typename: 'DoubleValue', value: 1, displayValue: '1.00' },
    Level__c: { __typename: 'PicklistValue', value: 'High', displayValue: 'High', label: 'High' },
    At__c: {
      __typename: 'DateTimeValue',
      value: '2026-11-23T05:00:00.000Z',
      displayValue: '11/23/2026, 5:00 AM',
    },
    Notes__c: { __typename: 'LongTextAreaValue', value: null },
    On__c: { __typename: 'BooleanValue', value: true, displayValue: null },
    Asset__c: { __typename: 'IDValue', value: assetId, displayValue: null },
    Asset__r: {
      __typename: 'Asset',
      Name: { value: 'Pump' },
      Account: {
        Name: { value: 'Acme' },
        Owner: { Username: { value: `autoproc@${api.organizationId.toLowerCase()}` } },
      },
      Parent: null,
    },
  });
});

test('filters: each operator, side by side means and', async () => {
  for (const [where, expected] of [
    ['Needed__c: { eq: "B" }', 'b'],
    ['Needed__c: { ne: "b" }', 'ac'],
    ['Needed__c: { in: ["a", "C"] }', 'ac'],
    ['Needed__c: { nin: ["a", "C"] }', 'b'],
    ['Needed__c: { like: "%B%" }', 'b'],
    ['Amount__c: { gt: 1 }', 'b'],
    ['Amount__c: { gte: 1, lt: 2 }', 'a'],
    ['Amount__c: { lte: 1234.5 }', 'ab'],
    ['Amount__c: { eq: null }', 'c'],
    ['Amount__c: { ne: null }', 'ab'],
    ['Level__c: { eq: "High" }', 'a'],
    ['On__c: { eq: false }', 'c'],
    ['Asset__r: { Account: { Name: { eq: "Acme" } } }', 'a'],
    ['Asset__r: { Name: { eq: null } }', 'bc'],
    ['Owner: { User: { Username: { like: "autoproc%" } } }', 'abc'],
    ['Owner: { Group: { Name: { ne: null } } }', ''],
    ['or: [{ Needed__c: { eq: "a" } }, { Day__c: { ne: null } }]', 'ac'],
    ['and: [{ Amount__c: { ne: null } }, { not: { Needed__c: { eq: "a" } } }]', 'b'],
    ['Needed__c: { eq: "a" }, Amount__c: { gt: 1 }', ''],
    ['At__c: { lt: { value: "2026-11-23T00:00:00Z" } }', 'b'],
    ['At__c: { eq: { literal: TODAY } }', 'a'],
    ['At__c: { eq: { range: { last_n_days: 1 } } }', 'ab'],
    ['At__c: { in: [{ literal: YESTERDAY }, { value: "2026-11-23T05:00:00.000Z" }] }', 'ab'],
    ['At__c: { eq: { value: null } }', 'c'],
    ['Day__c: { gte: { value: "2026-11-23" } }', 'c'],
    ['Day__c: { eq: null }', 'ab'],
  ] as const)
    assert.equal(await needed(`where: { ${where} }, orderBy: { Needed__c: {} }`), expected, where);
});

test('variables stand for values, dates, lists, whole filters and orders', async () => {
  const order = 'orderBy: { Needed__c: { order: ASC } }';
  assert.equal(
    await needed(
      `where: { At__c: { gte: { value: $since } }, Level__c: { in: $levels } }, first: $n, ${order}`,
      { since: '2026-11-01T00:00:00.000Z', levels: ['High', 'Low'], n: 1 },
      '($since: DateTime, $levels: [Picklist], $n: Int = 5)',
    ),
    'a',
  );
  assert.equal(
    await needed(
      `where: $w, orderBy: $o`,
      {
        w: { Asset__c: { eq: null } },
        o: { Level__c: { order: 'ASC' }, Needed__c: { order: 'DESC' } },
      },
      '($w: Thing__c_Filter, $o: Thing__c_OrderBy)',
    ),
    'cb',
  );
  assert.equal(
    await needed('where: { Asset__c: { eq: $id } }', { id: assetId.slice(0, 15) }, '($id: ID)'),
    'a',
    'an id of 15 characters',
  );
});

test('orders go by the fields as they were written, empty values first unless said otherwise', async () => {
  for (const [order, expected] of [
    ['Amount__c: { order: DESC }', 'cba'],
    ['Amount__c: { order: DESC, nulls: LAST }', 'bac'],
    ['Amount__c: { nulls: LAST }', 'abc'],
    ['Asset__r: { Name: { nulls: LAST } }, Needed__c: { order: DESC }', 'acb'],
    ['Level__c: { order: ASC }, Needed__c: { order: DESC }', 'acb'],
    ['Needed__c: { order: DESC }, Level__c: { order: ASC }', 'cba'],
  ] as const)
    assert.equal(await needed(`orderBy: { ${order} }`), expected, order);
});

test('pages: 10 records unless asked, the next ones after a cursor', async () => {
  for (let count = 0; count < 12; count += 1) api.insert('Contact', { LastName: `C${count}` });
  const page = async (args: string) => {
    const body = await ask(`{ uiapi { query { Contact${args} {
      totalCount pageResultCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { node { Id } } } } } }`);
    return at(body, 'data', 'uiapi', 'query', 'Contact');
  };
  const first = await page('');
  assert.deepEqual(
    [at(first, 'totalCount'), at(first, 'pageResultCount'), at(first, 'pageInfo', 'hasNextPage')],
    [12, 10, true],
  );
  const second = await page(`(first: 5, after: "${String(at(first, 'pageInfo', 'endCursor'))}")`);
  assert.deepEqual(
    [at(second, 'pageResultCount'), at(second, 'pageInfo', 'hasNextPage')],
    [2, false],
  );
  assert.equal(at(second, 'pageInfo', 'hasPreviousPage'), true);
  for (const args of ['(first: 0)', '(first: 2001)', '(after: "x")', '(after: "djE6MjAwMA==")']) {
    const body = await ask(`{ uiapi { query { Contact${args} { totalCount } } } }`);
    assert.equal(at(body, 'errors', 0, 'extensions', 'ErrorType'), 'DataFetchingException', args);
    assert.deepEqual(at(body, 'errors', 0, 'paths'), ['uiapi', 'query', 'Contact']);
    assert.equal(at(body, 'data', 'uiapi', 'query', 'Contact'), null);
  }
});

test('children are pages of their own; owners may be of several types', async () => {
  const body = await ask(`{ uiapi { query {
    Account { edges { node { Assets(where: { Name: { eq: "Pump" } }) {
      totalCount edges { node { Name { value } } } } } } }
    Asset { edges { node { Things__r { totalCount } } } }
    Thing__c(first: 1) { edges { node { Owner {
      __typename ... on User { Alias { value } } ... on Group { Name { value } } ... on Record { Id } } } } }
  } } }`);
  assert.deepEqual(at(body, 'errors'), []);
  const assets = at(body, 'data', 'uiapi', 'query', 'Account', 'edges', 0, 'node', 'Assets');
  assert.deepEqual(assets, {
    totalCount: 1,
    edges: [{ node: { Name: { value: 'Pump' } } }],
  });
  const asset = at(body, 'data', 'uiapi', 'query', 'Asset', 'edges', 0, 'node');
  assert.deepEqual(asset, { Things__r: { totalCount: 1 } });
  const owner = at(body, 'data', 'uiapi', 'query', 'Thing__c', 'edges', 0, 'node', 'Owner');
  assert.deepEqual(
    [at(owner, '__typename'), at(owner, 'Alias', 'value'), at(owner, 'Id')],
    ['User', 'autoproc', api.actor.userId],
  );
});
