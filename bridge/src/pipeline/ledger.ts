import { unusedBudget, use } from '../core/govern/budget.ts';
import { elapsedSince } from '../core/govern/elapsed.ts';
import type { BudgetName, BudgetRecord, BudgetUse } from '../model/budget.ts';
import type { Severity } from '../model/signal.ts';
import type { BudgetStore } from '../ports/budgets.ts';
import type { Logger } from '../ports/telemetry.ts';

export interface LedgerOptions {
  readonly store: BudgetStore;
  readonly wallMs: () => number;
  /** Only rises, since the machine was switched on. */
  readonly steadyMs: () => number;
  readonly logger: Logger;
}

/** What was used of the budgets, in memory and in its store; goes on where the store left off. */
export interface Ledger {
  /** Milliseconds of a time that no clock can move. */
  now(): number;
  of(name: BudgetName): BudgetUse;
  limits(): BudgetRecord['limits'];
  /** The org has named a limit. */
  learn(name: BudgetName, limit: number): void;
  /** Below 0: was not used after all. */
  count(name: BudgetName, amount: number, severity?: Severity): void;
  /**
   * So many events, already counted, go out now. When this returns it is on disk that they may have: at once with some
   * more, `lease` at most, so that few of them wait for the disk; a kill counts the rest of these as used.
   */
  allow(events: number, lease: number): void;
  /** Writes down what was counted, where that is news. */
  keep(): void;
  /** The same at a stop: nothing more is allowed. */
  close(): void;
}

/** Source: Platform Events Developer Guide, allocations, and REST API guide, limits; both windows roll. */
export const WINDOW_MS = {
  publishes: 3_600_000,
  apiCalls: 86_400_000,
  deliveries: 86_400_000,
  signalRows: 86_400_000,
} as const satisfies Readonly<Record<BudgetName, number>>;

/** What every published event takes of. */
export const perEvent = ['publishes', 'signalRows'] as const satisfies readonly BudgetName[];

/** Of what this process has published: one that is killed again and again must not use up what it does not publish. */
const LEASE_PART = 0.25;

export function makeLedger(options: LedgerOptions): Ledger {
  const { store, wallMs, steadyMs, logger } = options;
  const begun = begin(options);
  const startMs = steadyMs();
  const now = (): number => begun.at + Math.max(0, steadyMs() - startMs);
  const uses = { ...begun.uses };
  const limits = { ...begun.limits };
  let leased = 0;
  /** In this process. */
  let allowed = 0;
  let changed = false;
  let saves = true;

  const after = (name: BudgetName, amount: number, severity?: Severity): BudgetUse =>
    use({ windowMs: WINDOW_MS[name] }, uses[name], now(), amount, severity);

  function save(): void {
    try {
      store.save({
        ...{ at: now(), wallMs: wallMs(), steadyMs: steadyMs(), limits },
        uses: {
          ...uses,
          // Of whichever severity it will be used: it counts against all.
          publishes: after('publishes', leased, 'Critical'),
          signalRows: after('signalRows', leased, 'Critical'),
        },
      });
      changed = false;
      saves = true;
    } catch (error) {
      // A full disk must not keep a Critical from the org.
      if (saves) logger.warn({ stage: 'govern', err: error }, NOT_KEPT);
      saves = false;
    }
  }

  return {
    now,
    of: (name) => uses[name],
    limits: () => limits,
    learn(name, limit) {
      changed ||= limits[name] !== limit;
      limits[name] = limit;
    },
    count(name, amount, severity) {
      if (amount === 0) return;
      uses[name] = after(name, amount, severity);
      changed = true;
    },
    allow(events, lease) {
      allowed += events;
      leased -= events;
      if (leased >= 0) return;
      leased = Math.floor(Math.min(lease, allowed * LEASE_PART));
      save();
    },
    keep() {
      if (changed) save();
    },
    close() {
      leased = 0;
      save();
    },
  };
}

const NOT_KEPT =
  'what was used of the budgets could not be written down: after a kill it would count as unused; free disk space';

/** The record of the store, brought to this moment. */
function begin({
  store,
  wallMs,
  steadyMs,
  logger,
}: LedgerOptions): Pick<BudgetRecord, 'at' | 'uses' | 'limits'> {
  const fresh = {
    at: wallMs(),
    limits: {},
    uses: {
      publishes: unusedBudget,
      apiCalls: unusedBudget,
      deliveries: unusedBudget,
      signalRows: unusedBudget,
    },
  };
  try {
    const record = store.load();
    if (record === undefined) return fresh;
    const passedMs = elapsedSince(record, { wallMs: wallMs(), steadyMs: steadyMs() });
    return { ...record, at: record.at + passedMs };
  } catch (error) {
    logger.warn(
      { stage: 'govern', err: error },
      'what was used of the budgets cannot be read and counts as unused: until an hour and a day have passed, more may be used than salesforce.budget says',
    );
    return fresh;
  }
}
