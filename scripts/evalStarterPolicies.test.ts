import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPolicies } from '../bridge/src/config/load.ts';
import { toPolicy } from '../bridge/src/config/translate.ts';
import { makeDecoder } from '../bridge/src/core/decode/decoder.ts';
import { makeEngine } from '../bridge/src/core/engine.ts';
import type { Engine } from '../bridge/src/core/engine.ts';
import { toEpochMs } from '../bridge/src/model/brand.ts';
import type { Signal } from '../bridge/src/model/signal.ts';
import { DEVICE_PERIOD_MS, makeDevice } from './fleet/device.ts';
import type { Message } from './fleet/device.ts';
import { playPlan } from './fleet/director.ts';
import type { Fault, FaultKind } from './fleet/faults.ts';
import { listDevices, makePlan } from './fleet/plan.ts';
import { makeRandom } from './fleet/random.ts';

const policies = readPolicies(
  join(import.meta.dirname, '..', 'config', 'starter-policies.yaml'),
).map(toPolicy);
const START = Date.UTC(2026, 10, 23, 6);

const decode = makeDecoder([
  {
    name: 'fleet',
    topic: 'plant/{deviceType}/{device}/telemetry',
    qos: 1,
    time: { path: 'ts', format: 'iso' },
    metrics: { path: 'metrics' },
    units: {},
    ranges: {},
    maxFutureMs: 300_000,
    maxAgeMs: 86_400_000,
    recorded: false,
    maxBytes: 65_536,
  },
]);

const policyOfFault: Readonly<Record<FaultKind, string>> = {
  'bearing-wear': 'vibration-high',
  leak: 'pressure-low',
  stuck: 'temperature-stuck',
  silence: 'silent',
};

function hear(engine: Engine, message: Message | undefined, now: number): readonly Signal[] {
  if (message === undefined) return [];
  const reading = decode(message.topic, new TextEncoder().encode(message.payload), toEpochMs(now));
  assert.ok(reading.ok, reading.ok ? '' : reading.error.reason);
  return engine.accept(reading.value, toEpochMs(now));
}

/** Plays the scenario of a seed without waiting and gives what the engine said. */
function playScenario(seed: number): {
  readonly signals: readonly Signal[];
  readonly faults: readonly Fault[];
} {
  const random = makeRandom(seed);
  const planned = listDevices(12);
  const plan = makePlan(planned, 6, random.fork('plan'));
  const devices = planned.map(({ key, type }) => makeDevice(key, type, random.fork(key)));
  const engine = makeEngine(policies);
  const director = playPlan(plan, START);
  const signals: Signal[] = [];
  for (let elapsed = 0; elapsed <= plan.endMs; elapsed += DEVICE_PERIOD_MS) {
    const now = START + elapsed;
    for (const device of devices) {
      signals.push(...hear(engine, device.speak(now, director.faultOf(device.key, now)), now));
      const stormy =
        device.key === plan.storm.device && elapsed >= plan.storm.from && elapsed < plan.storm.to;
      for (let extra = 1; stormy && extra < 300; extra += 1) {
        signals.push(...hear(engine, device.speak(now + extra, undefined), now + extra));
      }
    }
    if (elapsed % 1000 === 0) signals.push(...engine.tick(toEpochMs(now), toEpochMs(now)));
  }
  return { signals, faults: plan.faults };
}

for (let seed = 1; seed <= 25; seed += 1) {
  test(`each fault opens and clears exactly one episode, the storm none (seed ${seed})`, () => {
    const { signals, faults } = playScenario(seed);
    const expected = faults.map(({ device, kind }) => {
      const type = device.slice(0, device.lastIndexOf('-'));
      return `${device} ${type}-${policyOfFault[kind]}`;
    });
    for (const phase of ['Opened', 'Cleared']) {
      const said = signals.filter((one) => one.phase === phase);
      assert.deepEqual(
        said.map(({ device, policyKey }) => `${device} ${policyKey}`).toSorted(),
        expected.toSorted(),
      );
    }
  });
}

test('100,000 messages of healthy machines open nothing', () => {
  const random = makeRandom(20_261_123);
  const engine = makeEngine(policies);
  const devices = listDevices(6).map(({ key, type }) => makeDevice(key, type, random.fork(key)));
  const rounds = Math.ceil(100_000 / devices.length);
  for (let round = 0; round < rounds; round += 1) {
    const now = START + round * DEVICE_PERIOD_MS;
    for (const device of devices) {
      const signals = hear(engine, device.speak(now, undefined), now);
      assert.deepEqual(signals, [], signals[0]?.explanation);
    }
    if (round % 2 === 0) assert.deepEqual(engine.tick(toEpochMs(now), toEpochMs(now)), []);
  }
});

test('every metric of the fleet has a rule of its own', () => {
  for (const { type } of listDevices(3)) {
    for (const { metric } of type.channels) {
      const named = policies.filter(
        ({ match }) => match.deviceType === type.name && match.metric === metric,
      );
      assert.equal(named.length, 1, `${metric} of ${type.name}`);
    }
  }
});
