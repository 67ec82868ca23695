import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSignal } from '../../../testing/signals.ts';
import { findSizeProblem, splitRequests } from './requests.ts';

const events = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, index) => ({
    eventKey: makeSignal(`e${index}`).eventKey,
    payload: Buffer.alloc(bytes),
  }));
const sizes = (count: number, bytes: number): number[] =>
  splitRequests('/event/X__e', 'schema', events(count, bytes)).map(
    ({ message }) => message.events.length,
  );

test('a request has at most 200 events, and 3 MB with all that is around them', () => {
  assert.deepEqual(sizes(0, 10), []);
  assert.deepEqual(sizes(200, 10), [200]);
  assert.deepEqual(sizes(201, 10), [200, 1]);
  assert.deepEqual(sizes(4, 1_000_000), [2, 2], 'three would be 3 MB without their frames');
  assert.deepEqual(sizes(150, 32_000), [93, 57]);
});

test('events keep their order, and their answers find them', () => {
  const all = events(250, 10);
  const requests = splitRequests('/event/X__e', 'schema', all);
  const keys = requests.flatMap(({ message, keys: byId }) =>
    message.events.map(({ id }) => byId.get(id)),
  );
  assert.deepEqual(
    keys,
    all.map(({ eventKey }) => eventKey),
  );
  for (const { message } of requests) {
    assert.ok(message.events.every(({ id, schemaId }) => id.length <= 36 && schemaId === 'schema'));
  }
});

test('an event of more than 1 MB is told by its size', () => {
  assert.equal(findSizeProblem(Buffer.alloc(1_000_000)), undefined);
  assert.match(
    findSizeProblem(Buffer.alloc(1_000_001)) ?? '',
    /has 1000001 bytes, at most 1000000/,
  );
});
