import type { Points } from './buckets.ts';

/** A line as it is drawn: where `values` is null the line is broken. */
export interface Line {
  readonly ats: number[];
  readonly values: (number | null)[];
}

/** A pause this many times as long as usual is a gap; devices that report now and then vary by less. */
const GAP_FACTOR = 5;
/** Below it a missed message or two would tear every line; a person sees 10 s on a 5-minute chart. */
const LEAST_GAP_MS = 10_000;

/** From which pause on a series has a gap without readings: by its usual interval, the median. */
export function gapMs(ats: readonly number[]): number {
  const pauses = new Float64Array(Math.max(0, ats.length - 1));
  for (let index = 1; index < ats.length; index += 1) {
    pauses[index - 1] = (ats[index] ?? 0) - (ats[index - 1] ?? 0);
  }
  pauses.sort();
  return Math.max(LEAST_GAP_MS, (pauses[pauses.length >> 1] ?? 0) * GAP_FACTOR);
}

/**
 * Of every stretch of `widthMs` the lowest and the highest value, at their times and in their
 * order, so that no spike is lost; 0 keeps every point. Stretches begin at multiples of the width,
 * so a line does not flicker when its range moves on. A pause longer than both `gap` and the
 * stretch breaks the line: null, a millisecond after the last value before it.
 */
export function downsample({ ats, values }: Points, widthMs: number, gap: number): Line {
  const line: Line = { ats: [], values: [] };
  const breakAfter = Math.max(gap, widthMs);
  let [low, high] = [0, 0];
  const push = (index: number): void => {
    line.ats.push(ats[index] ?? 0);
    line.values.push(values[index] ?? null);
  };
  const flush = (): void => {
    push(Math.min(low, high));
    if (low !== high) push(Math.max(low, high));
  };
  for (let index = 0; index < ats.length; index += 1) {
    const at = ats[index] ?? 0;
    const before = ats[index - 1] ?? at;
    const isGap = at - before > breakAfter;
    const isNext =
      widthMs === 0 || isGap || Math.floor(at / widthMs) !== Math.floor(before / widthMs);
    if (index > 0 && isNext) {
      flush();
      if (isGap) {
        line.ats.push(before + 1);
        line.values.push(null);
      }
    }
    if (index === 0 || isNext) [low, high] = [index, index];
    else {
      if ((values[index] ?? 0) < (values[low] ?? 0)) low = index;
      // The last of equal highs: a flat stretch is drawn to its end.
      if ((values[index] ?? 0) >= (values[high] ?? 0)) high = index;
    }
  }
  if (ats.length > 0) flush();
  return line;
}
