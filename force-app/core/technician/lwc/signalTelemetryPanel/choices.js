import { labels } from 'c/signalLabels';

/* More charts than this at once are a wall, not a view; the person adds what they want. */
const FIRST_METRICS = 4;

/** The time ranges as options of a radio group; values are minutes. */
export const RANGES = [
  { value: '5', label: labels.range5 },
  { value: '15', label: labels.range15 },
  { value: '60', label: labels.range60 },
];

/** What to show before the person chooses: metrics with signals first, a handful at most, sorted as `all`. */
export function firstMetrics(all, signalled) {
  const first = all.filter((name) => signalled.has(name));
  const others = all.filter((name) => !signalled.has(name));
  const shown = new Set([...first, ...others].slice(0, FIRST_METRICS));
  return all.filter((name) => shown.has(name));
}
