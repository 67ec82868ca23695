const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TIME_STEPS = [1, 2, 5, 10, 15, 30]
  .map((step) => step * SECOND)
  .concat([1, 2, 5, 10, 15, 30, 60].map((step) => step * MINUTE));

/** Round moments between `from` and `to` (ms), as many as `most` allows; `step` is their distance. */
export function timeTicks(from, to, most) {
  const span = to - from;
  const step = TIME_STEPS.find((candidate) => span / candidate <= most) ?? 60 * MINUTE;
  const ticks = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return { ticks, step };
}

/** A value axis around `min` to `max` in round steps, about `most` of them: `low`, `high` and `ticks`. */
export function niceScale(min, max, most) {
  const isFlat = max - min <= Math.abs(max) * 1e-9;
  const room = isFlat ? Math.abs(max) / 10 || 1 : 0;
  const step = niceStep((max - min + 2 * room) / most);
  const first = Math.floor((min - room) / step + 1e-9);
  const last = Math.ceil((max + room) / step - 1e-9);
  const ticks = [];
  for (let i = first; i <= last; i += 1) ticks.push(round(i * step));
  return { low: ticks[0], high: ticks[ticks.length - 1], ticks };
}

function niceStep(rough) {
  const size = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * size >= rough * (1 - 1e-9));
  return factor * size;
}

/* 3 * 0.1 is 0.30000000000000004; twelve digits keep what a label can show. */
function round(value) {
  return Number(value.toPrecision(12));
}
