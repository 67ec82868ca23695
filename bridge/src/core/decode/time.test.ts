import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTime } from './time.ts';
import type { TimeFormat } from './time.ts';

const SIX = Date.UTC(2026, 10, 23, 6);

const good: readonly (readonly [value: unknown, format: TimeFormat, ms: number])[] = [
  ['2026-11-23T06:00:00Z', 'iso', SIX],
  ['2026-11-23T06:00:00.123Z', 'iso', SIX + 123],
  ['2026-11-23T06:00:00.123999Z', 'iso', SIX + 123],
  ['2026-11-23T06:00:00,5Z', 'iso', SIX + 500],
  ['2026-11-23T06:00:00', 'iso', SIX],
  ['2026-11-23 06:00:00', 'iso', SIX],
  ['2026-11-23T06:00Z', 'iso', SIX],
  ['2026-11-23t06:00:00z', 'iso', SIX],
  ['2026-11-23T08:00:00+02:00', 'iso', SIX],
  ['2026-11-23T08:00:00+0200', 'iso', SIX],
  ['2026-11-23T08:00:00+02', 'iso', SIX],
  ['2026-11-23 00:30:00 -05:30', 'iso', SIX],
  ['2024-02-29T00:00:00Z', 'iso', Date.UTC(2024, 1, 29)],
  ['1970-01-01T00:00:00Z', 'iso', 0],
  [SIX / 1000, 's', SIX],
  [SIX / 1000 + 0.1234, 's', SIX + 123],
  [SIX, 'ms', SIX],
  [SIX + 0.6, 'ms', SIX + 1],
];
for (const [value, format, ms] of good) {
  test(`${JSON.stringify(value)} as ${format} is ${new Date(ms).toISOString()}`, () => {
    assert.deepEqual(parseTime(value, format), { ok: true, value: ms });
  });
}

const bad: readonly (readonly [value: unknown, format: TimeFormat, kind: string])[] = [
  ['', 'iso', 'wrong-type'],
  ['2026-11-23', 'iso', 'wrong-type'],
  ['2026-02-30T00:00:00Z', 'iso', 'wrong-type'],
  ['2025-02-29T00:00:00Z', 'iso', 'wrong-type'],
  ['2026-13-01T00:00:00Z', 'iso', 'wrong-type'],
  ['2026-11-23T24:00:00Z', 'iso', 'wrong-type'],
  ['2026-11-23T06:60:00Z', 'iso', 'wrong-type'],
  ['2026-11-23T06:00:00+24:00', 'iso', 'wrong-type'],
  ['23.11.2026 06:00', 'iso', 'wrong-type'],
  [SIX, 'iso', 'wrong-type'],
  [null, 'iso', 'wrong-type'],
  [String(SIX), 'ms', 'wrong-type'],
  [Number.NaN, 'ms', 'wrong-type'],
  [Infinity, 's', 'wrong-type'],
  [{}, 's', 'wrong-type'],
  [-1, 'ms', 'out-of-range'],
  [1e300, 'ms', 'out-of-range'],
  // Milliseconds where seconds are expected land in the year 58,000.
  [SIX, 's', 'out-of-range'],
  ['0000-01-01T00:00:00Z', 'iso', 'out-of-range'],
];
for (const [value, format, kind] of bad) {
  test(`${JSON.stringify(value)} as ${format} is refused`, () => {
    const parsed = parseTime(value, format);
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.kind, kind);
  });
}
