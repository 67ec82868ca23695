import { lowerBound } from './search';

/**
 * Lowest and highest value of a series in each step of `stepMs` from `from` to `to`, oldest first;
 * undefined where a step has no value. For the table that stands beside the chart.
 */
export function rangesPerStep({ t, y }, from, to, stepMs) {
  const ranges = [];
  for (let start = from; start < to; start += stepMs) {
    const end = lowerBound(t, Math.min(start + stepMs, to));
    let min = Infinity;
    let max = -Infinity;
    for (let i = lowerBound(t, start); i < end; i += 1) {
      if (y[i] < min) min = y[i];
      if (y[i] > max) max = y[i];
    }
    ranges.push(min <= max ? { min, max } : undefined);
  }
  return ranges;
}
