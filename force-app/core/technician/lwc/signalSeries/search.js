/** First index of rising `t` whose value is not below `at`; `t.length` when all are below. */
export function lowerBound(t, at) {
  let low = 0;
  let high = t.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (t[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the point nearest to `at`, or -1 when it is farther than `within` ms or the line has a gap there. */
export function nearestIndex({ t, y }, at, within) {
  const after = lowerBound(t, at);
  const before = after - 1;
  const isBefore = after === t.length || (before >= 0 && at - t[before] <= t[after] - at);
  const index = isBefore ? before : after;
  if (index < 0 || Math.abs(t[index] - at) > within || Number.isNaN(y[index])) return -1;
  return index;
}
