/* Metrics__c is Text(255); more names than fit mean "all". */
const METRICS_LENGTH = 255;
const RANGES = [5, 15, 60];

/** The smallest range on offer that holds `minutes`, as the panel's choice of range names it. */
export function rangeValue(minutes) {
  return String(RANGES.find((range) => range >= minutes) ?? RANGES[RANGES.length - 1]);
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
