import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { toEpochMs, toLogPosition } from '../../model/brand.ts';
import { makeMessage, payloadOf } from '../../model/message.ts';
import type { Message, OnceKey } from '../../model/message.ts';
import { makeRandom } from '../../core/fixtures/random.ts';
import { testPacketIds } from '../../ports/packetIds.contract.ts';
import { makeFolder } from '../../testing/bridgeProcess.ts';
import { makeTestLogger } from '../../testing/logger.ts';
import { makeMemoryPacketIds } from '../ingress/memoryPacketIds.ts';
import { openDatabase } from './database.ts';
import { openDurableLog } from './durableLog.ts';

const at = toEpochMs(1_700_000_000_000);
const NOTHING_YET = toLogPosition(0);
const keyed = (once: OnceKey, text = 'x'): Message => ({
  ...makeMessage('t', Buffer.from(text), at),
  once,
});

/** The log of a folder, and what becomes of it when the process dies: a copy is all that the next one finds. */
async function makeBench() {
  const folder = makeFolder();
  let path = join(folder.path, '0');
  let round = 0;
  async function open() {
    const file = join(path, 'bridge.sqlite');
    const storage = openDatabase(file);
    const { database } = storage;
    const options = { database, file, processed: NOTHING_YET, logger: makeTestLogger() };
    const log = await openDurableLog({ ...options, segmentBytes: 20_000 });
    return { storage, log };
  }
  async function close({ storage, log }: Awaited<ReturnType<typeof open>>) {
    await log[Symbol.asyncDispose]();
    storage[Symbol.dispose]();
  }
  let current = await open();
  return {
    log: () => current.log,
    database: () => current.storage.database,
    async crash() {
      round += 1;
      const next = join(folder.path, String(round));
      cpSync(path, next, { recursive: true });
      await close(current);
      path = next;
      current = await open();
    },
    async stop() {
      await close(current);
      folder[Symbol.dispose]();
    },
  };
}

testPacketIds('ids in memory', async () => {
  const ids = makeMemoryPacketIds();
  const nothing = () => Promise.resolve();
  return {
    ids: () => ids,
    take: async (...keys) => ids.take(keys),
    crash: nothing,
    stop: nothing,
  };
});

for (const place of ['log', 'quarantine'] as const) {
  testPacketIds(`ids in the ${place}`, async () => {
    const bench = await makeBench();
    return {
      ids: () => bench.log().packetIds,
      async take(...keys) {
        const messages = keys.map((key) => keyed(key));
        const rejection = { kind: 'malformed', reason: 'r' } as const;
        const kept =
          place === 'log'
            ? await bench.log().append(messages)
            : await bench.log().quarantine(messages.map((message) => ({ message, rejection })));
        assert.ok(kept.ok);
      },
      crash: () => bench.crash(),
      stop: () => bench.stop(),
    };
  });
}

test('keys are no entries and take no position', async () => {
  const bench = await makeBench();
  const log = bench.log();
  const key = { session: 'bridge "1"', generation: 0, packetId: 7 };
  const plain = makeMessage('t', Buffer.from('plain'), at);
  assert.deepEqual(await log.append([plain]), { ok: true, value: 1 });
  assert.deepEqual(await log.append([keyed(key, 'once'), plain]), { ok: true, value: 3 });
  assert.deepEqual(await log.append([plain]), { ok: true, value: 4 });
  const read = async (): Promise<unknown> =>
    (await bench.log().read(NOTHING_YET, 100)).map((entry) =>
      entry.kind === 'message' ? [Number(entry.position), payloadOf(entry).toString()] : entry,
    );
  const expected = [
    [1, 'plain'],
    [2, 'once'],
    [3, 'plain'],
    [4, 'plain'],
  ];
  assert.deepEqual(await read(), expected);
  await bench.crash();
  assert.deepEqual(await read(), expected);
  assert.deepEqual(bench.log().packetIds.open('bridge "1"').packetIds, [7]);
  await bench.stop();
});

