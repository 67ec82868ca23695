import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadSync } from '@grpc/proto-loader';
import type { MethodDefinition } from '@grpc/proto-loader';
import { makeByteWriter } from './byteWriter.ts';
import { decodePublishResponse, encodePublishRequest } from './publishWire.ts';

const protoFile = join(import.meta.dirname, '../../../../proto/pubsub_api.proto');
const service = loadSync(protoFile, { longs: String, defaults: true })['eventbus.v1.PubSub'];
const { requestDeserialize, responseSerialize } = Reflect.get(
  service ?? {},
  'PublishStream',
) as MethodDefinition<object, object>;

test('a request is what the contract makes of it, whatever the lengths', () => {
  for (const length of [0, 1, 127, 128, 1_000, 16_383, 16_384, 70_000, 1_000_000]) {
    const events = ['Käse', 'schema', 'schema'].map((schemaId, place) => ({
      id: `${place}`.repeat(place === 1 ? 36 : 1),
      schemaId,
      payload: Buffer.alloc(length, place + 1),
    }));
    const sent = encodePublishRequest({ topicName: '/event/Größe__e', events }, makeByteWriter());
    const read = requestDeserialize(sent) as { topicName: string; events: object[] };
    assert.equal(read.topicName, '/event/Größe__e');
    assert.deepEqual(
      read.events.map((event) => ({ ...event })),
      events.map((event) => ({ ...event, headers: [] })),
    );
  }
});

test('a request may have no events, or two hundred', () => {
  for (const count of [0, 200]) {
    const payload = Buffer.from('x'.repeat(count));
    const events = Array.from({ length: count }, (_, id) => ({
      id: `${id}`,
      schemaId: 's',
      payload,
    }));
    const sent = encodePublishRequest({ topicName: 't', events }, makeByteWriter(16));
    assert.equal((requestDeserialize(sent) as { events: object[] }).events.length, count);
  }
});

test('answers are read: published, refused with code and words, and what is newer is passed over', () => {
  const replayId = Buffer.alloc(8, 7);
  const sent = responseSerialize({
    results: [
      { replayId, correlationKey: 'a'.repeat(36) },
      { correlationKey: 'ü', error: { code: 'PUBLISH', msg: 'zu groß' } },
      { correlationKey: 'c', error: {} },
      { correlationKey: 'd', error: { code: 99, msg: 'newer' } },
    ],
    schemaId: 'schema',
    rpcId: 'rpc',
  });
  // Field 15 as a number, field 16 as eight bytes, field 17 as four.
  const newer = Buffer.from([
    0x78,
    0xff,
    0x01,
    0x81,
    0x01,
    ...Buffer.alloc(8),
    0x8d,
    0x01,
    1,
    2,
    3,
    4,
  ]);
  assert.deepEqual(decodePublishResponse(Buffer.concat([newer, sent])), [
    { correlationKey: 'a'.repeat(36), error: undefined },
    { correlationKey: 'ü', error: { code: 'PUBLISH', msg: 'zu groß' } },
    { correlationKey: 'c', error: { code: 'UNKNOWN', msg: '' } },
    { correlationKey: 'd', error: { code: '99', msg: 'newer' } },
  ]);
  assert.deepEqual(decodePublishResponse(Buffer.alloc(0)), []);
});

test('an answer that is cut off anywhere is refused or read as far as it is whole, never past its end', () => {
  const sent = responseSerialize({
    results: [{ correlationKey: 'k'.repeat(36), error: { code: 'COMMIT', msg: 'm' } }],
  });
  for (let length = 1; length < sent.length; length += 1) {
    assert.throws(() => decodePublishResponse(sent.subarray(0, length)), /ends/, String(length));
  }
  assert.throws(() => decodePublishResponse(Buffer.from([0x0b])), /unknown type 3/);
});
