import { lowerBound } from './search';

/**
 * SVG path of the part of a series between `from` and `to`, in a box of `width` by `height` pixels whose
 * values run from `low` (bottom) to `high` (top).
 *
 * Of the points in one pixel column only the lowest and the highest are drawn, in their order in time: no
 * spike is lost, and the work left to the browser depends on the width, not on the number of points. NaN
 * breaks the line; a point alone becomes a dot.
 */
export function linePath({ t, y }, { from, to, low, high, width, height }) {
  const perMs = width / (to - from);
  const perUnit = height / (high - low);
  const parts = [];
  let isPen = false;
  const put = (i) => {
    const x = Math.round((t[i] - from) * perMs * 10) / 10;
    const top = Math.round((high - y[i]) * perUnit * 10) / 10;
    parts.push(isPen ? 'L' : 'M', x, ' ', top);
    isPen = true;
  };
  // One point beyond each edge, so that the line runs out of sight and does not end there.
  let i = Math.max(lowerBound(t, from) - 1, 0);
  const end = Math.min(lowerBound(t, to) + 1, t.length);
  while (i < end) {
    if (Number.isNaN(y[i])) {
      endLine(parts);
      isPen = false;
      i += 1;
    } else {
      const columnEnd = from + (Math.floor((t[i] - from) * perMs) + 1) / perMs;
      let lowest = i;
      let highest = i;
      for (i += 1; i < end && t[i] < columnEnd && !Number.isNaN(y[i]); i += 1) {
        if (y[i] < y[lowest]) lowest = i;
        if (y[i] >= y[highest]) highest = i;
      }
      put(Math.min(lowest, highest));
      if (lowest !== highest) put(Math.max(lowest, highest));
    }
  }
  endLine(parts);
  return parts.join('');
}

/* A subpath of one point has no length; drawn on itself it shows as a dot with round line caps. */
function endLine(parts) {
  if (parts[parts.length - 4] === 'M') parts.push('h0');
}
