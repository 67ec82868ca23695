import type { Config } from './config/load.ts';
import type { Governor } from './pipeline/governor.ts';
import { makeLatencyWatch } from './pipeline/latency.ts';
import { runReceipts } from './pipeline/receipts.ts';
import type { ReceiptOptions } from './pipeline/receipts.ts';
import type { Stage } from './pipeline/run.ts';
import type { ReceiptView } from './pipeline/status.ts';
import { makeUnrouted } from './pipeline/unrouted.ts';
import type { Clock } from './ports/clock.ts';
import type { PlaceStore } from './ports/notices.ts';
import type { Receipts } from './ports/receipts.ts';
import type { Counters, Logger } from './ports/telemetry.ts';
import { toLatencyRules } from './urgency.ts';

export interface ReceivingParts {
  readonly receipts: Receipts;
  readonly places: PlaceStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

type StageParts = Pick<
  ReceiptOptions,
  'outbox' | 'org' | 'breaker' | 'pace' | 'recorded' | 'counters'
> & { readonly governor: Pick<Governor, 'spacingMs' | 'awaitsCritical'> };

/** What the bridge hears of its events from the org. */
export interface Receiving {
  readonly status: ReceiptView;
  readonly stage: (parts: StageParts) => Stage;
}

/** Composes the receipts. */
export function makeReceiving(
  { salesforce }: Pick<Config, 'salesforce'>,
  { receipts, places, clock, logger }: ReceivingParts,
): Receiving {
  const { every: everyMs, missingAfter: missingAfterMs, maxPublishes } = salesforce.receipts;
  const { routeAgainAfter: routeAgainAfterMs } = salesforce.receipts;
  // The counters come with the stage: they themselves show the status.
  const counters: { eventActed: Counters['eventActed'] } = { eventActed: () => undefined };
  const latency = makeLatencyWatch({
    rules: toLatencyRules({ salesforce }),
    clock,
    counters,
    logger,
  });
  const unrouted = makeUnrouted({ receipts, clock, logger, routeAgainAfterMs });
  return {
    status: { latency, unrouted },
    stage:
      ({ governor, ...parts }) =>
      (signal) => {
        counters.eventActed = (...acted) => parts.counters.eventActed(...acted);
        return runReceipts(
          {
            ...{ ...parts, receipts, unrouted, latency, places, clock, logger },
            ...{ everyMs, missingAfterMs, routeAgainAfterMs, maxPublishes },
            spacingMs: (usualMs) =>
              governor.spacingMs(usualMs, governor.awaitsCritical() ? 'Critical' : 'High'),
            placeName: `receipts of ${salesforce.loginUrl}`,
          },
          signal,
        );
      },
  };
}
