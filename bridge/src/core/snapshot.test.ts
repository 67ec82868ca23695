import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import { makeVerdict } from './detect/detector.ts';
import { makeJudge } from './detect/judge.ts';
import { quiet } from './episode/episode.ts';
import type { Happening } from './happening.ts';
import { snapshotOf } from './snapshot.ts';

const policy: Policy = {
  key: 'too-warm',
  version: 1,
  signalType: 'fault.too-warm',
  severity: 'High',
  match: {},
  detector: { kind: 'threshold', direction: 'above', limit: 80, clear: 75 },
  openAfterMs: 0,
  clearAfterMs: 1_000,
  updateEveryMs: 60_000,
};

function makeHappening(metric: string | undefined, points: Happening['points']): Happening {
  const judge = makeJudge(policy.detector);
  return {
    lane: { policy, judge, number: 0, metric, at: 0, since: 0, begunAt: 0 },
    event: {
      ...{ phase: 'Opened', sequence: 0, severity: 'High', cause: 'began' },
      ...{ start: 1_795_000_000_000, since: 1_795_000_000_001 },
    },
    before: quiet,
    input: { at: 1_795_000_000_001, value: 81.5 },
    verdict: { ...makeVerdict(), level: 'abnormal', value: 81.5, baseline: 80, score: 0.123_46 },
    numbers: new Float64Array(judge.fields.length),
    at: 0,
    device: toDeviceKey('oven-1'),
    deviceType: undefined,
    unit: metric === undefined ? undefined : '°C',
    source: 'plant',
    noticedAt: toEpochMs(1_795_000_000_002),
    points,
  };
}

test('evidence is JSON, whatever the metric is called and whatever the numbers are', () => {
  const points = [
    [1_795_000_000_000, 1e-7],
    [1_795_000_999_999, -0.1],
    [1_000_000, 1e21],
    [999_999, 3],
    [-5, 0],
    [1_795_000_000_000.5, Number.MAX_VALUE],
  ] as const;
  const snapshot: unknown = JSON.parse(snapshotOf(makeHappening('a "hot"\\\u2028 spot', points)));
  assert.deepEqual(snapshot, {
    version: 1,
    episode: { start: 1_795_000_000_000, since: 1_795_000_000_001, cause: 'began' },
    metric: 'a "hot"\\\u2028 spot',
    unit: '°C',
    points,
    limits: policy.detector,
    timing: { openAfterMs: 0, clearAfterMs: 1_000, updateEveryMs: 60_000 },
    judged: { level: 'abnormal', value: 81.5, baseline: 80, score: 0.123 },
    state: makeJudge(policy.detector).evidence(new Float64Array(8), 0),
  });
});

test('what concerns the device as a whole has no metric in its evidence', () => {
  const snapshot: unknown = JSON.parse(snapshotOf(makeHappening(undefined, [])));
  assert.ok(typeof snapshot === 'object' && snapshot !== null);
  assert.equal('metric' in snapshot || 'unit' in snapshot, false);
});
