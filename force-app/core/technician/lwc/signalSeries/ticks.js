const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TIME_STEPS = [1, 2, 5, 10, 15, 30]
  .map((step) => step * SECOND)
  .concat([1, 2, 5, 10, 15, 30, 60].map((step) => step * MINUTE));

/* A line that touches the edge of its chart looks cut off. */
const AIR = 0.08;

/** Round moments between `from` and `to` (ms), as many as `most` allows; `step` is their distance. */
export function timeTicks(from, to, most) {
  const span = to - from;
  const step = TIME_STEPS.find((candidate) => span / candidate <= most) ?? 60 * MINUTE;
  const ticks = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return { ticks, step };
}

/**
 * A value axis from `min` to `max` with a little air on both sides: `low`, `high`, and round `ticks`
 * between them, two to about `most`. Values that are all the same get room around them.
 */
export function paddedScale(min, max, most) {
  const isFlat = max - min <= Math.abs(max) * 1e-9;
  const room = isFlat ? Math.abs(max) / 10 || 1 : (max - min) * AIR;
  const low = min - room;
  const high = max + room;
  const steps = niceSteps((high - low) / most);
  const axes = steps.map((step) => ticksBetween(low, high, step));
  return { low, high, ticks: axes.find((ticks) => ticks.length > 1) ?? axes[axes.length - 1] };
}

function ticksBetween(low, high, step) {
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i += 1) ticks.push(round(i * step));
  return ticks;
}

/* The round step not below `rough`, and the two round steps below it for axes it would leave bare. */
function niceSteps(rough) {
  const size = 10 ** Math.floor(Math.log10(rough));
  const factors = [10, 5, 2, 1, 0.5, 0.2];
  const first = factors.findLastIndex((factor) => factor * size >= rough * (1 - 1e-9));
  return factors.slice(first, first + 3).map((factor) => factor * size);
}

/* 3 * 0.1 is 0.30000000000000004; twelve digits keep what a label can show. */
function round(value) {
  return Number(value.toPrecision(12));
}
