import { lowerBound } from './search';

/**
 * SVG path of the part of a series between `from` and `to`, in a box of `width` by `height` pixels whose
 * values run from `low` (bottom) to `high` (top).
 *
 * Where a pixel column holds more than four points, only the first, lowest, highest and last of them are
 * drawn: that paints the same pixels (M4: Jugel et al., VLDB 2014), so no spike is lost and the work left
 * to the browser depends on the width, not on the number of points. NaN breaks the line; a point alone
 * becomes a dot.
 */
export function linePath({ t, y }, { from, to, low, high, width, height }) {
  const perMs = width / (to - from);
  const perUnit = height / (high - low || 1);
  const start = Math.max(lowerBound(t, from) - 1, 0);
  const end = Math.min(lowerBound(t, to) + 1, t.length);
  const parts = [];
  let isPen = false;
  const put = (i) => {
    const x = Math.round((t[i] - from) * perMs * 10) / 10;
    const top = Math.round((high - y[i]) * perUnit * 10) / 10;
    parts.push(isPen ? 'L' : 'M', x, ' ', top);
    isPen = true;
  };
  let i = start;
  while (i < end) {
    if (Number.isNaN(y[i])) {
      endLine(parts);
      isPen = false;
      i += 1;
      continue;
    }
    const columnEnd = from + (Math.floor((t[i] - from) * perMs) + 1) / perMs;
    const first = i;
    let lowest = i;
    let highest = i;
    i += 1;
    while (i < end && t[i] < columnEnd && !Number.isNaN(y[i])) {
      if (y[i] < y[lowest]) lowest = i;
      if (y[i] > y[highest]) highest = i;
      i += 1;
    }
    const last = i - 1;
    const early = Math.min(lowest, highest);
    const late = Math.max(lowest, highest);
    put(first);
    if (early > first && early < last) put(early);
    if (late > early && late > first && late < last) put(late);
    if (last > first) put(last);
  }
  endLine(parts);
  return parts.join('');
}

/* A subpath of one point has no length; drawn on itself it shows as a dot with round line caps. */
function endLine(parts) {
  if (parts[parts.length - 4] === 'M') parts.push('h0');
}
