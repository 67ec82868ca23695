import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { parse } from 'yaml';

import { readPolicies } from '../../bridge/src/config/load.ts';
import { configSchema } from '../../bridge/src/config/schema.ts';
import { toMapping, toPolicy } from '../../bridge/src/config/translate.ts';
import { makeDecoder } from '../../bridge/src/core/decode/decoder.ts';
import type { Engine } from '../../bridge/src/core/engine.ts';
import { makeEngine } from '../../bridge/src/core/engine.ts';
import { toEpochMs } from '../../bridge/src/model/brand.ts';
import { makeMessage } from '../../bridge/src/model/message.ts';
import type { Signal } from '../../bridge/src/model/signal.ts';
import type { Message } from '../fleet/device.ts';
import { DEVICE_PERIOD_MS, makeDevice } from '../fleet/device.ts';
import { playPlan } from '../fleet/director.ts';
import type { FaultKind } from '../fleet/faults.ts';
import { listDevices, makePlan } from '../fleet/plan.ts';
import { makeRandom } from '../fleet/random.ts';
import { makeBridgeConfig } from './bridgeConfig.ts';

const policiesFile = join(import.meta.dirname, '../../config/starter-policies.yaml');
const policies = readPolicies(policiesFile).map(toPolicy);
const { yaml } = makeBridgeConfig({
  brokerUrl: 'mqtt://127.0.0.1:1883',
  mqttClientId: 'test',
  dataDir: '.',
  policiesFile,
  instanceUrl: 'http://127.0.0.1:1',
  pubsubEndpoint: 'localhost:1',
  pubsubCaFile: 'ca.crt',
  clientId: 'c',
  username: 'u',
  privateKeyFile: 'k',
  missingAfterSeconds: 20,
});
const decode = makeDecoder(configSchema.parse(parse(yaml)).mappings.map(toMapping));

/** The policy of a device type that a fault belongs to, without the type. */
const policyOf: Readonly<Record<FaultKind, string>> = {
  'bearing-wear': 'vibration-high',
  leak: 'pressure-low',
  stuck: 'temperature-stuck',
  silence: 'silent',
};

const START = Date.UTC(2026, 10, 23);
/** The fleet lingers: as long after the end of the plan devices go on speaking. */
const LINGER_MS = 10_000;

const typeOf = (device: string): string => device.slice(0, device.lastIndexOf('-'));

function accept(engine: Engine, message: Message | undefined, now: number): readonly Signal[] {
  if (message === undefined) return [];
  const at = toEpochMs(now);
  const reading = decode(makeMessage(message.topic, Buffer.from(message.payload), at));
  assert.ok(reading.ok, JSON.stringify(reading));
  return engine.accept(reading.value, at);
}

/** Plays a scenario in virtual time through the bridge's own decoder and detectors. */
function detect(seed: number, deviceCount: number, faultCount: number, jitterMs: number) {
  const random = makeRandom(seed);
  const planned = listDevices(deviceCount);
  const devices = planned.map(({ key, type }) => makeDevice(key, type, random.fork(key)));
  const plan = makePlan(planned, faultCount, random.fork('plan'));
  const director = playPlan(plan, START);
  const engine = makeEngine(policies);
  const late = makeRandom(seed + 1);
  const signals: Signal[] = [];
  let stormSent = 0;

  const hear = (message: Message | undefined, now: number): void => {
    signals.push(...accept(engine, message, now));
  };

  for (let now = START; now < START + plan.endMs + LINGER_MS; now += DEVICE_PERIOD_MS) {
    for (const device of devices) {
      const time = now + late.integer(0, jitterMs);
      hear(device.speak(time, director.faultOf(device.key, time)), time);
    }
    const storm = director.stormAt(now);
    const share = storm === undefined ? 0 : (now - storm.from) / (storm.to - storm.from);
    const target = Math.floor(Math.min(1, share) * (storm?.messages ?? 0));
    const stormy = devices.find(({ key }) => key === storm?.device);
    for (; stormSent < target; stormSent += 1) hear(stormy?.speak(now, undefined), now);
    if (now % 1000 === 0) signals.push(...engine.tick(toEpochMs(now), toEpochMs(now)));
  }
  return { plan, signals, stormSent };
}

describe('what the bridge detects in a scenario', () => {
  for (const [name, jitterMs, seeds] of [
    ['on time', 0, 60],
    ['late by up to 400 ms', 400, 20],
  ] as const) {
    it(`is each fault, once, by its own policy, and nothing else (${seeds} seeds, ${name})`, () => {
      for (let seed = 1; seed <= seeds; seed += 1) {
        const { plan, signals, stormSent } = detect(seed, 12, 6, jitterMs);
        assert.ok(stormSent >= 1000);
        const phase = (wanted: string) =>
          signals
            .filter((signal) => signal.phase === wanted)
            .map(({ device, policyKey }) => `${device} ${policyKey}`)
            .toSorted((a, b) => a.localeCompare(b));
        const expected = plan.faults
          .map(({ device, kind }) => `${device} ${typeOf(device)}-${policyOf[kind]}`)
          .toSorted((a, b) => a.localeCompare(b));
        assert.deepEqual(phase('Opened'), expected, `opened, seed ${seed}`);
        assert.deepEqual(phase('Cleared'), expected, `cleared, seed ${seed}`);
        const escalated = expected.filter((text) => text.endsWith('vibration-high'));
        assert.deepEqual(phase('Updated'), escalated, `updated, seed ${seed}`);
      }
    });
  }

  it('is the same in a large fleet', () => {
    const { plan, signals } = detect(3, 60, 40, 100);
    assert.equal(signals.filter(({ phase }) => phase === 'Opened').length, plan.faults.length);
  });
});

describe('the starter policies', () => {
  it('find nothing in 100,000 messages of healthy machines', () => {
    const random = makeRandom(20_261_123);
    const engine = makeEngine(policies);
    const devices = listDevices(6).map(({ key, type }) => makeDevice(key, type, random.fork(key)));
    const rounds = Math.ceil(100_000 / devices.length);
    for (let round = 0; round < rounds; round += 1) {
      const now = START + round * DEVICE_PERIOD_MS;
      for (const device of devices) {
        const signals = accept(engine, device.speak(now, undefined), now);
        assert.deepEqual(signals, [], signals[0]?.explanation);
      }
      if (round % 2 === 0) assert.deepEqual(engine.tick(toEpochMs(now), toEpochMs(now)), []);
    }
  });

  it('have a rule of its own for every metric of the fleet', () => {
    for (const { type } of listDevices(3)) {
      for (const { metric } of type.channels) {
        const named = policies.filter(
          ({ match }) => match.deviceType === type.name && match.metric === metric,
        );
        assert.equal(named.length, 1, `${metric} of ${type.name}`);
      }
    }
  });
});
