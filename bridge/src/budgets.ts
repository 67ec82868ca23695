import { join } from 'node:path';
import type { Config } from './config/load.ts';
import { makeBudgetFile } from './edge/budgetFile.ts';
import { makeGovernor } from './pipeline/governor.ts';
import type { Governor } from './pipeline/governor.ts';
import { makeLedger } from './pipeline/ledger.ts';
import type { Stage } from './pipeline/run.ts';
import { makeShortages, runShortages } from './pipeline/shortage.ts';
import type { BudgetView } from './pipeline/shortage.ts';
import type { OrgLimits } from './ports/bridgeReports.ts';
import type { Clock } from './ports/clock.ts';
import type { Outbox } from './ports/outbox.ts';
import type { Counters, Logger } from './ports/telemetry.ts';

export interface BudgetParts {
  readonly outbox: Pick<Outbox, 'ready'>;
  readonly limits: () => OrgLimits | undefined;
  readonly apiCalls: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What of the org this bridge may use, and what it did use. Disposed of, it writes down what it knows. */
export interface Budgets extends Disposable {
  readonly governor: Governor;
  /** The same counters, which also count what is delivered. */
  readonly counting: (counters: Counters) => Counters;
  readonly view: BudgetView;
  readonly stage: Stage;
}

/** Composes the budgets; they are in `dataDir/budgets.json`. */
export function makeBudgets(
  { dataDir, salesforce }: Pick<Config, 'dataDir' | 'salesforce'>,
  { outbox, limits, apiCalls, clock, logger }: BudgetParts,
): Budgets {
  const { reserve, ...plan } = salesforce.budget;
  const ledger = makeLedger({
    store: makeBudgetFile(join(dataDir, 'budgets.json')),
    wallMs: clock,
    // Of the machine, not of the process: it goes on over a restart.
    steadyMs: () => Number(process.hrtime.bigint()) / 1e6,
    logger,
  });
  const governor = makeGovernor({
    plan: {
      publishes: plan.publishesPerHour,
      apiCalls: plan.apiCallsPerDay,
      deliveries: plan.deliveriesPerDay,
      signalRows: plan.signalRowsPerDay,
    },
    reserve: { Critical: reserve.critical, High: reserve.high, Medium: reserve.medium },
    ...{ ledger, limits, apiCalls },
  });
  const shortages = makeShortages({ governor, outbox, clock, logger });
  return {
    governor,
    counting: (counters) => ({
      ...counters,
      noticeTaken(kind) {
        counters.noticeTaken(kind);
        governor.delivered(1);
      },
    }),
    view: {
      status: () => governor.status(),
      held: () => shortages.held(),
      messages: () => shortages.messages(),
    },
    stage: (signal) => runShortages(shortages, { governor, logger }, signal),
    [Symbol.dispose]: () => governor.close(),
  };
}
