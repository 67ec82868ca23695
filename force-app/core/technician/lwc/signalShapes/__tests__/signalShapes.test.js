import { severityLooks, worseOf } from 'c/signalShapes';

const ALL = ['Critical', 'High', 'Medium', 'Low', 'Invented'];

it('gives every severity, and any other, a shape of its own', () => {
  expect(new Set(ALL.map((name) => severityLooks(name).path)).size).toBe(ALL.length);
});

it('ranks from the worst on and shows an unknown one by its own word', () => {
  expect(ALL.map((name) => severityLooks(name).rank)).toEqual([0, 1, 2, 3, 4]);
  expect(severityLooks('Invented').label).toBe('Invented');
});

it('tells the worse of two, none being better than any', () => {
  expect(worseOf('Low', 'High')).toBe('High');
  expect(worseOf('Critical', 'High')).toBe('Critical');
  expect(worseOf(undefined, 'Low')).toBe('Low');
  expect(worseOf('Low', undefined)).toBe('Low');
});
