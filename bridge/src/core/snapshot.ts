import type { Happening } from './happening.ts';

/**
 * The evidence of an event as JSON: the last points of the series (`[milliseconds, value]`, at
 * most 20), the options the detector judged by, and what it knew. A few thousand characters at
 * most, since every part is of fixed size; `Snapshot__c` holds 32,000.
 */
export function snapshotOf(happening: Happening): string {
  const { lane, event, verdict, unit, numbers, at, points } = happening;
  const { policy, judge, metric } = lane;
  return JSON.stringify({
    version: 1,
    episode: { start: event.start, since: event.since, cause: event.cause },
    metric,
    unit,
    points,
    limits: policy.detector,
    timing: {
      openAfterMs: policy.openAfterMs,
      clearAfterMs: policy.clearAfterMs,
      updateEveryMs: policy.updateEveryMs,
    },
    judged: {
      level: verdict.level,
      value: verdict.value,
      baseline: verdict.baseline,
      score: Math.round(verdict.score * 1000) / 1000,
    },
    state: judge.evidence(numbers, at),
  });
}
