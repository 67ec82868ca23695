import { performance } from 'node:perf_hooks';

/** Between two measurements; shorter ones would say how long the last callback was. */
const EVERY_MS = 200;

/**
 * Measures the share of time in which the main thread worked, waiting for the disk included. Answers the value of the
 * last whole moment, 0 before the first.
 */
export function makeLoadMeter(): () => number {
  let since = performance.eventLoopUtilization();
  let measuredAt = performance.now();
  let value = 0;
  return () => {
    const now = performance.now();
    if (now - measuredAt < EVERY_MS) return value;
    const current = performance.eventLoopUtilization();
    value = performance.eventLoopUtilization(current, since).utilization;
    since = current;
    measuredAt = now;
    return value;
  };
}
