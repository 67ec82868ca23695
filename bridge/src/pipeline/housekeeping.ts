import type { Clock } from '../ports/clock.ts';
import { toEpochMs, toLogPosition } from '../model/brand.ts';
import type { DurableLog } from '../ports/log.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { StateStore } from '../ports/stateStore.ts';
import type { Logger } from '../ports/telemetry.ts';
import { makeWakeup } from './wakeup.ts';

export interface HousekeepingOptions {
  readonly log: DurableLog;
  readonly outbox: Outbox;
  /** What detection would begin from after a crash; the log is kept from there on. */
  readonly states: StateStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly logRetentionMs: number;
  readonly logMaxBytes: number;
  readonly quarantineRetentionMs: number;
  readonly outboxRetentionMs: number;
}

const EVERY_MS = 60_000;

/** Drops, once a minute, what is done with and old: processed messages of the log, the quarantine, ended events. */
export async function runHousekeeping(
  options: HousekeepingOptions,
  signal: AbortSignal,
): Promise<void> {
  const { log, outbox, states, clock, logger, logRetentionMs, logMaxBytes } = options;
  const rest = makeWakeup();
  while (!signal.aborted) {
    try {
      const kept = states.oldest()?.cursor ?? toLogPosition(0);
      const before = toEpochMs(clock() - logRetentionMs);
      await log.prune({ before, maxBytes: logMaxBytes }, kept);
      await log.pruneQuarantine(toEpochMs(clock() - options.quarantineRetentionMs));
      await outbox.prune(toEpochMs(clock() - options.outboxRetentionMs));
    } catch (error) {
      logger.error({ stage: 'housekeeping', err: error }, 'old entries could not be dropped');
    }
    await rest.wait(EVERY_MS, signal);
  }
}
