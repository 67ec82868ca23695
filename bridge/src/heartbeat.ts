import { join } from 'node:path';
import type { Config } from './config/load.ts';
import { makeTally } from './core/days/tally.ts';
import { makeDayFile } from './edge/dayFile.ts';
import { readCondition } from './pipeline/condition.ts';
import { withDays } from './pipeline/dayCounters.ts';
import { runHeartbeat, saveDays } from './pipeline/heartbeat.ts';
import type { OrgState } from './pipeline/orgState.ts';
import type { Stage } from './pipeline/run.ts';
import type { StatusView } from './pipeline/status.ts';
import type { BridgeReports, OrgLimits } from './ports/bridgeReports.ts';
import type { Clock } from './ports/clock.ts';
import type { Outbox } from './ports/outbox.ts';
import type { Counters, Logger } from './ports/telemetry.ts';
import { readVersion } from './version.ts';

export interface HeartbeatParts {
  readonly reports: BridgeReports;
  readonly outbox: Outbox;
  readonly org: OrgState;
  readonly counters: Counters;
  readonly view: StatusView;
}

/** What the bridge tells its org of itself, and what the org says of its limits in return. */
export interface Heartbeat {
  /** The same counters, which also count for the day. */
  readonly counting: (counters: Counters) => Counters;
  /** As the org last said; undefined before it did. */
  readonly limits: () => OrgLimits | undefined;
  readonly stage: (parts: HeartbeatParts) => Stage;
  /** Writes down what was counted after the last report. */
  readonly keep: () => void;
}

/** Composes the heartbeat; nothing on the way of a signal depends on it. */
export function makeHeartbeat(
  { dataDir, salesforce }: Pick<Config, 'dataDir' | 'salesforce'>,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Heartbeat {
  const store = makeDayFile(join(dataDir, 'days.json'));
  const days = makeTally(store.load(), clock);
  const said: { limits?: OrgLimits } = {};
  return {
    counting: (counters) => withDays(counters, days),
    limits: () => said.limits,
    stage:
      ({ view, ...parts }) =>
      (signal) =>
        runHeartbeat(
          {
            ...{ ...parts, days, store, clock, logger },
            condition: () => readCondition(view),
            onLimits: (limits) => void (said.limits = limits),
            version: readVersion(),
            everyMs: salesforce.heartbeat.every,
          },
          signal,
        ),
    keep: () => saveDays({ days, store, logger }),
  };
}
