import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import { silence } from './silence.ts';

const options = { kind: 'silence', afterMs: 8000 } as const;

test('quiet for longer than allowed is abnormal, since the last message', () => {
  const at = toEpochMs(100_000);
  assert.equal(silence.step(silence.initial, { at, value: 8000 }, options).verdict.level, 'normal');
  const { verdict } = silence.step(silence.initial, { at, value: 8001 }, options);
  assert.equal(verdict.level, 'abnormal');
  assert.equal(verdict.since, 91_999);
  assert.equal(verdict.value, 8.001);
});
