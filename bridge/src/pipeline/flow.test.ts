import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDecoder } from '../core/decode/decoder.ts';
import { makeEngine } from '../core/engine.ts';
import { mappingOf } from '../core/fixtures/mappings.ts';
import { makeRandom } from '../core/fixtures/random.ts';
import { START } from '../core/fixtures/readings.ts';
import { makeMemoryLog } from '../edge/log/memoryLog.ts';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { makeMemoryStateStore } from '../edge/state/memoryStateStore.ts';
import { toEpochMs, toLogPosition } from '../model/brand.ts';
import { makeMessage } from '../model/message.ts';
import type { Message } from '../model/message.ts';
import type { Policy } from '../model/policy.ts';
import { readingAt } from '../model/readings.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { until } from '../testing/until.ts';
import { makeHandOff } from './handOff.ts';
import type { HandOffLimits } from './handOff.ts';
import { runProcess } from './process.ts';
import { makeSnapshots } from './snapshots.ts';
import { makeUplink } from './uplink.ts';
import { makeWakeup } from './wakeup.ts';

const high: Policy = {
  key: 'high',
  version: 1,
  match: { metric: 'flow' },
  signalType: 'fault.flow-high',
  severity: 'High',
  detector: { kind: 'threshold', direction: 'above', limit: 1_000_000, clear: 5 },
  openAfterMs: 0,
  clearAfterMs: 0,
  updateEveryMs: 60_000,
};

/** Both stages, as they run in the bridge; the engine writes down what it judges, by the number in `flow`. */
function setUp(limits: HandOffLimits) {
  const log = makeMemoryLog();
  const outbox = makeMemoryOutbox();
  const logger = makeTestLogger();
  const appended = makeWakeup();
  const stop = new AbortController();
  const judged: number[] = [];
  const reads = { count: 0 };
  const inner = makeEngine([high]);
  const engine: typeof inner = {
    ...inner,
    acceptAll(readings, first, end, listenedAt) {
      for (let at = first; at < end; at += 1) {
        judged.push(readingAt(readings, at).values[0] ?? Number.NaN);
      }
      return inner.acceptAll(readings, first, end, listenedAt);
    },
  };
  let now = START;
  const clock = () => toEpochMs(now);
  const common = {
    log: {
      ...log,
      read: (...args: Parameters<typeof log.read>) => {
        reads.count += 1;
        return log.read(...args);
      },
    },
    handOff: makeHandOff(appended, limits),
    decode: makeDecoder([mappingOf()]),
    counters: noCounters,
    logger,
  };
  const uplink = makeUplink({ ...common, signal: stop.signal });
  let sent = 0;
  const makeMessages = (count: number, flow?: number): Message[] =>
    Array.from({ length: count }, () => {
      sent += 1;
      const ts = new Date(START + sent).toISOString();
      const payload = JSON.stringify({ ts, metrics: { flow: flow ?? sent } });
      return makeMessage('plant/pump/p1/telemetry', Buffer.from(payload), toEpochMs(START));
    });
  return {
    log,
    outbox,
    judged,
    reads,
    pass: (ms: number) => (now += ms),
    /** Hands so many messages over in one batch, numbered on. */
    send: (count: number, flow?: number) => uplink(makeMessages(count, flow)),
    /** What an earlier process left in the log. */
    leave: (count: number) => log.append(makeMessages(count)),
    run() {
      const store = makeMemoryStateStore();
      const snapshots = makeSnapshots({ store, engine, clock, logger });
      const others = { outbox, engine, snapshots, appended, recorded: makeWakeup() };
      const running = runProcess(
        { ...common, ...others, clock, isListening: () => true },
        stop.signal,
      );
      return async (): Promise<void> => {
        stop.abort();
        await running;
      };
    },
  };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test('batches, ticks and what was there before are judged in order, each once, however memory and log share them', async () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const random = makeRandom(seed);
    const flow = setUp({ kept: 3 + random.below(20), behind: 40 });
    let sent = 1 + random.below(60);
    await flow.leave(sent);
    const end = flow.run();
    for (let batch = 0; batch < 40; batch += 1) {
      if (random.next() < 0.2) flow.pass(1_000);
      if (random.next() < 0.3) await sleep(1);
      const count = 1 + random.below(9);
      sent += count;
      await flow.send(count);
    }
    await end();
    assert.deepEqual(flow.judged, numbers(sent), `seed ${seed}`);
    assert.ok((await flow.log.end()) >= sent, 'with ticks among them');
  }
});

test('in a running bridge the log is not read', async () => {
  const flow = setUp({ kept: 1_000, behind: 1_000 });
  const end = flow.run();
  for (let batch = 0; batch < 30; batch += 1) {
    flow.pass(400);
    await flow.send(5);
    await sleep(1);
  }
  await until('all is judged', () => flow.judged.length === 150);
  assert.ok((await flow.log.end()) > 150, 'with ticks among them');
  assert.equal(flow.reads.count, 0);
  await end();
});

test('detection that cannot go on keeps the sender waiting, and nothing is lost when it can', async () => {
  const flow = setUp({ kept: 4, behind: 4 });
  const end = flow.run();
  flow.outbox.refuse = { kind: 'full', reason: 'no space left' };
  await flow.send(1, 2_000_000);
  await until('it is judged, its signal not recorded', () => flow.judged.length === 1);
  let taken = 0;
  const sending = (async () => {
    for (let batch = 0; batch < 6; batch += 1) {
      await flow.send(2);
      taken += 1;
    }
  })();
  await sleep(50);
  assert.equal(taken, 2);
  const entries = await flow.log.read(toLogPosition(0), 100);
  assert.equal(entries.filter(({ kind }) => kind === 'message').length, 5);
  flow.outbox.refuse = undefined;
  await sending;
  await end();
  assert.deepEqual(flow.judged.slice(1), numbers(13).slice(1));
});
