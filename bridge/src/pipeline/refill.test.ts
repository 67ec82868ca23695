import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mappingOf } from '../core/fixtures/mappings.ts';
import { START } from '../core/fixtures/readings.ts';
import { makeDecoder } from '../core/decode/decoder.ts';
import { secondAt } from '../core/telemetry/buckets.ts';
import { makeWindow } from '../core/telemetry/window.ts';
import { makeMemoryLog } from '../edge/log/memoryLog.ts';
import { toDeviceKey, toEpochMs, toLogPosition } from '../model/brand.ts';
import { makeMessage } from '../model/message.ts';
import { makeTestLogger } from '../testing/logger.ts';
import { until } from '../testing/until.ts';
import { refillWindow } from './refill.ts';

const HOUR = 3_600_000;
const pump = toDeviceKey('pump-001');

/** A log with one message every `stepMs` up to the start, all processed. */
async function setUp(messages: number, stepMs: number, maxBytes = 1e7) {
  const log = makeMemoryLog();
  const window = makeWindow(maxBytes);
  for (let index = messages; index > 0; index -= 1) {
    const at = START - index * stepMs;
    await log.append([
      makeMessage(
        'plant/pump/pump-001/telemetry',
        Buffer.from(JSON.stringify({ ts: new Date(at).toISOString(), metrics: { flow: index } })),
        toEpochMs(at),
      ),
    ]);
  }
  const progress = { position: await log.end() };
  const options = {
    log,
    progress,
    window,
    decode: makeDecoder([mappingOf()]),
    clock: () => toEpochMs(START),
    logger: makeTestLogger(),
  };
  const never = new AbortController().signal;
  return {
    ...options,
    refill: async (processed: number, signal = never) =>
      refillWindow({ ...options, processed: toLogPosition(processed) }, signal),
    held: () => window.metrics(pump)[0]?.buckets.readings ?? 0,
    oldest: () => {
      const [metric] = window.metrics(pump);
      return metric === undefined ? undefined : secondAt(metric.buckets, 0);
    },
  };
}

test('what is left of the last hour is in memory again, and nothing older', async () => {
  const box = await setUp(1_000, 10_000);
  await box.refill(1_000);
  // The message of exactly an hour ago is the last one.
  assert.equal(box.held(), HOUR / 10_000);
  assert.deepEqual(box.logger.lines, []);
});

test('what detection has still to process is left to it', async () => {
  const box = await setUp(500, 1_000);
  await box.refill(300);
  assert.equal(box.held(), 300);
});

test('it waits while detection is far behind', async () => {
  const box = await setUp(3_000, 1_000);
  box.progress.position = toLogPosition(1_000);
  const running = box.refill(1_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(box.held(), 0);
  box.progress.position = toLogPosition(3_000);
  await running;
  assert.equal(box.held(), 1_000);
});

test('where memory ends, the newest is what is held', async () => {
  const box = await setUp(3_000, 1_000, 30_000);
  await box.refill(3_000);
  const metric = box.window.metrics(pump)[0];
  assert.ok(metric !== undefined && box.window.bytes() <= 30_000);
  assert.equal(metric.buckets.lastAt, START - 1_000);
  assert.ok(box.held() >= 512 && box.held() < 3_000, `${box.held()}`);
});

test('a stop ends it, and a log that cannot be read is said', async () => {
  const box = await setUp(2_000, 1_000);
  const stop = new AbortController();
  const running = box.refill(2_000, stop.signal);
  await until('begun', () => box.held() > 0);
  stop.abort();
  await running;
  assert.ok(box.held() < 2_000);
  Object.assign(box.log, { read: () => Promise.reject(new Error('disk')) });
  await box.refill(2_000);
  assert.match(box.logger.lines[0] ?? '', /charts begin empty/);
});
