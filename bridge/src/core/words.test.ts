import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, quantity } from './words.ts';

test('durations are told in the unit a person would use', () => {
  const told = [0, 250, 2000, 2500, 90_000, 900_000, 7_200_000, 172_800_000].map(duration);
  assert.deepEqual(told, ['0 ms', '250 ms', '2 s', '2.5 s', '90 s', '15 min', '2 h', '2 days']);
});

test('quantities keep four digits and their unit', () => {
  const told = [8.4, 71.00001, 0.0012346, 123456.7, -3, 0, 1e15].map((value) =>
    quantity(value, 'bar'),
  );
  assert.deepEqual(told, [
    '8.4 bar',
    '71 bar',
    '0.001235 bar',
    '123457 bar',
    '-3 bar',
    '0 bar',
    '1000000000000000 bar',
  ]);
  assert.equal(quantity(5, undefined), '5');
});
