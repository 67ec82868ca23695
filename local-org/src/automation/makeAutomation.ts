import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { makeBus, type Bus } from '../events/bus.ts';
import { makeBusFaults, parseFaults } from '../events/faults.ts';
import { createBusTables } from '../events/tables.ts';
import { makeUsage, type Allocations } from '../events/usage.ts';
import { compileFlows } from '../flow/compile.ts';
import type { UserAccess } from '../flow/dataAccess.ts';
import type { CompiledFlow, FlowContext, Recorder } from '../flow/runtime.ts';
import type { RunWatcher } from '../flow/watch.ts';
import type { OrgMetadata } from '../metadata/schema.ts';
import { EDITIONS } from '../store/editions.ts';
import type { RecordStore } from '../store/records.ts';
import type { Assumptions } from './assumptions.ts';
import { makeAsyncPaths } from './asyncPaths.ts';
import { makeAsyncQueue, type AsyncQueue } from './asyncQueue.ts';
import type { Dml } from './dml.ts';
import { makeEventFlows } from './eventFlows.ts';
import { makeFlowDml, type FlowDmlParts } from './flowDml.ts';
import type { Logger } from './logger.ts';
import { makeOrgDml } from './orgDml.ts';
import { makeOutbox, type SentMail } from './outbox.ts';
import { makeScheduledFlows } from './scheduledFlows.ts';
import { makeScreenFlows, type FlowAccess, type ScreenFlows } from './screenFlows.ts';
import { makeScopes, type Meter, type TransactionScope } from './scope.ts';
import { makeTriggers } from './triggers.ts';
import { makeValidationRules } from './validationRules.ts';
import { makeWorker } from './worker.ts';

export interface AutomationOptions {
  readonly metadata: OrgMetadata;
  /** The flows of the metadata, where they are bound already. */
  readonly flows?: ReadonlyMap<string, CompiledFlow> | undefined;
  readonly store: RecordStore;
  readonly clock: Clock;
  /** From `parseAssumptions`. */
  readonly assumptions: Assumptions;
  /** Texts of `--fault`, e.g. `publish-error=3`. */
  readonly faults: readonly string[];
  readonly logger: Logger;
  /** What users may do, for flows that run as their user; left out, everybody may do everything. */
  readonly access?: UserAccess & FlowAccess;
  /** Told about every executed element. */
  readonly recorder?: Recorder;
  /** Follows the interviews of flows. */
  readonly watcher?: RunWatcher | undefined;
  readonly meter?: Meter | undefined;
  /** Those of an Enterprise Edition unless given. */
  readonly allocations?: Allocations;
  /** That of an Enterprise Edition unless given. */
  readonly dailyEmailAddresses?: number;
  /** UUIDs for events and interviews; tests give repeatable ones. */
  readonly makeId?: () => string;
}

export interface Automation {
  readonly dml: Dml;
  readonly bus: Bus;
  readonly screenFlows: ScreenFlows;
  /** The notifications and emails that flows have sent. */
  readonly sent: SentMail;
  /** Looks again what is due, as the clock was moved. */
  wake(): void;
  /** Starts event flows and asynchronous paths, with what an earlier run left pending. */
  start(): void;
  stop(): void;
  /** Resolves when no event batch and no asynchronous path is due; failed paths may wait for later. */
  idle(): Promise<void>;
}

/** Puts flows, saving and the event bus together. Throws when a flow or rule is not supported or wrong. */
export function makeAutomation(options: AutomationOptions): Automation {
  const { metadata, store, clock, assumptions, logger } = options;
  const makeId = options.makeId ?? randomUUID;
  const flows = options.flows ?? compileFlows(metadata);
  const access = options.access ?? everything;
  createBusTables(store.sql);
  const dailyEmails = options.dailyEmailAddresses ?? EDITIONS.enterprise.dailyEmailAddresses;
  const sent = makeOutbox(store, clock, dailyEmails, logger);
  const bus = makeBus({
    metadata,
    store,
    clock,
    makeId,
    faults: makeBusFaults(store, parseFaults(options.faults)),
    allocations: options.allocations ?? EDITIONS.enterprise,
    usage: makeUsage(store, clock),
    get createdBy() {
      return assumptions['created-by'];
    },
  });
  const stored = makeAsyncQueue(store);
  const queue: AsyncQueue = {
    ...stored,
    put(path) {
      stored.put(path);
      store.afterCommit(() => worker.kick());
    },
    move(path, dueAt) {
      stored.move(path, dueAt);
      store.afterCommit(() => worker.kick());
    },
  };
  const triggers = makeTriggers(flows);
  const scopes = makeScopes(store, makeId, options.meter);
  const parts: FlowDmlParts = {
    metadata,
    store,
    scopes,
    triggers,
    rules: makeValidationRules(metadata, store, clock),
    queue,
    assumptions,
    bus,
    makeId,
    contextOf,
  };

  function contextOf(scope: TransactionScope): FlowContext {
    return {
      store,
      dml: makeFlowDml(parts, scope),
      outbox: sent,
      access,
      limits: scope.limits,
      clock,
      // Asked for only where it matters, so that tests can tell what depends on it.
      get exactCase() {
        return assumptions['condition-case'] === 'exact';
      },
      get nullMatches() {
        return assumptions['null-filter'] === 'matches-empty';
      },
      recorder: options.recorder,
      watcher: options.watcher,
      transaction: scope.id,
      makeId,
    };
  }

  const worker = makeWorker(
    [
      makeEventFlows({ store, bus, scopes, triggers, assumptions, logger, contextOf }),
      makeScheduledFlows({ store, queue, scopes, triggers, clock, logger, contextOf }),
      makeAsyncPaths({ store, queue, scopes, flows, assumptions, logger, clock, contextOf }),
    ],
    clock,
    logger,
  );
  bus.onPublished(() => worker.kick());
  return {
    dml: makeOrgDml(parts),
    bus,
    screenFlows: makeScreenFlows({ flows, access, scopes, contextOf }),
    sent,
    wake: () => worker.kick(),
    start: () => worker.start(),
    stop: () => worker.stop(),
    idle: () => worker.idle(),
  };
}

const everything: UserAccess & FlowAccess = {
  may: () => true,
  mayField: () => true,
  mayRow: () => true,
  rowFilter: () => undefined,
  mayRun: () => true,
};
