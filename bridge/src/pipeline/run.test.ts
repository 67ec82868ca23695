import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ok } from '../model/result.ts';
import { makeTestLogger } from '../testing/logger.ts';
import { runPipeline } from './run.ts';
import type { PipelineParts, Stage } from './run.ts';

const never: Stage = () => new Promise(() => undefined);

function setUp(changes: Partial<PipelineParts> = {}) {
  const logger = makeTestLogger();
  const steps: string[] = [];
  const untilAborted =
    (name: string): Stage =>
    async (signal) => {
      while (!signal.aborted) await sleep(1);
      steps.push(name);
    };
  const parts: PipelineParts = {
    ingress: {
      start: () => steps.push('start'),
      status: () => ({ listening: true, reason: 'ok' }),
      async stop() {
        steps.push('ingress');
      },
    },
    uplink: () => async () => undefined,
    process: untilAborted('process'),
    deliver: untilAborted('deliver'),
    receipts: untilAborted('receipts'),
    housekeeping: untilAborted('housekeeping'),
    publisher: {
      publish: async () => ({ outcomes: [] }),
      probe: async () => ok(undefined),
      async close() {
        steps.push('publisher');
      },
    },
    logger,
    drainMs: 300,
    ...changes,
  };
  return { parts, steps, logger };
}

test('stages drain in the order of the readings', async () => {
  const { parts, steps } = setUp();
  const stop = new AbortController();
  const running = runPipeline(parts, stop.signal);
  await sleep(5);
  stop.abort();
  await running;
  assert.deepEqual(steps.slice(0, 4), ['start', 'ingress', 'process', 'deliver']);
  assert.deepEqual(steps.slice(4).toSorted(), ['housekeeping', 'publisher', 'receipts']);
});

test('stages that all hang hold a stop up for one drain time and a second, not for each', async () => {
  const hanging = { process: never, deliver: never, receipts: never };
  const { parts, steps } = setUp({ ...hanging, drainMs: 1_000 });
  const from = performance.now();
  await runPipeline(parts, AbortSignal.abort());
  const tookMs = performance.now() - from;
  // One after another they would take 4 s.
  assert.ok(tookMs >= 1_900 && tookMs < 3_500, `${tookMs} ms`);
  assert.ok(steps.includes('publisher'));
});

test('a stage that breaks stops the others in order, and is reported once', async () => {
  const broken = new Error('the disk is gone');
  const { parts, steps, logger } = setUp({ process: () => Promise.reject(broken) });
  await assert.rejects(runPipeline(parts, new AbortController().signal), broken);
  assert.deepEqual(steps.slice(0, 3), ['start', 'ingress', 'deliver']);
  assert.equal(logger.lines.length, 1);
});
