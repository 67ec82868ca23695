import { fill, labels } from 'c/signalLabels';
import { severityLooks, worseOf } from 'c/signalShapes';
import { timeText } from 'c/signalText';

/* A target of 24 pixels (WCAG 2.5.8) with a little air; signals nearer to each other share one mark. */
const NEAR_PX = 26;

/**
 * The marks below the charts: one for each signal in `shown` (ms), those that would overlap joined under
 * the worst of them. `x` in pixels of a plot `width` wide, `at` the moment it stands for, `text` in words.
 */
export function layoutMarks(markers, shown, width) {
  const perMs = width / (shown.to - shown.from);
  const placed = markers
    .filter(({ from, to }) => from <= shown.to && (to ?? shown.to) >= shown.from)
    .map((marker) => ({ marker, at: Math.max(marker.from, shown.from) }))
    .sort((a, b) => a.at - b.at);
  const groups = [];
  for (const { marker, at } of placed) {
    const last = groups[groups.length - 1];
    const x = (at - shown.from) * perMs;
    if (last && x - last.x < NEAR_PX) last.markers.push(marker);
    else groups.push({ x, at, markers: [marker] });
  }
  return groups.map(toMark);
}

function toMark({ x, at, markers }) {
  const severity = markers.map((marker) => marker.severity).reduce(worseOf);
  const worst = markers.find((marker) => marker.severity === severity);
  const looks = severityLooks(severity);
  const count = markers.length;
  return {
    key: worst.key,
    at,
    x,
    path: looks.path,
    className: `mark mark_${looks.className}`,
    style: `left: ${Math.round(x)}px`,
    count: count > 1 ? count : undefined,
    text: count > 1 ? fill(labels.markerCluster, count, wordsOf(worst)) : wordsOf(worst),
  };
}

function wordsOf({ severity, title, from, to }) {
  const { label } = severityLooks(severity);
  if (to === undefined) return fill(labels.markerOpen, label, title, timeText(from));
  return fill(labels.markerCleared, label, title, timeText(from), timeText(to));
}
