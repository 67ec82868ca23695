import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs, toLogPosition } from '../model/brand.ts';
import type { IncomingMessage } from './ingress.ts';
import type { DurableLog } from './log.ts';

const message = (text: string, receivedAt = 1_000): IncomingMessage => ({
  topic: 'plant/pump/pump-001/telemetry',
  payload: Buffer.from(text),
  receivedAt: toEpochMs(receivedAt),
});
const texts = async (log: DurableLog, after = 0, limit = 100): Promise<string[]> =>
  (await log.read(toLogPosition(after), limit)).map(({ payload }) =>
    Buffer.from(payload).toString(),
  );
const forEver = { before: toEpochMs(0), maxBytes: Number.MAX_SAFE_INTEGER };

/** What every durable log promises. `open` gives an empty one. */
export function testLog(name: string, open: () => { log: DurableLog } & Disposable): void {
  test(`${name}: entries come back whole and in order`, async () => {
    using opened = open();
    const { log } = opened;
    for (const text of ['a', 'b', 'c']) assert.ok((await log.append([message(text)])).ok);
    assert.deepEqual(await texts(log), ['a', 'b', 'c']);
    const [first] = await log.read(toLogPosition(0), 1);
    assert.equal(first?.topic, 'plant/pump/pump-001/telemetry');
    assert.equal(first.receivedAt, 1_000);
  });

  test(`${name}: reading goes on behind a position, up to a limit`, async () => {
    using opened = open();
    const { log } = opened;
    for (const text of ['a', 'b', 'c', 'd']) await log.append([message(text)]);
    const [, second] = await log.read(toLogPosition(0), 2);
    assert.deepEqual(await texts(log, second?.position, 1), ['c']);
    assert.deepEqual(await texts(log, await log.end()), []);
  });

  test(`${name}: all bytes survive, also none`, async () => {
    using opened = open();
    const { log } = opened;
    const payload = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await log.append([{ ...message(''), payload }]);
    await log.append([message('')]);
    const [bytes, none] = await log.read(toLogPosition(0), 2);
    assert.deepEqual(Uint8Array.from(bytes?.payload ?? []), payload);
    assert.equal(none?.payload.length, 0);
  });

  test(`${name}: a position is never given twice, even when everything was dropped`, async () => {
    using opened = open();
    const { log } = opened;
    assert.equal(await log.end(), 0);
    await log.append([message('a')]);
    const end = await log.end();
    assert.equal(await log.prune({ ...forEver, before: toEpochMs(2_000) }, end), 1);
    const next = await log.append([message('b')]);
    assert.ok(next.ok && next.value > end);
    assert.equal(await log.end(), next.value);
  });

  test(`${name}: retention drops what is old and processed, and nothing else`, async () => {
    using opened = open();
    const { log } = opened;
    for (const at of [1_000, 2_000, 3_000]) await log.append([message(String(at), at)]);
    const [first] = await log.read(toLogPosition(0), 1);
    const old = { ...forEver, before: toEpochMs(2_500) };
    assert.equal(await log.prune(old, first?.position ?? toLogPosition(0)), 1);
    assert.deepEqual(await texts(log), ['2000', '3000']);
    assert.equal(await log.prune(old, await log.end()), 1);
    assert.deepEqual(await texts(log), ['3000']);
  });

  test(`${name}: too many bytes drop the oldest processed entries, never the others`, async () => {
    using opened = open();
    const { log } = opened;
    const big = 'x'.repeat(100_000);
    for (let index = 0; index < 30; index += 1) await log.append([message(big)]);
    const end = await log.end();
    await log.append([message('not processed')]);
    await log.prune({ before: toEpochMs(0), maxBytes: 0 }, end);
    assert.deepEqual(await texts(log), ['not processed']);
  });

  test(`${name}: quarantine takes a message of 1 MB whole`, async () => {
    using opened = open();
    const rejection = { kind: 'too-large', reason: 'has 1000000 bytes' } as const;
    const kept = await opened.log.quarantine([
      { message: message('x'.repeat(1_000_000)), rejection },
    ]);
    assert.ok(kept.ok);
    assert.deepEqual(await texts(opened.log), []);
  });
}
