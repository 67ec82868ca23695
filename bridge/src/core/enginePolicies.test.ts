import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import type { Signal } from '../model/signal.ts';
import { makeEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { beginImage, loadImage } from './fixtures/images.ts';
import { policyOf } from './fixtures/policies.ts';
import { readingOf, START } from './fixtures/readings.ts';

const high = policyOf(
  { kind: 'threshold', direction: 'above', limit: 7, clear: 5 },
  { key: 'high', match: { metric: 'vibration' } },
);
const stuck = policyOf({ kind: 'stuck', repeats: 4 }, { key: 'stuck', match: { metric: 'flow' } });
const silent = policyOf({ kind: 'silence', afterMs: 5000 }, { key: 'silent' });
const pump = toDeviceKey('pump-001');

function feed(engine: Engine, from: number, rows: readonly (readonly [number, number])[]) {
  return rows.flatMap(([vibration, flow], index) => {
    const after = 1000 * (from + index);
    return engine.accept(readingOf(after, { vibration, flow }), toEpochMs(START + after));
  });
}

const phases = (signals: readonly Signal[]): readonly string[] =>
  signals.map(({ policyKey, phase, sequence }) => `${policyKey} ${phase} ${sequence}`);

type Restart = (engine: Engine, policies: readonly Policy[]) => Engine;

const ways: readonly (readonly [string, Restart])[] = [
  [
    'an image',
    (engine, policies) => {
      const next = makeEngine(policies);
      loadImage(next, beginImage(engine)());
      return next;
    },
  ],
  [
    'devices one by one',
    (engine, policies) => {
      const next = makeEngine(policies);
      next.restore(pump, engine.putAside(pump)?.state ?? '');
      return next;
    },
  ],
];

for (const [way, restart] of ways) {
  test(`what fits changed policies goes on (${way})`, () => {
    const before = makeEngine([high, stuck, silent]);
    assert.deepEqual(
      phases(
        feed(before, 0, [
          [8, 1],
          [8, 1],
          [8, 1],
        ]),
      ),
      ['high Opened 0'],
    );
    const other = policyOf(
      { kind: 'stuck', repeats: 3 },
      { key: 'other', match: { metric: 'vibration' } },
    );
    const after = restart(before, [other, silent, { ...stuck, version: 2 }, high]);
    // Four equal flows: three from before. Three equal vibrations: the new policy saw none of before.
    assert.deepEqual(phases(feed(after, 3, [[8, 1]])), ['stuck Opened 0']);
    assert.deepEqual(
      phases(
        feed(after, 4, [
          [8, 1],
          [8, 1],
        ]),
      ),
      ['other Opened 0'],
    );
    assert.deepEqual(phases(feed(after, 6, [[4, 2]])), [
      'other Cleared 1',
      'high Cleared 1',
      'stuck Cleared 1',
    ]);
    assert.deepEqual(phases(after.tick(toEpochMs(START + 11_000), toEpochMs(START + 11_000))), []);
    assert.deepEqual(phases(after.tick(toEpochMs(START + 11_001), toEpochMs(START + 11_001))), [
      'silent Opened 0',
    ]);
  });

  test(`a policy that is gone takes its state along, and begins anew when it is back (${way})`, () => {
    const before = makeEngine([high, stuck]);
    feed(before, 0, [
      [8, 1],
      [8, 1],
      [8, 1],
    ]);
    const without = restart(before, [stuck]);
    assert.deepEqual(phases(feed(without, 3, [[8, 1]])), ['stuck Opened 0']);
    const again = restart(without, [high, stuck]);
    const [opened] = feed(again, 4, [[8, 1]]);
    assert.equal(opened?.occurredAt, START + 4000);
    assert.deepEqual(phases(feed(again, 5, [[8, 2]])), ['stuck Cleared 1']);
  });

  test(`a policy with another detector keeps its episode and learns anew (${way})`, () => {
    const before = makeEngine([high]);
    feed(before, 0, [
      [8, 1],
      [8, 1],
    ]);
    const stopped: Policy = { ...high, detector: { kind: 'stuck', repeats: 3 } };
    const after = restart(before, [stopped]);
    const [cleared, ...more] = feed(after, 2, [
      [8, 1],
      [8, 1],
    ]);
    assert.deepEqual(more, []);
    assert.equal(cleared?.phase, 'Cleared');
    assert.equal(cleared?.occurredAt, START + 2000);
  });

  test(`policies that name the device now, or no longer, change its layout only (${way})`, () => {
    const before = makeEngine([high]);
    feed(before, 0, [[8, 1]]);
    const own = policyOf(
      { kind: 'stuck', repeats: 3 },
      { key: 'own', match: { device: 'pump-001', metric: 'flow' } },
    );
    const named = restart(before, [high, own]);
    assert.deepEqual(
      phases(
        feed(named, 1, [
          [8, 1],
          [8, 1],
          [8, 1],
        ]),
      ),
      ['own Opened 0'],
    );
    const unnamed = restart(named, [high]);
    assert.deepEqual(
      phases(
        feed(unnamed, 4, [
          [8, 1],
          [3, 1],
        ]),
      ),
      ['high Cleared 1'],
    );
  });
}

test('points of evidence outlast changed policies', () => {
  const before = makeEngine([stuck]);
  feed(before, 0, [
    [8, 1],
    [8, 2],
    [8, 3],
  ]);
  const after = makeEngine([high, stuck]);
  loadImage(after, beginImage(before)());
  const [opened] = feed(after, 3, [[9, 4]]);
  const { points } = JSON.parse(opened?.snapshot ?? '{}') as { points: unknown };
  assert.deepEqual(
    points,
    [8, 8, 8, 9].map((value, index) => [START + 1000 * index, value]),
  );
});

test('words that are no words of layouts are refused', () => {
  const engine = makeEngine([high]);
  feed(engine, 0, [[8, 1]]);
  const good = engine.image.words();
  makeEngine([high]).image.restore(good);
  const bad = [
    ...['', '{}', '{"version":9}', 'null', '{"version":1}'],
    good.replace('"vibration"', '7'),
    good.replace('"lanes":[[0', '"lanes":[[9'),
    good.replace('"width"', '"with"'),
  ];
  for (const words of bad) {
    assert.notEqual(words, good);
    assert.throws(() => makeEngine([high]).image.restore(words), words);
  }
});

test('states of devices as earlier bridges kept them go on', () => {
  const engine = makeEngine([high]);
  const state = {
    version: 1,
    heardAt: START,
    receivedAt: START,
    deviceType: 'pump',
    source: 'fleet',
    metrics: [{ name: 'vibration', unit: 'mm/s', points: [[START, 8]] }],
    lanes: [
      {
        policyKey: 'high',
        metric: 'vibration',
        judge: { active: 1, worst: 8 },
        episode: {
          start: START,
          sequence: 0,
          clearedAt: -1,
          pendingSince: -1,
          healthySince: -1,
          saidAt: START,
          severity: 2,
          returns: 0,
        },
      },
    ],
  };
  engine.restore(pump, JSON.stringify(state));
  assert.deepEqual(phases(feed(engine, 0, [[3, 1]])), []);
  assert.deepEqual(
    phases(
      feed(engine, 1, [
        [6, 1],
        [4, 1],
      ]),
    ),
    ['high Cleared 1'],
  );
});
