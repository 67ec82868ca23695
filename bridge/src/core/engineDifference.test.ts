import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import { makeMetricSets } from '../model/metricSets.ts';
import type { DetectorOptions, Policy, PolicyMatch } from '../model/policy.ts';
import type { Reading } from '../model/reading.ts';
import type { Signal } from '../model/signal.ts';
import { makeEngine } from './engine.ts';
import type { Engine, PutAside } from './engine.ts';
import { beginImage, loadImage } from './fixtures/images.ts';
import { policyOf } from './fixtures/policies.ts';
import { makeRandom } from './fixtures/random.ts';
import type { Random } from './fixtures/random.ts';
import { readingOf, readingsOf, START } from './fixtures/readings.ts';
import { makeSlowEngine } from './fixtures/slowEngine.ts';
import { writeRules } from './policy/rules.ts';
import { dueBeforeChange } from './replaceRules.ts';

const METRICS = ['vibration', 'temperature', 'flow', 'level', '__proto__', 'x'];
const TYPES = ['pump', 'fan', undefined];
const DEVICES = 12;

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)] as T;
}

function detectorOf(random: Random): DetectorOptions {
  const limit = 9 + random.below(6);
  const escalate = { limit: limit + 3, severity: pick(random, ['Critical', 'High'] as const) };
  const above = random.below(2) === 0;
  const learn = 10 + random.below(40);
  return pick<DetectorOptions>(random, [
    { kind: 'threshold', direction: 'above', limit, clear: limit - 1, ...(above && { escalate }) },
    { kind: 'threshold', direction: 'below', limit: 20 - limit, clear: 20 - limit },
    { kind: 'range-novelty', learn, margin: random.below(20) / 100 },
    { kind: 'level-shift', learn, factor: 1 + random.below(10) / 10 },
    { kind: 'stuck', repeats: 3 + random.below(3) },
    { kind: 'silence', afterMs: 1000 * (2 + random.below(12)) },
    { kind: 'silence', afterMs: 1000 * (2 + random.below(12)) },
  ]);
}

function policiesOf(random: Random): readonly Policy[] {
  return Array.from({ length: 2 + random.below(12) }, (_, index) => {
    const match: PolicyMatch = {
      ...(random.below(3) === 0 && { deviceType: pick(random, ['pump', 'fan']) }),
      ...(random.below(5) === 0 && { device: `d-${random.below(DEVICES)}` }),
      ...(random.below(2) === 0 && { metric: pick(random, METRICS) }),
    };
    return policyOf(detectorOf(random), {
      key: `p-${index}`,
      match,
      severity: pick(random, ['High', 'Medium', 'Low'] as const),
      openAfterMs: pick(random, [0, 0, 1500, 9000]),
      clearAfterMs: pick(random, [0, 2000, 7000]),
      updateEveryMs: pick(random, [0, 5000, 60_000]),
    });
  });
}

type Judging = Pick<Engine, 'accept' | 'tick'>;
type Step = (engine: Judging) => ReturnType<Engine['tick']>;

