import { toEpochMs } from '../model/brand.ts';
import type { DeviceKey, EpochMs } from '../model/brand.ts';
import { severities } from '../model/signal.ts';
import type { Signal } from '../model/signal.ts';
import type { EpisodeState } from './episode/episode.ts';
import { episodeKeyOf, eventKeyOf } from './episode/keys.ts';
import type { Lane, Layout } from './layout/layout.ts';

/** An episode that ends because nobody watches for it any more. */
export interface Unwatched {
  readonly device: DeviceKey;
  /** Those of before. */
  readonly lane: Lane;
  readonly layout: Layout;
  /** Of an open episode. */
  readonly state: EpisodeState;
  /** When the policies changed, by the bridge's clock. */
  readonly at: EpochMs;
}

/**
 * The end of an open episode whose policy was removed, or no longer holds for the device: a Case must not wait for an end
 * that nobody would notice. It is not said to be healthy.
 */
export function endedSignalOf({ device, lane, layout, state, at }: Unwatched): Signal {
  const { policy, metric } = lane;
  const start = toEpochMs(state.start);
  const episodeKey = episodeKeyOf(device, policy.key, metric, start);
  const sequence = state.sequence + 1;
  const episode = { start: state.start, since: at, cause: 'policy' };
  const { deviceType, source } = layout;
  const { latencyClass = 'Immediate' } = policy;
  return {
    eventKey: eventKeyOf(episodeKey, 'Cleared', sequence),
    episodeKey,
    phase: 'Cleared',
    sequence,
    signalType: policy.signalType,
    severity: severities[state.severity] ?? 'Low',
    confidence: 1,
    device,
    ...(deviceType === undefined ? {} : { deviceType }),
    // Behind the last event, whatever clock that went by: an older one would change nothing in the org.
    occurredAt: toEpochMs(Math.max(at, state.saidAt + 1)),
    detectedAt: at,
    ...(metric === undefined ? {} : { metric }),
    snapshot: JSON.stringify({
      version: 1,
      episode,
      ...(metric === undefined ? {} : { metric }),
      points: [],
    }),
    explanation:
      `${metric === undefined ? device : `${metric} of ${device}`} is no longer watched by the policy ${policy.key}, which ` +
      'was removed or changed. The episode ends with it; whether the condition is over is not known.',
    policyKey: policy.key,
    policyVersion: policy.version,
    detector: policy.detector.kind,
    source,
    ...(latencyClass === 'Immediate' ? {} : { latencyClass }),
  };
}
