import type { DeviceKey } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import type { Signal } from '../model/signal.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EpochMs } from '../model/brand.ts';
import { makeJudge } from './detect/judge.ts';
import type { Input } from './detect/detector.ts';
import { confidenceOf } from './detect/detector.ts';
import { advance, quiet } from './episode/episode.ts';
import type { EpisodeState } from './episode/episode.ts';
import { episodeKeyOf, eventKeyOf } from './episode/keys.ts';
import { explain } from './explain.ts';
import type { Point } from './series.ts';
import { snapshotOf } from './snapshot.ts';

/** What a lane was, for `makeLane` to go on with. */
export interface LaneState {
  readonly judge: object;
  readonly episode: EpisodeState;
}

/** What surrounds one input; only read when there is something to say. */
export interface Scene {
  readonly deviceType: string | undefined;
  readonly unit: string | undefined;
  readonly source: string;
  /** By the bridge's clock. */
  readonly noticedAt: EpochMs;
  readonly points: readonly Point[];
}

/** One policy watching one series of one device: a detector and the life of its episodes. */
export interface Lane {
  readonly policy: Policy;
  readonly metric: string | undefined;
  /** Another object after every change. */
  readonly episode: EpisodeState;
  /** One input, newer than all before. */
  observe(input: Input, scene: Scene): Signal | undefined;
  save(): LaneState;
}

/** The lane of `policy` and `metric` (undefined: the device as a whole). */
export function makeLane(
  policy: Policy,
  device: DeviceKey,
  metric: string | undefined,
  saved: { readonly judge: unknown; readonly episode: EpisodeState } | undefined,
): Lane {
  const judge = makeJudge(policy.detector, saved?.judge);
  let episode = saved?.episode ?? quiet;
  return {
    policy,
    metric,
    get episode() {
      return episode;
    },
    save: () => ({ judge: judge.save(), episode }),
    observe(input, scene) {
      const verdict = judge.judge(input);
      const seen = {
        at: input.at,
        level: verdict.level,
        severity: verdict.severity ?? policy.severity,
        ...(verdict.since === undefined ? {} : { since: verdict.since }),
      };
      const before = episode;
      const { state, event } = advance(before, seen, policy);
      episode = state;
      if (event === undefined) return undefined;
      const start = toEpochMs(event.start);
      const episodeKey = episodeKeyOf(device, policy.key, metric, start);
      const { deviceType, source, noticedAt } = scene;
      const unit = policy.detector.kind === 'silence' ? 's' : scene.unit;
      return {
        eventKey: eventKeyOf(episodeKey, event.phase, event.sequence),
        episodeKey,
        phase: event.phase,
        sequence: event.sequence,
        signalType: policy.signalType,
        severity: event.severity,
        // That it is healthy again is a plain observation, not a guess.
        confidence: event.phase === 'Cleared' ? 1 : confidenceOf(verdict.score),
        device,
        ...(deviceType === undefined ? {} : { deviceType }),
        occurredAt: event.phase === 'Opened' ? start : input.at,
        detectedAt: noticedAt,
        ...(metric === undefined ? {} : { metric }),
        value: sixDecimals(verdict.value),
        baseline: sixDecimals(verdict.baseline),
        ...(unit === undefined ? {} : { unit }),
        snapshot: snapshotOf({ policy, event, verdict, metric, unit, judge: judge.save(), scene }),
        explanation: explain({
          policy,
          event,
          verdict,
          judge,
          device,
          metric,
          unit,
          before,
          input,
        }),
        policyKey: policy.key,
        policyVersion: policy.version,
        detector: policy.detector.kind,
        source,
      };
    },
  };
}

/** `Value__c` and `Baseline__c` are Number(18,6). */
function sixDecimals(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