/** Readings of noise and faults in all disorder there is, and time that passes in all ways it can. */
function makeSteps(random: Random, restarts: boolean): () => Step {
  const setsOf = [{ vibration: 'mm/s' }, { vibration: 'in/s', flow: 'l/s' }].map(makeMetricSets);
  let now = 0;
  let listened = 1_000_000;
  let level = 10;
  return () => {
    const passed = pick(random, [
      0,
      100,
      500,
      500,
      1000,
      4000,
      random.below(30) === 0 ? 40_000 : 0,
    ]);
    now += passed;
    if (random.below(8) > 0) listened += passed;
    if (restarts && random.below(1500) === 0) listened = random.below(listened);
    const [at, heard] = [now, toEpochMs(listened)];
    if (random.below(3) === 0) return (engine) => engine.tick(heard, toEpochMs(START + at));
    if (random.below(40) === 0) level = 6 + random.below(10);
    const names = METRICS.filter(() => random.below(3) > 0);
    const late = random.below(8) === 0 ? random.below(5000) : 0;
    const deviceType = pick(random, [...TYPES, 'pump', 'pump', 'pump', 'pump', 'pump']);
    const reading = {
      ...readingOf(at - late, {}),
      device: toDeviceKey(`d-${random.below(DEVICES)}`),
      receivedAt: toEpochMs(START + at - (random.below(20) === 0 ? 300 : 0)),
      metrics: pick(random, setsOf)(random.below(4) === 0 ? names.toReversed() : names),
      values: names.map(() => (random.below(3) === 0 ? level : level + 2 * random.normal())),
      source: pick(random, ['fleet', 'fleet', 'gateway']),
    };
    const { deviceType: _, ...others } = reading;
    const whole = deviceType === undefined ? others : { ...others, deviceType };
    return (engine) => engine.accept(whole, heard);
  };
}

for (let seed = 1; seed <= 12; seed += 1) {
  test(`any policies and readings come to the signals of the rules, also through images (seed ${seed})`, () => {
    const random = makeRandom(seed);
    const policies = policiesOf(random);
    const slow = makeSlowEngine(policies);
    let quick = makeEngine(policies);
    const next = makeSteps(random, true);
    let said = 0;
    for (let step = 0; step < 3000; step += 1) {
      const run = next();
      const signals = run(quick);
      said += signals.length;
      assert.deepEqual(signals, run(slow));
      if (random.below(150) > 0) continue;
      const completed = beginImage(quick);
      // Goes on while it is written, which must not be in it: the steps are repeated.
      const meanwhile = Array.from({ length: 20 }, next);
      for (const one of meanwhile) one(quick);
      quick = makeEngine(policies);
      loadImage(quick, completed());
      for (const one of meanwhile) assert.deepEqual(one(quick), one(slow));
    }
    assert.ok(said > 0);
  });
}

for (let seed = 51; seed <= 56; seed += 1) {
  test(`readings judged together come to the signals of each in its turn (seed ${seed})`, () => {
    const random = makeRandom(seed);
    const policies = policiesOf(random);
    const slow = makeSlowEngine(policies);
    const quick = makeEngine(policies);
    const next = makeSteps(random, true);
    let together: Reading[] = [];
    let said = 0;
    for (let step = 0; step < 4000; step += 1) {
      next()({
        accept(reading, heard) {
          const wanted = slow.accept(reading, heard);
          assert.deepEqual(quick.acceptAll(readingsOf([reading]), 0, 1, heard), wanted);
          together.push(reading);
          return wanted;
        },
        tick(heard, now) {
          assert.deepEqual(quick.tick(heard, now), slow.tick(heard, now));
          if (together.length < 150) return [];
          const [first, end] = [random.below(20), together.length - random.below(20)];
          // Once more, all later than before.
          const later = together.map((one) => ({ ...one, at: toEpochMs(one.at + 10_000_000) }));
          const wanted = later.slice(first, end).flatMap((one) => slow.accept(one, heard));
          assert.deepEqual(quick.acceptAll(readingsOf(later), first, end, heard), wanted);
          said += wanted.length;
          together = [];
          return [];
        },
      });
    }
    assert.ok(said > 0);
  });
}

