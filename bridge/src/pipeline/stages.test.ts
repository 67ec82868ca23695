import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../core/engine.ts';
import { makeDecoder } from '../core/decode/decoder.ts';
import { makeEngine } from '../core/engine.ts';
import { makeMemoryLog } from '../edge/log/memoryLog.ts';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import { makeMemoryStateStore } from '../edge/state/memoryStateStore.ts';
import { toEpochMs } from '../model/brand.ts';
import type { Mapping } from '../model/mapping.ts';
import { makeMessage, payloadOf } from '../model/message.ts';
import type { Message } from '../model/message.ts';
import type { Policy } from '../model/policy.ts';
import { readingAt } from '../model/readings.ts';
import { makeTestLogger, noCounters } from '../testing/logger.ts';
import { until } from '../testing/until.ts';
import { makeHandOff } from './handOff.ts';
import { makeListeningClock } from './listening.ts';
import { runProcess } from './process.ts';
import { makeSnapshots } from './snapshots.ts';
import { makeUplink } from './uplink.ts';
import { makeWakeup } from './wakeup.ts';

const mapping: Mapping = {
  name: 'plant',
  topic: 'plant/{deviceType}/{device}/telemetry',
  qos: 1,
  time: { path: 'ts', format: 'ms' },
  metrics: { path: 'metrics' },
  units: {},
  ranges: {},
  maxFutureMs: 300_000,
  maxAgeMs: 7 * 86_400_000,
  recorded: false,
  maxBytes: 65_536,
};
const high: Policy = {
  key: 'high',
  version: 1,
  match: { metric: 'vibration' },
  signalType: 'fault.vibration-high',
  severity: 'High',
  detector: { kind: 'threshold', direction: 'above', limit: 7, clear: 5 },
  openAfterMs: 0,
  clearAfterMs: 0,
  updateEveryMs: 60_000,
};
const silence: Policy = {
  ...high,
  key: 'silent',
  match: {},
  signalType: 'connectivity.silent',
  detector: { kind: 'silence', afterMs: 3_000 },
};
const START = 1_790_000_000_000;
const full = { kind: 'full', reason: 'no space left' } as const;
const TOPIC = 'plant/pump/p1/telemetry';
const message = (at: number, vibration: unknown, topic = TOPIC) =>
  makeMessage(
    topic,
    Buffer.from(JSON.stringify({ ts: at, metrics: { vibration } })),
    toEpochMs(START),
  );

function setUp() {
  const log = makeMemoryLog();
  const outbox = makeMemoryOutbox();
  const states = makeMemoryStateStore();
  const logger = makeTestLogger();
  const stop = new AbortController();
  let now = START;
  const appended = makeWakeup();
  const parts = {
    log,
    outbox,
    logger,
    appended,
    handOff: makeHandOff(appended),
    decode: makeDecoder([mapping]),
    counters: noCounters,
    recorded: makeWakeup(),
    isListening: () => true,
    clock: () => toEpochMs(now),
  };
  const takeOver = makeUplink({
    ...parts,
    signal: stop.signal,
    retry: { firstMs: 5, maxMs: 10 },
  });
  const uplink = (...messages: readonly Message[]): Promise<void> => takeOver(messages);
  /** An engine and its snapshots. */
  const withState = (engine: Engine) => {
    const { clock } = parts;
    return { engine, snapshots: makeSnapshots({ store: states, engine, clock, logger }) };
  };
  return {
    ...parts,
    states,
    withState,
    stop,
    uplink,
    pass: (milliseconds: number) => (now += milliseconds),
    /** Everything in the log through a fresh engine, as after a start. */
    async process(engine: Engine = makeEngine([high])) {
      const done = new AbortController();
      done.abort();
      await runProcess({ ...parts, ...withState(engine) }, done.signal);
    },
    async keys() {
      const due = await outbox.due(toEpochMs(now), 100);
      return due.map(({ signal }) => `${signal.phase} ${signal.eventKey}`);
    },
  };
}

test('what cannot become a reading is kept with its reason, while good messages go on', async () => {
  const { uplink, log } = setUp();
  await uplink(message(START, 2.5));
  const bad = (payload: Buffer): Message => makeMessage(TOPIC, payload, toEpochMs(START));
  await uplink(bad(Buffer.from('{"ts":')));
  await uplink(bad(Buffer.alloc(1_000_000, 'x')));
  await uplink(message(START + 86_400_000, 2.5));
  await uplink(message(START, 'high'));
  await uplink(message(START, 2.5, 'elsewhere/p1'));
  await uplink(message(START + 1, 2.6));
  assert.equal(await log.end(), 2);
  assert.deepEqual(
    log.quarantined.map(({ rejection }) => rejection.kind),
    ['malformed', 'too-large', 'clock-skew', 'wrong-type', 'no-mapping'],
  );
  const large = log.quarantined[1];
  assert.ok(large !== undefined);
  assert.equal(payloadOf(large.message).length, 1_000_000, 'whole');
  for (const { rejection } of log.quarantined) assert.ok(rejection.reason.length > 10);
});

