import { closed, failed, permission, probed, succeeded } from '../core/delivery/breaker.ts';
import type { BreakerOptions, Permission } from '../core/delivery/breaker.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import type { Logger } from '../ports/telemetry.ts';

/** Keeps one use of the org from asking it again and again while it cannot answer. */
export interface Breaker {
  permission(): Permission;
  /** Until when nothing may be asked; in the past where something may. */
  until(): number;
  succeeded(): void;
  probed(): void;
  failed(failure: OrgFailure): void;
  /** 0 closed, 1 half-open, 2 open: the value of its metric. */
  level(): number;
  /** What an operator wants to know while it is not closed; empty while it is. */
  reason(): string;
}

const levels = { closed: 0, 'half-open': 1, open: 2 } as const;

/**
 * Logs the opening once; that it has closed again shows in the log as the org's answer does
 * (`pipeline/orgState.ts`).
 *
 * @param use what waits meanwhile, as the subject of a sentence
 */
export function makeBreaker(
  use: string,
  options: BreakerOptions,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Breaker {
  let state = closed;
  return {
    permission: () => permission(state, clock()),
    until: () => state.until,
    succeeded() {
      state = succeeded();
    },
    probed() {
      state = probed(state);
    },
    failed({ kind, waitMs }) {
      const before = state;
      const lasting = kind === 'refused' || kind === 'configuration' || waitMs !== undefined;
      const failure = { now: clock(), random: Math.random(), lasting, atLeastMs: waitMs };
      state = failed(before, failure, options);
      if (before.kind !== 'closed' || state.kind === 'closed') return;
      const seconds = Math.max(1, Math.ceil((state.until - clock()) / 1_000));
      logger.warn(
        { stage: 'org', failures: state.failures },
        `${use} pauses: the org is asked again in ${seconds} s, and then with growing pauses until it answers`,
      );
    },
    level: () => levels[state.kind],
    reason() {
      if (state.kind === 'closed') return '';
      const when = new Date(state.until).toISOString().replace(/\.\d+Z$/, 'Z');
      const next = state.kind === 'open' ? `next try at ${when}` : 'trying again now';
      return `${use} pauses after ${state.failures} failures in a row (${state.kind}; ${next}).`;
    },
  };
}

/** One for each use of the org that signals depend on. */
export interface Breakers {
  readonly publish: Breaker;
  readonly receipts: Breaker;
}

/** A lost stream or a slow answer is no outage: three failures in a row are. */
const THRESHOLD = 3;

export function makeBreakers(
  pauses: Omit<BreakerOptions, 'threshold'>,
  edges: { readonly clock: Clock; readonly logger: Logger },
): Breakers {
  const options = { ...pauses, threshold: THRESHOLD };
  return {
    publish: makeBreaker('Publishing', options, edges),
    receipts: makeBreaker('Asking what became of events', options, edges),
  };
}
