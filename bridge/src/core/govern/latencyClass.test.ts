import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import { latencyClassOf, latencyDefaults, waitsUntil } from './latencyClass.ts';

const minute = 60_000;
const hour = 60 * minute;
const signal = (detectedAt: number, latencyClass?: 'Minutes' | 'Batch') => ({
  severity: 'Low' as const,
  detectedAt: toEpochMs(detectedAt),
  ...(latencyClass !== undefined && { latencyClass }),
});

test('what is Immediate does not wait', () => {
  assert.equal(waitsUntil(signal(5), latencyDefaults), 0);
});

test('a class waits for the end of the stretch it was noticed in, the same whenever it is asked', () => {
  assert.equal(waitsUntil(signal(hour + 5, 'Batch'), latencyDefaults), 2 * hour);
  assert.equal(waitsUntil(signal(2 * hour - 1, 'Batch'), latencyDefaults), 2 * hour);
  assert.equal(waitsUntil(signal(2 * hour, 'Batch'), latencyDefaults), 3 * hour);
  assert.equal(waitsUntil(signal(hour + 5, 'Minutes'), latencyDefaults), hour + 2 * minute);
});

test('what has become Critical goes at once, whatever its policy says', () => {
  const critical = { ...signal(5, 'Batch'), severity: 'Critical' } as const;
  assert.equal(latencyClassOf(critical), 'Immediate');
  assert.equal(waitsUntil(critical, latencyDefaults), 0);
});

test('every class has time left in its budget after it has waited', () => {
  for (const { everyMs, withinMs } of Object.values(latencyDefaults)) {
    assert.ok(withinMs >= everyMs + 10_000);
  }
});
