import { toEpochMs } from '../model/brand.ts';
import type { Signal } from '../model/signal.ts';
import { confidenceOf } from './detect/detector.ts';
import { episodeKeyOf, eventKeyOf } from './episode/keys.ts';
import { explain } from './explain.ts';
import type { Happening } from './happening.ts';
import { snapshotOf } from './snapshot.ts';

/** The signal of an event. */
export function signalOf(happening: Happening): Signal {
  const { lane, event, input, verdict, device, deviceType, unit, source, noticedAt } = happening;
  const { policy, metric } = lane;
  const start = toEpochMs(event.start);
  const episodeKey = episodeKeyOf(device, policy.key, metric, start);
  const signal: Draft = {
    eventKey: eventKeyOf(episodeKey, event.phase, event.sequence),
    episodeKey,
    phase: event.phase,
    sequence: event.sequence,
    signalType: policy.signalType,
    severity: event.severity,
    // That it is healthy again is a plain observation, not a guess.
    confidence: event.phase === 'Cleared' ? 1 : confidenceOf(verdict.score),
    device,
    occurredAt: event.phase === 'Opened' ? start : toEpochMs(input.at),
    detectedAt: noticedAt,
    value: sixDecimals(verdict.value),
    baseline: sixDecimals(verdict.baseline),
    snapshot: snapshotOf(happening),
    explanation: explain(happening),
    policyKey: policy.key,
    policyVersion: policy.version,
    detector: policy.detector.kind,
    source,
  };
  if (deviceType !== undefined) signal.deviceType = deviceType;
  if (metric !== undefined) signal.metric = metric;
  if (unit !== undefined) signal.unit = unit;
  const { latencyClass = 'Immediate' } = policy;
  if (latencyClass !== 'Immediate') signal.latencyClass = latencyClass;
  return signal;
}

type Draft = { -readonly [Field in keyof Signal]: Signal[Field] };

/** `Value__c` and `Baseline__c` are Number(18,6). */
function sixDecimals(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
