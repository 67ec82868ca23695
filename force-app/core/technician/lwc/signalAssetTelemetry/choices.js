/* Metrics__c is Text(255); more names than fit mean "all". */
const METRICS_LENGTH = 255;
const RANGES = [5, 15, 60];

/** The smallest range on offer that holds `minutes`, as the panel's choice of range names it. */
export function rangeValue(minutes) {
  return String(RANGES.find((range) => range >= minutes) ?? RANGES[RANGES.length - 1]);
}

/**
 * Whether `answer` (as readAnswer gives it) is the bridge's to this request: written since `requestedAt` (ms),
 * over this range and with these metrics (none means all). An answer without a drawing answers any range.
 */
export function isAnswerTo(answer, { requestedAt, range, chosen }) {
  // Moments of saving are whole seconds.
  if (!(answer?.answeredAt >= Math.floor(requestedAt / 1000) * 1000)) return false;
  if (!answer.telemetry) return true;
  const { from, to, metrics, series } = answer.telemetry;
  const drawn = new Set(series.map(({ metric }) => metric));
  const wanted = chosen.filter((name) => metrics.includes(name));
  return (
    Math.round((to - from) / 60_000) === Number(range) && wanted.every((name) => drawn.has(name))
  );
}

/** Names in a Metrics__c text; an empty text holds none, which stands for all. */
export function parseMetrics(text) {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

/** Metrics__c for the chosen names; empty, which means all, when nothing is left out or they do not fit. */
export function metricsText(chosen, all) {
  const text = chosen.join(',');
  return chosen.length === all.length || text.length > METRICS_LENGTH ? '' : text;
}
