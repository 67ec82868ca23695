import { labels } from 'c/signalLabels';

/* Each severity has its own outline besides its colour, so that it is told apart without colour. The
   outlines fill a box of 16 by 16. */
const SEVERITIES = [
  { name: 'Critical', label: labels.severityCritical, path: 'M8 .5 15.5 8 8 15.5.5 8Z' },
  { name: 'High', label: labels.severityHigh, path: 'M8 1 15.5 14.5H.5Z' },
  { name: 'Medium', label: labels.severityMedium, path: 'M2 2H14V14H2Z' },
  {
    name: 'Low',
    label: labels.severityLow,
    path: 'M8 1.5A6.5 6.5 0 1 1 8 14.5 6.5 6.5 0 1 1 8 1.5Z',
  },
];
const OTHER = { name: 'Other', path: 'M1.5 6H14.5V10H1.5Z' };

/** Looks of a severity: `label`, outline `path`, `rank` (0 worst) and the suffix `className` of its styles. */
export function severityLooks(severity) {
  const rank = SEVERITIES.findIndex(({ name }) => name === severity);
  const { label = severity, path, name } = SEVERITIES[rank] ?? OTHER;
  return { label, path, rank: rank < 0 ? SEVERITIES.length : rank, className: name.toLowerCase() };
}

/** The worse of two severities; undefined counts as none. */
export function worseOf(a, b) {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return severityLooks(a).rank <= severityLooks(b).rank ? a : b;
}
