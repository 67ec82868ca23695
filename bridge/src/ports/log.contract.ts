import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs, toLogPosition } from '../model/brand.ts';
import { makeMessage, payloadOf, topicOf } from '../model/message.ts';
import type { Message } from '../model/message.ts';
import type { DurableLog, MessageEntry } from './log.ts';

const TOPIC = 'plant/pump/pump-001/telemetry';
const message = (text: string, receivedAt = 1_000): Message =>
  makeMessage(TOPIC, Buffer.from(text), toEpochMs(receivedAt));
const entries = async (log: DurableLog, after = 0, limit = 100): Promise<MessageEntry[]> =>
  (await log.read(toLogPosition(after), limit)).filter((entry) => entry.kind === 'message');
const texts = async (log: DurableLog, after = 0, limit = 100): Promise<string[]> =>
  (await entries(log, after, limit)).map((entry) => payloadOf(entry).toString());
const forEver = { before: toEpochMs(0), maxBytes: Number.MAX_SAFE_INTEGER };

/** What every durable log promises. `open` gives an empty one. */
export function testLog(
  name: string,
  open: () => Promise<{ log: DurableLog } & AsyncDisposable>,
): void {
  test(`${name}: entries come back whole and in order`, async () => {
    await using opened = await open();
    const { log } = opened;
    for (const text of ['a', 'b', 'c']) assert.ok((await log.append([message(text)])).ok);
    assert.deepEqual(await texts(log), ['a', 'b', 'c']);
    const [first] = await entries(log, 0, 1);
    assert.ok(first !== undefined);
    assert.equal(topicOf(first), TOPIC);
    assert.equal(first.receivedAt, 1_000);
  });

  test(`${name}: reading goes on behind a position, up to a limit`, async () => {
    await using opened = await open();
    const { log } = opened;
    for (const text of ['a', 'b', 'c', 'd']) await log.append([message(text)]);
    const [, second] = await entries(log, 0, 2);
    assert.deepEqual(await texts(log, second?.position, 1), ['c']);
    assert.deepEqual(await texts(log, await log.end()), []);
  });

  test(`${name}: the passing of time stands among the messages`, async () => {
    await using opened = await open();
    const { log } = opened;
    const tick = { at: toEpochMs(5), listenedAt: toEpochMs(3), heardAll: true };
    await log.append([message('a')]);
    assert.ok((await log.tick(tick)).ok);
    assert.ok((await log.tick({ ...tick, heardAll: false })).ok);
    await log.append([message('b')]);
    const [, first, second] = await log.read(toLogPosition(0), 10);
    assert.deepEqual(first, { kind: 'tick', position: 2, ...tick });
    assert.deepEqual(second, { kind: 'tick', position: 3, ...tick, heardAll: false });
    assert.deepEqual(await texts(log), ['a', 'b']);
  });

  test(`${name}: policies stand where they take effect, alone and beside others`, async () => {
    await using opened = await open();
    const { log } = opened;
    const change = (text: string) => ({ at: toEpochMs(7), text });
    assert.ok((await log.changeRules(change('{"limit":"7 µm"}'))).ok);
    // All at once, so that they share a write.
    const [, second] = await Promise.all([
      log.append([message('a')]),
      log.changeRules(change(`{"long":"${'x'.repeat(100_000)}"}`)),
      log.append([message('b'), message('c')]),
    ]);
    assert.ok(second?.ok);
    assert.equal(await log.end(), 5);
    const all = await log.read(toLogPosition(0), 10);
    assert.deepEqual(all[0], { kind: 'rules', position: 1, ...change('{"limit":"7 µm"}') });
    const kinds = all.map(({ kind, position }) => `${position} ${kind}`);
    assert.deepEqual(
      kinds,
      ['rules', 'message', 'rules', 'message', 'message'].map((kind, at) => `${at + 1} ${kind}`),
    );
    assert.equal(all[2]?.kind === 'rules' && all[2].text.length, 100_011);
    assert.deepEqual(await texts(log), ['a', 'b', 'c']);
  });

  test(`${name}: all bytes survive, also none`, async () => {
    await using opened = await open();
    const { log } = opened;
    const payload = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await log.append([makeMessage(TOPIC, payload, toEpochMs(1))]);
    await log.append([message('')]);
    const [bytes, none] = await entries(log, 0, 2);
    assert.ok(bytes !== undefined && none !== undefined);
    assert.deepEqual(Uint8Array.from(payloadOf(bytes)), payload);
    assert.equal(payloadOf(none).length, 0);
  });

  test(`${name}: a position is never given twice`, async () => {
    await using opened = await open();
    const { log } = opened;
    assert.equal(await log.end(), 0);
    await log.append([message('a')]);
    const end = await log.end();
    await log.prune({ ...forEver, before: toEpochMs(2_000) }, end);
    const next = await log.append([message('b')]);
    assert.ok(next.ok && next.value > end);
    assert.equal(await log.end(), next.value);
  });

  test(`${name}: retention drops what is old and processed, and nothing else`, async () => {
    await using opened = await open();
    const { log } = opened;
    const all = Array.from({ length: 300 }, (_, index) => String(1_000 + index));
    for (const text of all) await log.append([message(text, Number(text))]);
    const [, , hundredth] = await entries(log, 97, 3);
    await log.prune(
      { ...forEver, before: toEpochMs(1_200) },
      hundredth?.position ?? toLogPosition(0),
    );
    const processed = await texts(log, 0, 300);
    assert.deepEqual(processed.slice(-200), all.slice(100), 'not processed');
    assert.ok(processed.length < 300);
    await log.prune({ ...forEver, before: toEpochMs(1_200) }, await log.end());
    const young = await texts(log, 0, 300);
    assert.deepEqual(young.slice(-100), all.slice(200), 'young');
    assert.ok(young.length < processed.length);
  });

  test(`${name}: too many bytes drop the oldest processed entries, never the others`, async () => {
    await using opened = await open();
    const { log } = opened;
    const big = 'x'.repeat(100_000);
    for (let index = 0; index < 30; index += 1) await log.append([message(big)]);
    const end = await log.end();
    await log.append([message('not processed')]);
    await log.prune({ before: toEpochMs(0), maxBytes: 0 }, end);
    const left = await texts(log);
    assert.ok(left.length <= 2, `${left.length}`);
    assert.equal(left.at(-1), 'not processed');
  });

  test(`${name}: quarantine takes a message of 1 MB whole`, async () => {
    await using opened = await open();
    const rejection = { kind: 'too-large', reason: 'has 1000000 bytes' } as const;
    const kept = await opened.log.quarantine([
      { message: message('x'.repeat(1_000_000)), rejection },
    ]);
    assert.ok(kept.ok);
    assert.deepEqual(await texts(opened.log), []);
  });

  test(`${name}: the quarantine lets go of what is old, and counts it`, async () => {
    await using opened = await open();
    const { log } = opened;
    const rejection = { kind: 'malformed', reason: 'is not JSON' } as const;
    const times = Array.from({ length: 1_200 }, (_, index) => 1_000 + index);
    await log.quarantine(times.map((at) => ({ message: message('bad', at), rejection })));
    const each = TOPIC.length + 3;
    assert.deepEqual(log.quarantineStatus(), { bytes: 1_200 * each, dropped: 0 });
    assert.equal(await log.pruneQuarantine(toEpochMs(2_100)), 1_100);
    assert.deepEqual(log.quarantineStatus(), { bytes: 100 * each, dropped: 1_100 });
    assert.equal(await log.pruneQuarantine(toEpochMs(2_100)), 0);
  });
}
