import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ThresholdOptions } from '../../model/policy.ts';
import { makeDetecting } from '../fixtures/detecting.ts';
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
  const series = makeDetecting(threshold, options);
  return values.map((value) => series.judge(value).level);
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
  const severityOf = (value: number) => makeDetecting(threshold, high).judge(value).severity;
  assert.deepEqual(
    [severityOf(10), severityOf(11), severityOf(11.1)],
    [undefined, undefined, 'Critical'],
  );
});

test('the words name value and limit with their unit', () => {
  const show = (value: number) => `${value} mm/s`;
  const series = makeDetecting(threshold, high);
  assert.equal(
    series.trouble(series.judge(8.4), show),
    'rose to 8.4 mm/s, above the limit of 7.1 mm/s',
  );
  assert.equal(
    series.trouble(series.judge(5), show),
    'is at 5 mm/s after 8.4 mm/s, not yet back below 4.5 mm/s',
  );
});