test('messages without keys cost no commit of their own, and keys that are copied are not looked for', async () => {
  const bench = await makeBench();
  const unread = (): unknown =>
    bench.database().prepare('SELECT position FROM mqtt_unread').get()?.['position'];
  await bench.log().append([makeMessage('t', Buffer.from('a'), at)]);
  assert.equal(unread(), null);
  await bench.log().append([keyed({ session: 's', generation: 0, packetId: 1 })]);
  assert.equal(unread(), 1);
  assert.ok(bench.log().packetIds.forget('s', [1]).ok);
  assert.equal(unread(), 2);
  await bench.log().prune({ before: at, maxBytes: 1e9 }, NOTHING_YET);
  assert.equal(unread(), null);
  await bench.stop();
});

test('ids outlive the log files they stand in', async () => {
  const bench = await makeBench();
  const filler = makeMessage('t', Buffer.alloc(9_000), at);
  for (let packetId = 1; packetId <= 3; packetId += 1) {
    await bench.log().append([keyed({ session: 's', generation: 0, packetId }), filler]);
    await bench.log().append([filler]);
  }
  const end = await bench.log().end();
  const dropped = await bench.log().prune({ before: at, maxBytes: 1 }, end);
  assert.ok(dropped > 0);
  await bench.crash();
  assert.deepEqual(bench.log().packetIds.open('s').packetIds, [1, 2, 3]);
  await bench.stop();
});

test('whenever the process dies, a message is in the log exactly when its id is known or was released', async () => {
  const random = makeRandom(7);
  const among = (count: number): number => Math.floor(random.next() * count);
  const bench = await makeBench();
  /* What the broker knows: numbers of messages by packet id, and the messages it has seen received. */
  const sent = new Map<number, number>();
  const released: number[] = [];
  let next = 0;
  let deaths = 0;
  const known = (): Set<number> => new Set(bench.log().packetIds.open('s').packetIds);
  const logged = async (): Promise<number[]> =>
    (await bench.log().read(NOTHING_YET, 10_000)).flatMap((entry) =>
      entry.kind === 'message' ? [Number(payloadOf(entry).toString())] : [],
    );
  const keyedBy = (packetId: number): Message =>
    keyed({ session: 's', generation: 0, packetId }, String(sent.get(packetId)));

  for (let step = 0; step < 150; step += 1) {
    // A few new messages on ids that are free, and what the broker still has, again.
    for (let more = among(4); more > 0; more -= 1) {
      const packetId = 1 + among(6);
      if (sent.has(packetId)) continue;
      sent.set(packetId, next);
      next += 1;
    }
    const taken = known();
    const fresh = [...sent.keys()].filter((id) => !taken.has(id)).map(keyedBy);
    const append = fresh.length > 0 ? bench.log().append(fresh) : undefined;
    const letGo = [...taken].filter(() => random.next() < 0.5);
    if (letGo.length > 0) {
      assert.ok(bench.log().packetIds.forget('s', letGo).ok);
      for (const id of letGo) {
        released.push(sent.get(id) ?? -1);
        sent.delete(id);
      }
    }
    if (random.next() < 0.2) await bench.log().prune({ before: at, maxBytes: 1e9 }, NOTHING_YET);
    if (random.next() < 0.3) {
      for (let turns = among(4); turns > 0; turns -= 1) await nextTurn();
      deaths += 1;
      await bench.crash();
    } else await append;
    const expected = [...released, ...[...known()].map((id) => sent.get(id) ?? -1)];
    assert.deepEqual((await logged()).toSorted(byNumber), expected.toSorted(byNumber));
  }
  assert.ok(deaths > 20 && released.length > 50, `${deaths} ${released.length}`);
  await bench.stop();
});

const byNumber = (a: number, b: number): number => a - b;