test('while the disk refuses, a message is held and not given up', async () => {
  const { uplink, log, logger } = setUp();
  log.refuse = full;
  let taken = false;
  const held = uplink(message(START, 2.5)).then(() => (taken = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(taken, false);
  log.refuse = undefined;
  await held;
  assert.equal(await log.end(), 1);
  assert.deepEqual(logger.lines, ['error no space left', 'info messages are stored again']);
});

test('a message that cannot be stored at shutdown stays with its sender', async () => {
  const { uplink, log, stop } = setUp();
  log.refuse = full;
  const held = uplink(message(START, 2.5));
  stop.abort();
  await assert.rejects(held, { name: 'AbortError' });
});

test('replaying the log after a crash says the same with the same keys, and only once', async () => {
  const one = setUp();
  const values = [2.5, 9, 2.5, 9.1, 2.4, 2.3, 9.9];
  for (const [index, value] of values.entries()) await one.uplink(message(START + index, value));
  await one.process();
  const expected = await one.keys();
  assert.ok(expected.length > 0);

  // The same log, but the process dies once, after its signals and before a snapshot.
  const two = setUp();
  for (const [index, value] of values.entries()) await two.uplink(message(START + index, value));
  const engine = makeEngine([high]);
  const dying: Engine = {
    ...engine,
    image: {
      ...engine.image,
      words() {
        throw new Error('kill -9');
      },
    },
  };
  await assert.rejects(two.process(dying));
  assert.equal(two.states.newest(), undefined);
  await two.process();
  assert.deepEqual(await two.keys(), expected);
  await two.process();
  assert.deepEqual(await two.keys(), expected);
  assert.equal(two.states.newest()?.cursor, values.length);
});

test('detection continues where it was, from recorded state and not from the beginning', async () => {
  const one = setUp();
  for (const [index, value] of [2.5, 9].entries()) await one.uplink(message(START + index, value));
  await one.process();
  await one.uplink(message(START + 2, 2.5));
  const decoded: string[] = [];
  const engine = makeEngine([high]);
  await one.process({
    ...engine,
    acceptAll(readings, first, end, listenedAt) {
      for (let at = first; at < end; at += 1) {
        decoded.push(String(readingAt(readings, at).at - START));
      }
      return engine.acceptAll(readings, first, end, listenedAt);
    },
  });
  assert.deepEqual(decoded, ['2']);
  const states = await one.outbox.counts();
  assert.equal(states.pending, 2, 'Opened before, Cleared after the restart');
});

test('a step the disk refuses is recorded later, whole', async () => {
  const setup = setUp();
  const { uplink, outbox, log } = setup;
  for (const [index, value] of [2.5, 9].entries()) await uplink(message(START + index, value));
  outbox.refuse = full;
  setTimeout(() => (outbox.refuse = undefined), 50);
  const stopped = new AbortController();
  const running = runProcess(
    { ...setUp(), log, outbox, ...setup.withState(makeEngine([high])) },
    stopped.signal,
  );
  await until('it is recorded', async () => (await setup.keys()).length === 1);
  stopped.abort();
  await running;
  await setup.process();
  assert.equal((await setup.keys()).length, 1);
});

test('a message no mapping covers any more is quarantined, also when the disk refuses at first', async () => {
  const setup = setUp();
  const { uplink, log, outbox } = setup;
  await uplink(message(START, 2.5));
  log.refuse = full;
  setTimeout(() => (log.refuse = undefined), 50);
  const stopped = new AbortController();
  const decode = makeDecoder([{ ...mapping, topic: 'elsewhere/{device}' }]);
  const detection = { ...setup.withState(makeEngine([high])), decode };
  const running = runProcess({ ...setUp(), log, outbox, ...detection }, stopped.signal);
  await until('it is quarantined', () => log.quarantined.length === 1);
  stopped.abort();
  await running;
  assert.equal(log.quarantined[0]?.rejection.kind, 'no-mapping');
});

test('the listening clock stands still while disconnected, asleep or hung', () => {
  const clock = makeListeningClock(toEpochMs(100));
  const at = (now: number, listening: boolean): number => clock.advance(toEpochMs(now), listening);
  assert.equal(at(5_000, true), 100, 'the first tick only sets the time');
  assert.equal(at(6_000, true), 1_100);
  assert.equal(at(7_000, false), 1_100);
  assert.equal(at(8_000, true), 2_100);
  assert.equal(at(3_608_000, true), 4_100, 'an hour asleep is two seconds at most');
  assert.equal(at(3_600_000, true), 4_100, 'a clock set back adds nothing');
});

test('silence is judged by the listening clock, and an outage is nobody’s silence', async () => {
  const setup = setUp();
  let connected = false;
  await setup.uplink(message(START, 2.5));
  const stop = new AbortController();
  const options = {
    ...setup,
    isListening: () => connected,
    ...setup.withState(makeEngine([silence])),
  };
  const running = runProcess(options, stop.signal);
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second += 1) {
      setup.pass(1_000);
      setup.appended.notify();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await seconds(10);
  assert.deepEqual(await setup.keys(), [], 'not connected');
  connected = true;
  await seconds(6);
  stop.abort();
  await running;
  const [opened, ...more] = await setup.keys();
  assert.match(opened ?? '', /^Opened /);
  assert.deepEqual(more, []);
});

test('silence is not judged while messages are queued up, and at once when they are heard', async () => {
  const setup = setUp();
  let heardAll = false;
  await setup.uplink(message(START, 2.5));
  const stop = new AbortController();
  const running = runProcess(
    {
      ...setup,
      isListening: () => true,
      hasHeardAll: () => heardAll,
      ...setup.withState(makeEngine([silence])),
    },
    stop.signal,
  );
  const second = async (): Promise<void> => {
    setup.pass(1_000);
    setup.appended.notify();
    await new Promise((resolve) => setTimeout(resolve, 10));
  };
  for (let passed = 0; passed < 10; passed += 1) await second();
  assert.deepEqual(await setup.keys(), [], 'a queue');
  heardAll = true;
  await second();
  stop.abort();
  await running;
  assert.match((await setup.keys())[0] ?? '', /^Opened /);
});
