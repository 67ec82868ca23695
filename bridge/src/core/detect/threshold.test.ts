import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import type { ThresholdOptions } from '../../model/policy.ts';
import { threshold } from './threshold.ts';

const high: ThresholdOptions = {
  kind: 'threshold',
  direction: 'above',
  limit: 7.1,
  clear: 4.5,
  escalate: { limit: 11, severity: 'Critical' },
};
const low: ThresholdOptions = { kind: 'threshold', direction: 'below', limit: 3, clear: 3.6 };

function levels(values: readonly number[], options: ThresholdOptions): readonly string[] {
  let state = threshold.initial;
  return values.map((value) => {
    const step = threshold.step(state, { at: toEpochMs(0), value }, options);
    state = step.state;
    return step.verdict.level;
  });
}

test('a value is abnormal beyond the limit and healthy only behind the clearing point', () => {
  assert.deepEqual(levels([7.0, 7.1, 7.2, 7.1, 5, 4.6, 4.5, 5, 7.1], high), [
    'normal',
    'normal',
    'abnormal',
    'between',
    'between',
    'between',
    'normal',
    'normal',
    'normal',
  ]);
});

test('a lower limit works the other way round', () => {
  assert.deepEqual(levels([3.1, 3, 2.9, 3.2, 3.6, 3.2], low), [
    'normal',
    'normal',
    'abnormal',
    'between',
    'normal',
    'normal',
  ]);
});

test('without hysteresis the limit itself is healthy', () => {
  assert.deepEqual(levels([8, 7.1], { ...high, clear: 7.1 }), ['abnormal', 'normal']);
});

test('only a value beyond the second limit asks for its severity', () => {
  const severityOf = (value: number) =>
    threshold.step(threshold.initial, { at: toEpochMs(0), value }, high).verdict.severity;
  assert.deepEqual(
    [severityOf(10), severityOf(11), severityOf(11.1)],
    [undefined, undefined, 'Critical'],
  );
});

test('the words name value and limit with their unit', () => {
  const show = (value: number) => `${value} mm/s`;
  const step = threshold.step(threshold.initial, { at: toEpochMs(0), value: 8.4 }, high);
  assert.equal(
    threshold.trouble(step.verdict, step.state, high, show),
    'rose to 8.4 mm/s, above the limit of 7.1 mm/s',
  );
  const back = threshold.step(step.state, { at: toEpochMs(0), value: 5 }, high);
  assert.equal(
    threshold.trouble(back.verdict, back.state, high, show),
    'is at 5 mm/s after 8.4 mm/s, not yet back below 4.5 mm/s',
  );
});
