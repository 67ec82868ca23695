import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPolicies } from '../bridge/src/config/load.ts';
import { toPolicy } from '../bridge/src/config/translate.ts';
import { toEpochMs } from '../bridge/src/model/brand.ts';
import { playRecording, readRecordings } from './evalRecordings.ts';
import type { Recording } from './evalRecordings.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, '..', 'shared', 'data', 'nab');
const policies = readPolicies(join(root, 'config', 'starter-policies.yaml')).map(toPolicy);
const here = existsSync(join(folder, 'labels', 'combined_windows.json'));
const recordings = here ? readRecordings(folder) : [];
const skip = here
  ? false
  : `the recordings of the Numenta Anomaly Benchmark are not at ${folder} (github.com/numenta/NAB)`;

const NAME = 'realKnownCause/ambient_temperature_system_failure.csv';

/** The recording with every row changed, or left out where `change` gives undefined. */
function changed(
  change: (row: Recording['rows'][number], index: number) => Recording['rows'][number] | undefined,
): Recording {
  const recording = recordings.find(({ name }) => name === NAME);
  assert.ok(recording !== undefined, `${NAME} is missing`);
  return { ...recording, rows: recording.rows.flatMap((row, index) => change(row, index) ?? []) };
}

const variants: readonly (readonly [what: string, make: () => Recording])[] = [
  ['as it is', () => changed((row) => row)],
  ['in Celsius', () => changed(({ at, value }) => ({ at, value: ((value - 32) * 5) / 9 }))],
  ['upside down', () => changed(({ at, value }) => ({ at, value: -value }))],
  [
    'without every tenth reading',
    () => changed((row, index) => (index % 10 === 3 ? undefined : row)),
  ],
  [
    'with every second reading only',
    () => changed((row, index) => (index % 2 === 0 ? row : undefined)),
  ],
  ['begun a month later', () => changed((row, index) => (index < 720 ? undefined : row))],
  [
    'with repeated readings',
    () =>
      changed((row, index) =>
        index % 5 === 0 ? { ...row, at: toEpochMs(row.at - 3_600_000) } : row,
      ),
  ],
];
for (const [what, make] of variants) {
  test(
    `the default policy finds a failure of the ambient temperature recording, ${what}`,
    { skip },
    () => {
      const outcome = playRecording(make(), policies).get('default-range');
      assert.ok(outcome !== undefined);
      assert.ok(outcome.hit >= 1, 'no labelled window is hit');
      // Half of what is allowed (5 Cases, 15 % of the time), so that a small change is seen early.
      assert.ok(outcome.outside <= 2, `${outcome.outside} episodes lie outside of the windows`);
      assert.ok(outcome.coverage <= 0.05, `${outcome.coverage} of the time outside is covered`);
    },
  );
}

test('it also finds other failures, and seldom cries in vain', { skip }, () => {
  const outcomes = recordings.map((recording) =>
    playRecording(recording, policies).get('default-range'),
  );
  const sum = (pick: 'hit' | 'outside' | 'days'): number =>
    outcomes.reduce((total, outcome) => total + (outcome?.[pick] ?? 0), 0);
  assert.ok(sum('hit') >= 25, `${sum('hit')} windows are hit`);
  assert.ok(sum('outside') / sum('days') <= 0.02, `${sum('outside')} episodes outside of windows`);
});
