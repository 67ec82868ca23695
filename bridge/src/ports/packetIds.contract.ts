import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { OnceKey } from '../model/message.ts';
import type { PacketIds } from './packetIds.ts';

export interface PacketIdsHarness {
  readonly ids: () => PacketIds;
  /** Makes messages with these keys safe. */
  take(...keys: OnceKey[]): Promise<void>;
  /** As after a crash: only what is on disk is left. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** What every keeper of packet ids promises. */
export function testPacketIds(name: string, start: () => Promise<PacketIdsHarness>): void {
  async function run(work: (harness: PacketIdsHarness) => Promise<void>): Promise<void> {
    const harness = await start();
    try {
      await work(harness);
    } finally {
      await harness.stop();
    }
  }
  const key = (session: string, generation: number, packetId: number): OnceKey => ({
    session,
    generation,
    packetId,
  });
  const read = ({ ids }: PacketIdsHarness, session: string): unknown => {
    const { generation, packetIds } = ids().open(session);
    return [generation, packetIds.toSorted((a, b) => a - b)];
  };

  test(`${name}: what was taken is known after a crash, by session`, () =>
    run(async (harness) => {
      assert.deepEqual(read(harness, 'a'), [0, []]);
      await harness.take(key('a', 0, 5), key('a', 0, 65_535), key('b', 0, 5));
      await harness.crash();
      assert.deepEqual(read(harness, 'a'), [0, [5, 65_535]]);
      assert.deepEqual(read(harness, 'b'), [0, [5]]);
      await harness.take(key('a', 0, 6));
      await harness.crash();
      await harness.crash();
      assert.deepEqual(read(harness, 'a'), [0, [5, 6, 65_535]]);
    }));

  test(`${name}: what was released is forgotten for good, and its id can be taken again`, () =>
    run(async (harness) => {
      await harness.take(key('a', 0, 1), key('a', 0, 2), key('b', 0, 1));
      assert.deepEqual(harness.ids().forget('a', [1, 9]), { ok: true, value: undefined });
      await harness.take(key('a', 0, 3));
      await harness.crash();
      assert.deepEqual(read(harness, 'a'), [0, [2, 3]]);
      assert.deepEqual(read(harness, 'b'), [0, [1]]);
      await harness.take(key('a', 0, 1));
      assert.ok(harness.ids().forget('a', [2]).ok);
      await harness.crash();
      assert.deepEqual(read(harness, 'a'), [0, [1, 3]]);
    }));

  test(`${name}: a session begun anew has no ids, also not those of messages still on their way`, () =>
    run(async (harness) => {
      await harness.take(key('a', 0, 1), key('b', 0, 1));
      assert.deepEqual(harness.ids().renew('a'), { ok: true, value: 1 });
      await harness.take(key('a', 0, 2), key('a', 1, 3));
      await harness.crash();
      assert.deepEqual(read(harness, 'a'), [1, [3]]);
      assert.deepEqual(harness.ids().renew('a'), { ok: true, value: 2 });
      await harness.crash();
      assert.deepEqual(read(harness, 'a'), [2, []]);
      assert.deepEqual(read(harness, 'b'), [0, [1]]);
    }));
}
