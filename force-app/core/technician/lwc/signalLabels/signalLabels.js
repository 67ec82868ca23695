import chart from './chart';
import health from './health';
import signals from './signals';
import states from './states';
import telemetry from './telemetry';

/** All words of the panels, from the package's custom labels; {0}, {1} … are filled by `fill`. */
export const labels = Object.freeze({ ...states, ...health, ...telemetry, ...chart, ...signals });

/** `text` with {0}, {1} … replaced by `values` in order; a placeholder without a value stays. */
export function fill(text, ...values) {
  return text.replace(/\{(\d+)\}/g, (placeholder, index) => values[index] ?? placeholder);
}
