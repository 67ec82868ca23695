import type { Mapping } from '../model/mapping.ts';
import type { DetectorOptions, Policy } from '../model/policy.ts';
import type { PolicyEntry } from './policySchema.ts';
import type { ConfigFile } from './schema.ts';

/** A mapping of the file in the words of the model. */
export function toMapping(entry: ConfigFile['mappings'][number]): Mapping {
  const { connection, device, deviceType, time, metrics, maxFuture, maxAge, ...rest } = entry;
  return {
    name: rest.name,
    topic: rest.topic,
    qos: rest.qos,
    ...(connection !== undefined && { connection }),
    ...(device !== undefined && { device }),
    ...(deviceType !== undefined && { deviceType }),
    ...(time !== undefined && { time }),
    // The schema lets exactly one of the two through.
    metrics: metrics.each === undefined ? { path: metrics.path ?? '' } : { each: metrics.each },
    units: rest.units,
    ranges: rest.ranges,
    maxFutureMs: maxFuture,
    maxAgeMs: maxAge,
    recorded: rest.recorded,
    maxBytes: rest.maxBytes,
  };
}

/** A policy of the file in the words of the model; its service half belongs to the org. */
export function toPolicy(entry: PolicyEntry): Policy {
  const { deviceType, device, metric } = entry.match;
  return {
    key: entry.key,
    version: entry.version,
    match: {
      ...(deviceType !== undefined && { deviceType }),
      ...(device !== undefined && { device }),
      ...(metric !== undefined && { metric }),
    },
    signalType: entry.signalType,
    severity: entry.severity,
    detector: toDetector(entry.detector),
    openAfterMs: entry.openAfter,
    clearAfterMs: entry.clearAfter,
    updateEveryMs: entry.updateEvery,
    ...(entry.latencyClass !== 'Immediate' && { latencyClass: entry.latencyClass }),
  };
}

function toDetector(detector: PolicyEntry['detector']): DetectorOptions {
  if (detector.kind === 'silence') return { kind: 'silence', afterMs: detector.after };
  if (detector.kind !== 'threshold') return detector;
  const { escalate, ...rest } = detector;
  return { ...rest, ...(escalate !== undefined && { escalate }) };
}