for (let seed = 101; seed <= 106; seed += 1) {
  test(`nobody notices which devices are put aside meanwhile (seed ${seed})`, () => {
    const random = makeRandom(seed);
    const policies = policiesOf(random);
    const slow = makeSlowEngine(policies);
    const attic = new Map<string, PutAside>();
    const recall = (device: string): string | undefined => {
      const state = attic.get(device)?.state;
      attic.delete(device);
      return state;
    };
    const quick = makeEngine(policies, { recall });
    const withAttic: Judging = {
      accept: (reading, listenedAt) => quick.accept(reading, listenedAt),
      tick(listenedAt, now) {
        for (const [device, { state, dueAt }] of attic) {
          if (dueAt > listenedAt) continue;
          attic.delete(device);
          quick.restore(toDeviceKey(device), state);
        }
        return quick.tick(listenedAt, now);
      },
    };
    const next = makeSteps(random, false);
    let count = 0;
    for (let step = 0; step < 2000; step += 1) {
      const run = next();
      assert.deepEqual(byDevice(run(withAttic)), byDevice(run(slow)));
      if (random.below(5) > 0) continue;
      for (const device of quick.findIdle(Infinity, 1 + random.below(3))) {
        const aside = quick.putAside(device);
        if (aside !== undefined) attic.set(device, aside);
        count += 1;
      }
    }
    assert.ok(count > 300);
  });
}

const asEnded = ({ device, policyKey, metric, sequence }: Signal): string =>
  JSON.stringify([device, policyKey, metric ?? null, sequence]);

for (let seed = 201; seed <= 212; seed += 1) {
  test(`policies replaced at any moment come to the signals of the rules, also through images and the attic (seed ${seed})`, () => {
    const random = makeRandom(seed);
    const first = policiesOf(random);
    const slow = makeSlowEngine(first);
    const attic = new Map<string, PutAside>();
    const recall = (device: string): string | undefined => {
      const state = attic.get(device)?.state;
      attic.delete(device);
      return state;
    };
    let quick = makeEngine(first, { recall });
    const bringBack = (until: number): void => {
      for (const [device, { state, dueAt }] of attic) {
        if (dueAt > until) continue;
        attic.delete(device);
        quick.restore(toDeviceKey(device), state);
      }
    };
    const next = makeSteps(random, false);
    let [said, ends] = [0, 0];
    let now: number = START;
    for (let step = 1; step < 3000; step += 1) {
      const run = next();
      const withAttic: Judging = {
        accept: (reading, listenedAt) => quick.accept(reading, listenedAt),
        tick(listenedAt, at) {
          now = at;
          bringBack(listenedAt);
          return quick.tick(listenedAt, at);
        },
      };
      const signals = byDevice(run(withAttic));
      said += signals.length;
      assert.deepEqual(signals, byDevice(run(slow)));
      if (random.below(60) === 0) {
        // Some stay, some change their options or their kind, some go and come back.
        const fresh = policiesOf(random);
        const kept = quick.policies.filter(() => random.below(2) === 0);
        const file = [...kept, ...fresh.filter(({ key }) => kept.every((one) => one.key !== key))];
        const rulesOf = (policies: readonly Policy[]) => ({
          ...{ file: policies, org: [], off: [], places: new Map() },
        });
        bringBack(dueBeforeChange(rulesOf(quick.policies), rulesOf(file)));
        const ended = quick.replaceRules(writeRules(rulesOf(file)), step, toEpochMs(now));
        ends += ended.length;
        assert.ok(ended.every(({ phase }) => phase === 'Cleared'));
        const expected = slow.replace(quick.policies, toEpochMs(now));
        assert.deepEqual(ended.map(asEnded).toSorted(), expected.toSorted());
      }
      if (random.below(10) === 0) {
        for (const device of quick.findIdle(Infinity, 1 + random.below(2))) {
          const aside = quick.putAside(device);
          if (aside !== undefined) attic.set(device, aside);
        }
      }
      if (random.below(100) > 0) continue;
      const image = beginImage(quick)();
      quick = makeEngine(first, { recall });
      loadImage(quick, image);
    }
    assert.ok(said > 0 && ends > 0);
  });
}

/** Devices that came back may stand in another order. */
function byDevice(signals: readonly Signal[]): readonly Signal[] {
  return signals.toSorted((one, other) =>
    one.device < other.device ? -1 : Number(one.device > other.device),
  );
}
