import { toEpochMs } from '../../model/brand.ts';
import type { EpochMs } from '../../model/brand.ts';
import type { LatencyClass } from '../../model/policy.ts';
import type { Signal } from '../../model/signal.ts';

/** What one class of signals is promised. */
export interface LatencyRule {
  /** Its signals go together at the end of each stretch of this length, counted since 1970; 0: each at once. */
  readonly everyMs: number;
  /** The latency budget: from when the bridge noticed to when the org has acted. */
  readonly withinMs: number;
}

export type LatencyRules = Readonly<Record<LatencyClass, LatencyRule>>;

/**
 * What holds where the configuration says nothing. Immediate: a second of polling on each side and the org's asynchronous
 * path, which promises no time, leave most of ten seconds for a retry. The others: their stretch and as much again as a
 * budget that is short for a while may take.
 */
export const latencyDefaults: LatencyRules = {
  Immediate: { everyMs: 0, withinMs: 10_000 },
  Minutes: { everyMs: 2 * 60_000, withinMs: 5 * 60_000 },
  Batch: { everyMs: 60 * 60_000, withinMs: 90 * 60_000 },
};

type Classed = Pick<Signal, 'severity'> & { readonly latencyClass?: LatencyClass };

/** The class that counts: what has become Critical is Immediate, whatever its policy says. */
export function latencyClassOf({ severity, latencyClass = 'Immediate' }: Classed): LatencyClass {
  return severity === 'Critical' ? 'Immediate' : latencyClass;
}

/**
 * Until when a signal waits for others of its class: the end of the stretch in which the bridge noticed it, so the same
 * after every restart; 0 where it does not wait.
 */
export function waitsUntil(
  signal: Classed & Pick<Signal, 'detectedAt'>,
  rules: LatencyRules,
): EpochMs {
  const { everyMs } = rules[latencyClassOf(signal)];
  if (everyMs === 0) return toEpochMs(0);
  return toEpochMs((Math.floor(signal.detectedAt / everyMs) + 1) * everyMs);
}
