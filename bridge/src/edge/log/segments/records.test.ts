import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeRandom } from '../../../core/fixtures/random.ts';
import { toEpochMs } from '../../../model/brand.ts';
import { makeMessage } from '../../../model/message.ts';
import type { Message } from '../../../model/message.ts';
import { makeRooms } from '../../ingress/room.ts';
import type { Room } from '../../ingress/room.ts';
import { encodeBatch, sizeOfBatch } from './batch.ts';

const MARK = Buffer.alloc(16, 7);

function encode(messages: readonly Message[]): Buffer {
  const bytes = Buffer.alloc(sizeOfBatch(messages));
  encodeBatch(messages, 1, MARK, bytes);
  return bytes;
}

test('messages that stand as records already come to the same batch, whichever of them are in it', () => {
  const random = makeRandom(4);
  for (let round = 0; round < 40; round += 1) {
    const into: Room[] = [];
    const rooms = makeRooms();
    const plain: Message[] = [];
    const kept: Message[] = [];
    for (let count = random.below(300); count >= 0; count -= 1) {
      const topic = `t/${'ü'.repeat(random.below(60))}`;
      const size = random.below(50) === 0 ? 150_000 : random.below(400);
      const one = makeMessage(topic, Buffer.alloc(size, count), toEpochMs(1e12 + count));
      const own = rooms.keep(one, into);
      // Those that are refused leave gaps, and some have never been in a room.
      if (random.below(8) === 0) continue;
      plain.push(one);
      kept.push(random.below(20) === 0 ? one : own);
    }
    assert.deepEqual(encode(kept), encode(plain));
  }
});
