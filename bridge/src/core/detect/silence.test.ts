import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDetecting } from '../fixtures/detecting.ts';
import { silence } from './silence.ts';

test('quiet for longer than allowed is abnormal, since the last message', () => {
  const series = makeDetecting(silence, { kind: 'silence', afterMs: 8000 });
  assert.equal(series.judge(8000, 100_000).level, 'normal');
  const verdict = series.judge(8001, 100_000);
  assert.equal(verdict.level, 'abnormal');
  assert.equal(verdict.since, 91_999);
  assert.equal(verdict.value, 8.001);
});
