import { metricsText, parseMetrics, rangeValue } from '../choices';

it.each([
  [5, '5'],
  [6, '15'],
  [60, '60'],
  [999, '60'],
])('offers the smallest range that holds %d minutes', (minutes, value) => {
  expect(rangeValue(minutes)).toBe(value);
});

it('reads names of metrics, also from text typed by hand', () => {
  expect(parseMetrics('flow, pressure,')).toEqual(['flow', 'pressure']);
  expect(parseMetrics('')).toEqual([]);
  expect(parseMetrics(null)).toEqual([]);
});

it('writes nothing, which means all, when all are chosen or the names do not fit', () => {
  expect(metricsText(['flow'], ['flow', 'speed'])).toBe('flow');
  expect(metricsText(['flow', 'speed'], ['flow', 'speed'])).toBe('');
  const long = Array.from({ length: 40 }, (_, i) => `metric-${i}`);
  expect(metricsText(long, [...long, 'one'])).toBe('');
});
