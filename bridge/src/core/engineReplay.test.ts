import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import type { Signal } from '../model/signal.ts';
import { makeEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { beginImage, loadImage } from './fixtures/images.ts';
import { policyOf } from './fixtures/policies.ts';
import { makeRandom } from './fixtures/random.ts';
import type { Random } from './fixtures/random.ts';
import { readingOf, START } from './fixtures/readings.ts';

/** One of every kind, quick enough that a few thousand steps see all of them open and clear. */
const policies: readonly Policy[] = [
  policyOf(
    {
      kind: 'threshold',
      direction: 'above',
      limit: 12,
      clear: 10.5,
      escalate: { limit: 13, severity: 'Critical' },
    },
    {
      key: 'high',
      match: { metric: 'vibration' },
      openAfterMs: 1500,
      clearAfterMs: 3000,
      updateEveryMs: 9000,
    },
  ),
  policyOf(
    { kind: 'stuck', repeats: 3 },
    { key: 'stuck', match: { metric: 'temperature' }, clearAfterMs: 1000 },
  ),
  policyOf({ kind: 'range-novelty', learn: 40, margin: 0.05 }, { key: 'range' }),
  policyOf({ kind: 'level-shift', learn: 40, factor: 1.1 }, { key: 'shift' }),
  // Clears later than it opens, so that a relapse within the clearing happens too.
  policyOf(
    { kind: 'silence', afterMs: 4000 },
    { key: 'silent', clearAfterMs: 6000, updateEveryMs: 20_000 },
  ),
];

type Step = (engine: Engine) => readonly Signal[];

/** A stream with noise, faults, late and repeated readings, quiet times, and a change of type. */
function makeSteps(random: Random, count: number): readonly Step[] {
  let now = 0;
  let listened = 0;
  let level = 10;
  return Array.from({ length: count }, (_, index): Step => {
    const passed = random.below(20) === 0 ? 6000 : 500;
    now += passed;
    // At times the bridge is not connected and its listening clock stands still.
    if (random.below(10) > 0) listened += passed;
    const [at, heard] = [now, toEpochMs(listened)];
    if (random.below(4) === 0) return (engine) => engine.tick(heard, toEpochMs(START + at));
    if (random.below(60) === 0) level = 8 + random.below(8);
    const late = random.below(10) === 0 ? random.below(3000) : 0;
    const metrics = {
      vibration: level + random.normal(),
      temperature: Math.round(60 + random.normal()),
      flow: level * 3 + random.normal(),
    };
    const reading = readingOf(at - late, metrics, {
      device: toDeviceKey(`d-${random.below(3)}`),
      receivedAt: toEpochMs(START + at),
      deviceType: index % 700 === 699 ? 'changed' : 'pump',
    });
    return (engine) => engine.accept(reading, heard);
  });
}

/** Runs with crashes: at each the engine is lost and goes on from the last commit. */
function runWithCrashes(steps: readonly Step[], random: Random): readonly Signal[] {
  let disk = beginImage(makeEngine(policies))();
  const said: Signal[] = [];
  let engine = makeEngine(policies);
  let committed = 0;
  let pending: Signal[] = [];
  let position = 0;
  while (position < steps.length) {
    pending.push(...(steps[position]?.(engine) ?? []));
    position += 1;
    const dice = random.below(100);
    if (dice < 3) {
      disk = beginImage(engine)();
      said.push(...pending);
      pending = [];
      committed = position;
    } else if (dice < 5) {
      engine = makeEngine(policies);
      loadImage(engine, disk);
      pending = [];
      position = committed;
    }
  }
  return [...said, ...pending];
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`crashes at any point change no signal and no key (seed ${seed})`, () => {
    const steps = makeSteps(makeRandom(seed), 4000);
    const straight = makeEngine(policies);
    const expected = steps.flatMap((step) => step(straight));
    for (const { key } of policies) {
      const phases = new Set(
        expected.filter((one) => one.policyKey === key).map(({ phase }) => phase),
      );
      assert.ok(phases.has('Opened') && phases.has('Cleared'), `${key} never opened and cleared`);
    }
    assert.deepEqual(runWithCrashes(steps, makeRandom(100 + seed)), expected);
  });

  test(`every event key is unique and each episode counts without a gap (seed ${seed})`, () => {
    const engine = makeEngine(policies);
    const signals = makeSteps(makeRandom(seed), 4000).flatMap((step) => step(engine));
    assert.equal(new Set(signals.map(({ eventKey }) => eventKey)).size, signals.length);
    const next = new Map<string, number>();
    for (const { episodeKey, phase, sequence } of signals) {
      assert.equal(sequence, next.get(episodeKey) ?? 0);
      assert.equal(phase === 'Opened', sequence === 0);
      next.set(episodeKey, sequence + 1);
    }
  });

  test(`signals fit the event whatever happens (seed ${seed})`, () => {
    const engine = makeEngine(policies);
    for (const signal of makeSteps(makeRandom(seed), 4000).flatMap((step) => step(engine))) {
      assert.ok(signal.snapshot.length <= 32_000 && signal.explanation.length <= 2000);
      assert.ok(signal.confidence >= 0 && signal.confidence <= 1);
      assert.doesNotMatch(signal.explanation, /undefined|NaN|null|Infinity/);
      for (const number of [signal.value, signal.baseline]) {
        assert.ok(number !== undefined && Number.isFinite(number) && Math.abs(number) < 1e12);
      }
    }
  });
}
