import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import type { Signal } from '../model/signal.ts';
import { makeEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { episodeKeyOf, eventKeyOf } from './episode/keys.ts';
import { policyOf } from './fixtures/policies.ts';
import { readingOf, START } from './fixtures/readings.ts';

const vibration: Policy = policyOf(
  {
    kind: 'threshold',
    direction: 'above',
    limit: 7.1,
    clear: 4.5,
    escalate: { limit: 11, severity: 'Critical' },
  },
  {
    key: 'pump-vibration-high',
    version: 3,
    match: { deviceType: 'pump', metric: 'vibration' },
    signalType: 'fault.vibration-high',
    severity: 'High',
    openAfterMs: 2000,
    clearAfterMs: 2000,
  },
);
const silent: Policy = policyOf(
  { kind: 'silence', afterMs: 8000 },
  { key: 'pump-silent', match: { deviceType: 'pump' }, signalType: 'connectivity.silent' },
);

/** Feeds one value a second, listening all the time. */
function feed(engine: Engine, values: readonly number[], from = 0): readonly Signal[] {
  return values.flatMap((value, index) => {
    const after = 1000 * (from + index);
    return engine.accept(readingOf(after, { vibration: value }), toEpochMs(START + after));
  });
}

const phases = (signals: readonly Signal[]): readonly string[] =>
  signals.map(({ phase, sequence, severity }) => `${phase} ${sequence} ${severity}`);

test('a reading that is said twice is judged once, and counted; one that is late is no repeat', () => {
  const engine = makeEngine([vibration]);
  feed(engine, [2.5, 7.5, 8]);
  assert.equal(engine.repeats, 0);
  assert.deepEqual(feed(engine, [99], 2), [], 'the very time of the one before');
  assert.equal(engine.repeats, 1);
  feed(engine, [99], 1);
  assert.equal(engine.repeats, 1, 'late');
  assert.deepEqual(phases(feed(engine, [8.4], 3)), ['Opened 0 High']);
});

test('an incident opens, becomes worse and clears, in words and with evidence', () => {
  const signals = feed(makeEngine([vibration]), [2.5, 7.5, 8, 8.4, 11.5, 9, 3, 2.5, 2.4]);
  assert.deepEqual(phases(signals), ['Opened 0 High', 'Updated 1 Critical', 'Cleared 2 Critical']);
  assert.deepEqual(
    signals.map(({ explanation }) => explanation),
    [
      'Vibration of pump-001 rose to 8.4 mm/s, above the limit of 7.1 mm/s, for 2 s.',
      'Vibration of pump-001 rose to 11.5 mm/s, above the second limit of 11 mm/s; the severity is raised from High to Critical.',
      'Vibration of pump-001 is back at 2.4 mm/s, below 4.5 mm/s, for 2 s. The episode lasted 5 s.',
    ],
  );
  const [opened] = signals;
  assert.ok(opened !== undefined);
  const { snapshot, explanation: _, ...fields } = opened;
  const episodeKey = episodeKeyOf(
    toDeviceKey('pump-001'),
    'pump-vibration-high',
    'vibration',
    toEpochMs(START + 1000),
  );
  assert.deepEqual(fields, {
    eventKey: eventKeyOf(episodeKey, 'Opened', 0),
    episodeKey,
    phase: 'Opened',
    sequence: 0,
    signalType: 'fault.vibration-high',
    severity: 'High',
    confidence: 0.697,
    device: 'pump-001',
    deviceType: 'pump',
    occurredAt: START + 1000,
    detectedAt: START + 3000,
    metric: 'vibration',
    value: 8.4,
    baseline: 7.1,
    unit: 'mm/s',
    policyKey: 'pump-vibration-high',
    policyVersion: 3,
    detector: 'threshold',
    source: 'fleet',
  });
  assert.deepEqual(JSON.parse(snapshot), {
    version: 1,
    episode: { start: START + 1000, since: START + 1000, cause: 'began' },
    metric: 'vibration',
    unit: 'mm/s',
    points: [2.5, 7.5, 8, 8.4].map((value, index) => [START + 1000 * index, value]),
    limits: vibration.detector,
    timing: { openAfterMs: 2000, clearAfterMs: 2000, updateEveryMs: 900_000 },
    judged: { level: 'abnormal', value: 8.4, baseline: 7.1, score: 0.5 },
    state: { active: 1, worst: 8.4 },
  });
});

test('the evidence holds the last 20 points, however long it takes', () => {
  const [opened] = feed(makeEngine([vibration]), [...Array<number>(500).fill(2), 8, 8, 8]);
  assert.ok(opened !== undefined);
  const { points } = JSON.parse(opened.snapshot) as { points: readonly unknown[] };
  assert.equal(points.length, 20);
  assert.deepEqual(points.at(-1), [START + 502_000, 8]);
});

test('repeated, late and duplicate readings change nothing', () => {
  const values = [2, 8, 8, 8, 8, 3, 3, 3, 3];
  const plain = feed(makeEngine([vibration]), values);
  const engine = makeEngine([vibration]);
  const disturbed = values.flatMap((value, index) => {
    const at = (after: number, number: number) =>
      engine.accept(readingOf(after, { vibration: number }), toEpochMs(START + after));
    return [
      ...at(1000 * index, value),
      ...at(1000 * index, value),
      ...at(1000 * index, 99),
      ...at(1000 * index - 1, 99),
      ...at(0, 99),
    ];
  });
  assert.deepEqual(disturbed, plain);
});

test('each metric has its own newest time', () => {
  const engine = makeEngine([vibration, { ...vibration, key: 'flow', match: { metric: 'flow' } }]);
  engine.accept(readingOf(10_000, { flow: 1 }), toEpochMs(START));
  const signals = feed(engine, [8, 8, 8]);
  assert.deepEqual(phases(signals), ['Opened 0 High']);
});

test('silence counts only the time listened, begins with the last message and ends with the next', () => {
  const engine = makeEngine([silent]);
  engine.accept(readingOf(0, { vibration: 2 }), toEpochMs(1000));
  assert.deepEqual(engine.tick(toEpochMs(9000), toEpochMs(START + 8000)), []);
  // An hour without connection: the listening clock stands still.
  assert.deepEqual(engine.tick(toEpochMs(9000), toEpochMs(START + 3_608_000)), []);
  const [opened, ...more] = engine.tick(toEpochMs(9100), toEpochMs(START + 3_608_100));
  assert.deepEqual(more, []);
  assert.ok(opened !== undefined);
  assert.equal(opened.phase, 'Opened');
  assert.equal(opened.occurredAt, START);
  assert.equal(opened.detectedAt, START + 3_608_100);
  assert.equal(opened.metric, undefined);
  assert.equal(opened.value, 8.1);
  assert.equal(opened.unit, 's');
  assert.equal(
    opened.explanation,
    'pump-001 has sent nothing for 8.1 s; a message is due every 8 s at least.',
  );
  assert.equal(
    opened.episodeKey,
    episodeKeyOf(toDeviceKey('pump-001'), 'pump-silent', undefined, toEpochMs(START)),
  );
  assert.deepEqual(engine.tick(toEpochMs(19_000), toEpochMs(START + 3_618_000)), []);
  const [cleared] = engine.accept(readingOf(3_700_000, { vibration: 2 }), toEpochMs(20_000));
  assert.equal(cleared?.phase, 'Cleared');
  assert.equal(cleared?.episodeKey, opened.episodeKey);
});

test('a late message ends the silence too, and unknown devices are never silent', () => {
  const engine = makeEngine([silent]);
  assert.deepEqual(engine.tick(toEpochMs(1e9), toEpochMs(START)), []);
  engine.accept(readingOf(60_000, { vibration: 2 }), toEpochMs(0));
  engine.tick(toEpochMs(10_000), toEpochMs(START + 70_000));
  const late = readingOf(0, { vibration: 2 }, { receivedAt: toEpochMs(START + 90_000) });
  assert.deepEqual(phases(engine.accept(late, toEpochMs(11_000))), ['Cleared 1 Medium']);
});

test('a listening clock that began anew makes nobody silent', () => {
  const engine = makeEngine([silent]);
  engine.accept(readingOf(0, { vibration: 2 }), toEpochMs(5_000_000));
  assert.deepEqual(engine.tick(toEpochMs(0), toEpochMs(START + 9000)), []);
  assert.deepEqual(engine.tick(toEpochMs(8000), toEpochMs(START + 17_000)), []);
  assert.equal(engine.tick(toEpochMs(8001), toEpochMs(START + 17_001)).length, 1);
});

test('a listening clock that began anew makes nobody silent who was put aside meanwhile', () => {
  const engine = makeEngine([silent]);
  engine.accept(readingOf(0, { vibration: 2 }), toEpochMs(5_000_000));
  const { state = '' } = engine.putAside(toDeviceKey('pump-001')) ?? {};
  assert.deepEqual(engine.tick(toEpochMs(0), toEpochMs(START + 9000)), []);
  engine.restore(toDeviceKey('pump-001'), state);
  assert.deepEqual(engine.tick(toEpochMs(1000), toEpochMs(START + 10_000)), []);
  assert.deepEqual(engine.tick(toEpochMs(9000), toEpochMs(START + 18_000)), []);
  assert.equal(engine.tick(toEpochMs(9001), toEpochMs(START + 18_001)).length, 1);
});

test('the fallback watches what no rule names, and a wild metric name is only a name', () => {
  const engine = makeEngine([vibration, policyOf({ kind: 'stuck', repeats: 3 })]);
  const metrics = JSON.parse('{"__proto__":1,"vibration":2,"toString":3}') as Record<
    string,
    number
  >;
  const signals = [0, 1, 2].flatMap((index) =>
    engine.accept(readingOf(index * 1000, metrics), toEpochMs(START)),
  );
  assert.deepEqual(
    signals.map(({ metric }) => metric),
    ['__proto__', 'toString'],
  );
});

test('a device that invents metric names without end stays small, and only its first 1,000 are judged', () => {
  const engine = makeEngine([vibration, policyOf({ kind: 'stuck', repeats: 3 })]);
  const other = readingOf(0, { flow: 1 }, { device: toDeviceKey('pump-002') });
  engine.accept(other, toEpochMs(START));
  for (let index = 0; index < 3000; index += 1) {
    engine.accept(readingOf(index, { [`m${index}`]: index }), toEpochMs(START));
  }
  const { state = '' } = engine.putAside(toDeviceKey('pump-001')) ?? {};
  assert.ok(state.includes('"m999"') && !state.includes('"m1000"'));
  engine.restore(toDeviceKey('pump-001'), state);
  const { layouts } = JSON.parse(engine.image.words()) as { layouts: readonly unknown[] };
  assert.equal(layouts.length, 2, 'layouts of one device are forgotten when it has another');
  const judged = [3001, 3002, 3003].flatMap((after) =>
    engine.accept(readingOf(after, { m0: 7, m999: 7, m1000: 7 }), toEpochMs(START)),
  );
  assert.deepEqual(
    judged.map(({ metric }) => metric),
    ['m0', 'm999'],
  );
});

test('a device that was put aside comes back as it was', () => {
  const run = (aside: boolean): readonly Signal[] => {
    const attic = new Map<string, string>();
    const engine = makeEngine([vibration, silent], {
      recall: (device) => {
        const state = attic.get(device);
        attic.delete(device);
        return state;
      },
    });
    return [2, 8, 8, 8, 8, 3, 3, 3, 3].flatMap((value, index) => {
      const signals = feed(engine, [value], index);
      if (!aside) return signals;
      assert.deepEqual(engine.findIdle(START + 1000 * index, 10), []);
      assert.deepEqual(engine.findIdle(START + 1000 * index + 1, 10), ['pump-001']);
      attic.set('pump-001', engine.putAside(toDeviceKey('pump-001'))?.state ?? '');
      assert.equal(engine.putAside(toDeviceKey('pump-001')), undefined);
      assert.deepEqual(engine.tick(toEpochMs(START + 1000 * index), toEpochMs(START)), []);
      return signals;
    });
  };
  assert.deepEqual(phases(run(true)), ['Opened 0 High', 'Cleared 1 High']);
  assert.deepEqual(run(true), run(false));
});

test('who is put aside says when it has something to say by itself', () => {
  const pump = toDeviceKey('pump-001');
  const engine = makeEngine([vibration, { ...silent, updateEveryMs: 60_000 }]);
  engine.accept(readingOf(0, { vibration: 2 }), toEpochMs(1000));
  const healthy = engine.putAside(pump);
  assert.equal(healthy?.dueAt, 9000);
  engine.restore(pump, healthy.state);
  assert.equal(engine.tick(toEpochMs(10_000), toEpochMs(START + 9000)).length, 1);
  const silenced = engine.putAside(pump);
  assert.equal(silenced?.dueAt, 70_000);
  engine.restore(pump, silenced.state);
  assert.deepEqual(phases(engine.tick(toEpochMs(70_000), toEpochMs(START + 69_000))), [
    'Updated 1 Medium',
  ]);
  const withoutSilence = makeEngine([vibration]);
  feed(withoutSilence, [8]);
  const far = Number.MAX_SAFE_INTEGER - 1;
  assert.equal(withoutSilence.putAside(pump)?.dueAt, far, 'never, but something is open');
  const well = makeEngine([vibration]);
  feed(well, [2]);
  assert.equal(well.putAside(pump)?.dueAt, Infinity);
});

test('unreadable state and doubled policy keys are refused by name', () => {
  assert.throws(() => makeEngine([vibration, vibration]), /"pump-vibration-high" is used twice/);
  for (const state of ['', '{}', '{"version":9}', 'null', '{"version":1,"heardAt":1}']) {
    const engine = makeEngine([vibration]);
    assert.throws(() => engine.restore(toDeviceKey('p-1'), state), /device "p-1" cannot be read/);
  }
});
