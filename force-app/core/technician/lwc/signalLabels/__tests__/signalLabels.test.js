import { fill, labels } from 'c/signalLabels';

it('gathers every label under a name of its own', () => {
  const values = Object.values(labels);
  expect(values.length).toBeGreaterThan(100);
  expect(new Set(values).size).toBe(values.length);
});

it('cannot be changed', () => {
  expect(Object.isFrozen(labels)).toBe(true);
});

it('fills placeholders in any order and keeps those without a value', () => {
  expect(fill('{1} of {0}, {2}', 'a', 0)).toBe('0 of a, {2}');
});
