import type { Policy } from '../model/policy.ts';
import type { Verdict } from './detect/detector.ts';
import type { EpisodeEvent } from './episode/episode.ts';
import type { Scene } from './lane.ts';

export interface Evidence {
  readonly policy: Policy;
  readonly event: EpisodeEvent;
  readonly verdict: Verdict;
  readonly metric: string | undefined;
  readonly unit: string | undefined;
  readonly judge: object;
  readonly scene: Scene;
}

/**
 * The evidence of an event as JSON: the last points of the series (`[milliseconds, value]`, at
 * most 20), the options the detector judged by, and what it knew. A few thousand characters at
 * most, since every part is of fixed size; `Snapshot__c` holds 32,000.
 */
export function snapshotOf({
  policy,
  event,
  verdict,
  metric,
  unit,
  judge,
  scene,
}: Evidence): string {
  return JSON.stringify({
    version: 1,
    episode: { start: event.start, since: event.since, cause: event.cause },
    metric,
    unit,
    points: scene.points,
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
    state: judge,
  });
}
