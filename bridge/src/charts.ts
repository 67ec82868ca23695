import type { Config } from './config/load.ts';
import type { Decoder } from './core/decode/decoder.ts';
import { makeWindow } from './core/telemetry/window.ts';
import type { LogPosition } from './model/brand.ts';
import type { Readings } from './model/readings.ts';
import type { OrgState } from './pipeline/orgState.ts';
import type { ProcessProgress } from './pipeline/process.ts';
import { refillWindow } from './pipeline/refill.ts';
import type { Stage } from './pipeline/run.ts';
import type { TelemetryStatus } from './pipeline/status.ts';
import type { Governor } from './pipeline/governor.ts';
import { makeViewInbox } from './pipeline/viewInbox.ts';
import type { ViewInbox } from './pipeline/viewInbox.ts';
import { runViews } from './pipeline/views.ts';
import { makeWakeup } from './pipeline/wakeup.ts';
import type { Clock } from './ports/clock.ts';
import type { DurableLog } from './ports/log.ts';
import type { Counters, Logger } from './ports/telemetry.ts';
import type { Views } from './ports/views.ts';

export interface ChartParts {
  readonly log: DurableLog;
  readonly progress: ProcessProgress;
  readonly decode: Decoder;
  readonly views: Views;
  readonly org: OrgState;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
  /** Where detection goes on from. */
  readonly processed: LogPosition;
  readonly governor: Pick<Governor, 'spacingMs'>;
}

/** The charts on the Asset page: an hour of readings, and who wants to see some of it. */
export interface Charts {
  /** Every reading, in the order of the log. */
  readonly heard: (readings: Readings, first: number, end: number) => void;
  /** Where notices say which views are wanted. */
  readonly inbox: ViewInbox;
  readonly status: () => TelemetryStatus;
  readonly stage: (parts: ChartParts) => Stage;
}

/** Composes the side path of the bridge; nothing on the way of a signal depends on it. */
export function makeCharts(config: Config): Charts | undefined {
  const { enabled, memory, refresh: refreshMs, callsPerMinute } = config.telemetry;
  if (!enabled) return undefined;
  const window = makeWindow(memory);
  const watched = { live: 0 };
  const arrived = makeWakeup();
  const inbox = makeViewInbox(arrived);
  const { first: firstMs, max: maxMs } = config.salesforce.retry;
  const backoff = { firstMs, maxMs };
  return {
    heard: (readings, first, end) => window.addAll(readings, first, end),
    inbox,
    status: () => ({ window, ...watched }),
    stage: (parts) => async (signal) => {
      const spacingMs = (usualMs: number): number => parts.governor.spacingMs(usualMs, 'Low');
      const common = { ...parts, window, inbox, backoff, spacingMs };
      await Promise.all([
        refillWindow(common, signal),
        runViews({ ...common, arrived, status: watched, refreshMs, callsPerMinute }, signal),
      ]);
    },
  };
}
