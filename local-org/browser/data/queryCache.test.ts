import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failure } from './fetchResponse.ts';
import { makeQueryCache } from './queryCache.ts';
import type { QueryResult } from './queryCache.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const query = { query: 'query q { x }', variables: { id: '1' }, operationName: undefined };

function makeOrg(answer: () => unknown) {
  const asked: unknown[] = [];
  return {
    asked,
    call: async (_method: string, _path: string, body?: unknown): Promise<unknown> => {
      await Promise.resolve();
      asked.push(body);
      return answer();
    },
  };
}

test('wires with the same query and variables share one request; others have their own', async () => {
  const org = makeOrg(() => ({ data: { x: 1 }, errors: [] }));
  const cache = makeQueryCache(org.call);
  const results: QueryResult[] = [];
  cache.watch(query, (result) => results.push(result));
  cache.watch({ ...query }, (result) => results.push(result));
  cache.watch({ ...query, variables: { id: '2' } }, () => undefined);
  await settle();
  assert.equal(org.asked.length, 2);
  assert.deepEqual(results, [
    { data: { x: 1 }, errors: undefined },
    { data: { x: 1 }, errors: undefined },
  ]);
});

test('refreshing the result of a wire asks again and gives all its wires what is new', async () => {
  let count = 0;
  const org = makeOrg(() => ({ data: { count: (count += 1) }, errors: [] }));
  const cache = makeQueryCache(org.call);
  const first: QueryResult[] = [];
  const second: QueryResult[] = [];
  cache.watch(query, (result) => first.push(result));
  cache.watch(query, (result) => second.push(result));
  await settle();
  await cache.refresh(first[0]);
  assert.deepEqual(second.at(-1), { data: { count: 2 }, errors: undefined });
  assert.deepEqual(first.at(-1), second.at(-1));
});

test('refreshing something else than a result is an error that says what is needed', async () => {
  const cache = makeQueryCache(makeOrg(() => ({ data: {} })).call);
  await assert.rejects(cache.refresh({ data: {} }), /needs the result that the graphql wire gave/);
});

test('a changed record refreshes the queries whose answers hold it, and no others', async () => {
  const org = makeOrg(() => ({ data: { node: { Id: '500Lo0000000001IAA' } } }));
  const cache = makeQueryCache(org.call);
  cache.watch(query, () => undefined);
  await settle();
  await cache.refreshRecords(['02iLo0000000001IAA']);
  assert.equal(org.asked.length, 1);
  await cache.refreshRecords(['500Lo0000000001IAA']);
  assert.equal(org.asked.length, 2);
});

test('errors of the answer and of the request both arrive as errors', async () => {
  let answer: () => unknown = () => ({ data: null, errors: [{ message: 'no such field' }] });
  const org = makeOrg(() => answer());
  const cache = makeQueryCache(org.call);
  const results: QueryResult[] = [];
  cache.watch(query, (result) => results.push(result));
  await settle();
  assert.deepEqual(results.at(-1), { data: undefined, errors: [{ message: 'no such field' }] });
  answer = () => {
    throw failure(401, 'Unauthorized', [{ errorCode: 'INVALID_SESSION_ID', message: 'Log in' }]);
  };
  await cache.refresh(results.at(-1));
  assert.equal(results.length, 2);
  const [error] = results.at(-1)?.errors ?? [];
  assert.deepEqual(error, {
    message: 'Log in',
    status: 401,
    body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Log in' }],
  });
});
