import { latencyClassOf } from '../core/govern/latencyClass.ts';
import type { LatencyRules } from '../core/govern/latencyClass.ts';
import {
  at,
  counted,
  HALF_MS,
  KEPT_SHARE,
  noLatencies,
  shareOf,
} from '../core/govern/latencyShare.ts';
import type { EpochMs } from '../model/brand.ts';
import { latencyClasses } from '../model/policy.ts';
import type { LatencyClass } from '../model/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { Unreceipted } from '../ports/outbox.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';

export interface LatencyOptions {
  readonly rules: LatencyRules;
  readonly clock: Clock;
  readonly counters: Pick<Counters, 'eventActed'>;
  readonly logger: Logger;
}

/**
 * Measures how long events take from when the bridge noticed what they say to when it knows that the org has acted on it, or
 * decided that nothing is to be done. Both by the bridge's own clock: the org's is not compared with it, so the time is an
 * upper bound that has the wait for the receipt in it. What never got there is counted elsewhere.
 */
export interface LatencyWatch {
  acted(event: Unreceipted, knownAt: EpochMs): void;
  /** The part of each class's events of the last minutes that were acted on within their budget; absent where there were none. */
  shares(): Partial<Readonly<Record<LatencyClass, number>>>;
  /** Which classes miss their budget, for a person; empty where none does. */
  reason(): string;
}

/**
 * Says in the log once that a class misses its budget, and that it is kept again; that at the earliest after the time a share
 * looks back, so that a class at the border of its budget does not tell of every event. Constant cost and memory.
 */
export function makeLatencyWatch({ rules, clock, counters, logger }: LatencyOptions): LatencyWatch {
  const classes = new Map(
    latencyClasses.map((name) => [
      name,
      { share: noLatencies, isMissed: false, missedAt: -Infinity },
    ]),
  );

  function describe(name: LatencyClass, share: number): string {
    const seconds = Math.round(rules[name].withinMs / 1_000);
    return `${Math.floor(share * 100)} % of the ${name} events of the last minutes were acted on within ${seconds} s; ${KEPT_SHARE * 100} % should be`;
  }

  return {
    acted(event, knownAt) {
      const name = latencyClassOf(event);
      const known = classes.get(name);
      if (known === undefined) return;
      // A clock that was set back says nothing of how long it took.
      const took = Math.max(0, knownAt - event.detectedAt);
      counters.eventActed(name, took / 1_000);
      known.share = counted(known.share, took <= rules[name].withinMs, knownAt);
      const share = shareOf(known.share) ?? 1;
      const isMissed = share < KEPT_SHARE;
      if (isMissed === known.isMissed) return;
      // A clock that was set back does not hold back what is to be said.
      if (!isMissed && Math.abs(knownAt - known.missedAt) < HALF_MS) return;
      known.isMissed = isMissed;
      if (isMissed) {
        known.missedAt = knownAt;
        logger.warn({ stage: 'receipts', class: name }, describe(name, share));
      } else {
        logger.info(
          { stage: 'receipts', class: name },
          `${name} events are acted on in time again`,
        );
      }
    },
    shares() {
      const now = clock();
      const shares = [...classes].flatMap(([name, { share }]) => {
        const part = shareOf(at(share, now));
        return part === undefined ? [] : [[name, part] as const];
      });
      return Object.fromEntries(shares);
    },
    reason() {
      return Object.entries(this.shares())
        .filter(([, share]) => share < KEPT_SHARE)
        .map(([name, share]) => describe(name as LatencyClass, share))
        .join('; ');
    },
  };
}
