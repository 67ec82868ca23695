import type { Config } from './config/load.ts';
import { waitsUntil } from './core/govern/latencyClass.ts';
import type { LatencyRules } from './core/govern/latencyClass.ts';
import type { EpochMs } from './model/brand.ts';
import type { Signal } from './model/signal.ts';
import { makeShedding } from './pipeline/shedding.ts';
import type { Shedding, SheddingParts } from './pipeline/shedding.ts';

/** What the latency classes of policies mean. */
export function toLatencyRules({ salesforce }: Pick<Config, 'salesforce'>): LatencyRules {
  const { immediate, minutes, batch } = salesforce.latency;
  return {
    Immediate: { everyMs: 0, withinMs: immediate.within },
    Minutes: { everyMs: minutes.every, withinMs: minutes.within },
    Batch: { everyMs: batch.every, withinMs: batch.within },
  };
}

/** For the outbox: until when a signal waits for others of its class. */
export function makeWaits(config: Pick<Config, 'salesforce'>): (signal: Signal) => EpochMs {
  const rules = toLatencyRules(config);
  return (signal) => waitsUntil(signal, rules);
}

/** Composes what suppresses signals when more wait than the budgets carry. */
export function composeShedding(
  { salesforce }: Pick<Config, 'salesforce'>,
  parts: Omit<SheddingParts, 'options'>,
): Shedding {
  const { beyond: beyondMs, unresolved: unresolvedMs } = salesforce.shedding;
  return makeShedding({ ...parts, options: { beyondMs, unresolvedMs } });
}
