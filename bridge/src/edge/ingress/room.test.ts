import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toEpochMs } from '../../model/brand.ts';
import { makeMessage, payloadOf, topicOf } from '../../model/message.ts';
import { makeRooms } from './room.ts';
import type { Room } from './room.ts';

const message = (text: string) => makeMessage('t/ä', Buffer.from(text), toEpochMs(7));
const once = { session: 's', generation: 1, packetId: 5 };

test('a message is kept whole, whatever becomes of the bytes it came in', () => {
  const rooms = makeRooms();
  const into: Room[] = [];
  const texts = ['a', '', 'x'.repeat(200_000), 'b', 'y'.repeat(900_000), 'c'];
  const kept = texts.map((text) => {
    const arrived = message(text);
    const own = rooms.keep({ ...arrived, once }, into);
    arrived.bytes.fill(0);
    return own;
  });
  assert.deepEqual(
    kept.map((one) => [topicOf(one), payloadOf(one).toString(), one.receivedAt, one.once]),
    texts.map((text) => ['t/ä', text, 7, once]),
  );
  assert.equal(into.length, 3, 'the usual ones share a room');
});

test('rooms of usual size are used again once they are given back, and not before', () => {
  const rooms = makeRooms();
  const first: Room[] = [];
  const kept = Array.from({ length: 30 }, () => rooms.keep(message('z'.repeat(100_000)), first));
  const second: Room[] = [];
  rooms.keep(message('b'), second);
  assert.ok(!first.includes(second[0] as Room));
  for (const one of kept) assert.equal(payloadOf(one).length, 100_000);
  rooms.giveBack(first);
  const third: Room[] = [];
  const again = rooms.keep(message('c'), third);
  assert.ok(first.includes(third[0] as Room));
  assert.equal(payloadOf(again).toString(), 'c');
});
