import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toEpochMs } from './brand.ts';
import { makeMessage, payloadOf, topicOf } from './message.ts';

test('a message gives back its topic and payload, whatever characters they have', () => {
  const message = makeMessage('plant/pumpe-süd/telemetry', Buffer.from('{"ä":1}'), toEpochMs(5));
  assert.equal(topicOf(message), 'plant/pumpe-süd/telemetry');
  assert.equal(payloadOf(message).toString(), '{"ä":1}');
  assert.equal(message.receivedAt, 5);
  assert.equal(payloadOf(makeMessage('t', new Uint8Array(), toEpochMs(0))).length, 0);
});
