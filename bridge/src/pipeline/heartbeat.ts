import type { Tally } from '../core/days/tally.ts';
import { toEpochMs } from '../model/brand.ts';
import { MOST_DAYS } from '../ports/bridgeReports.ts';
import type { BridgeReport, BridgeReports, DayStore, OrgLimits } from '../ports/bridgeReports.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import type { OrgState } from './orgState.ts';
import { makeWakeup } from './wakeup.ts';

/** What only the moment knows. */
export type BridgeCondition = Pick<BridgeReport, 'devices' | 'left' | 'message'>;

export interface HeartbeatOptions {
  readonly reports: BridgeReports;
  readonly days: Tally;
  readonly store: DayStore;
  readonly outbox: Pick<Outbox, 'counts'>;
  readonly condition: () => BridgeCondition;
  /** Told what the org says of its limits. */
  readonly onLimits: (limits: OrgLimits) => void;
  readonly org: OrgState;
  readonly clock: Clock;
  readonly counters: Pick<Counters, 'heartbeatSent'>;
  readonly logger: Logger;
  readonly version: string;
  readonly everyMs: number;
}

/** A kill loses no more of the day's counts than this. */
const SAVE_MS = 5_000;
/** The org looks at the due time in an asynchronous path that promises no time: a bridge late by one report is not silent. */
const DUE_AFTER = 3;
const DUE_MIN_MS = 5 * 60_000;

/**
 * Tells the org once a minute that the bridge is there and what it did in the day; counts go on after a restart. While
 * the org is away they are kept, and days that have passed meanwhile are told when it is back. When `signal` is aborted
 * it says that the bridge has been stopped and is not to be missed.
 */
export async function runHeartbeat(options: HeartbeatOptions, signal: AbortSignal): Promise<void> {
  const { everyMs, clock } = options;
  const rest = makeWakeup();
  let nextMs = clock();
  while (!signal.aborted) {
    saveDays(options);
    if (clock() >= nextMs) {
      await beat(options, 'Running');
      nextMs = toEpochMs(clock() + everyMs);
    }
    await rest.wait(Math.min(SAVE_MS, Math.max(nextMs - clock(), 1)), signal);
  }
  saveDays(options);
  await beat(options, 'Stopped');
}

/** Writes down what was counted, where that is news. */
export function saveDays({
  days,
  store,
  logger,
}: Pick<HeartbeatOptions, 'days' | 'store' | 'logger'>): void {
  if (!days.hasChanged()) return;
  try {
    store.save(days.days());
  } catch (error) {
    logger.warn({ stage: 'heartbeat', err: error }, 'the counts of the day could not be kept');
  }
}

async function beat(options: HeartbeatOptions, status: BridgeReport['status']): Promise<void> {
  const { reports, days, outbox, org, clock, counters, logger } = options;
  try {
    const { pending, unreceipted, failed } = await outbox.counts();
    const at = clock();
    const dueMs = Math.max(DUE_AFTER * options.everyMs, DUE_MIN_MS);
    const told = days.days().slice(0, MOST_DAYS);
    const answer = await reports.report(
      {
        at,
        ...(status === 'Running' && { dueAt: toEpochMs(at + dueMs) }),
        status,
        version: options.version,
        waiting: pending + unreceipted,
        deadLetters: failed,
        ...options.condition(),
      },
      told,
    );
    org.report('reports', answer);
    counters.heartbeatSent(answer.ok ? 'taken' : 'failed');
    if (!answer.ok) return;
    // The day of the report went on while it was on its way; it is told again when it is over.
    days.forget(told.slice(1));
    options.onLimits(answer.value);
  } catch (error) {
    counters.heartbeatSent('failed');
    logger.error({ stage: 'heartbeat', err: error }, 'the bridge could not report to the org');
  }
}
