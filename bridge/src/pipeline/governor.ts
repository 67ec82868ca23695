import { ownOf, roomOf, runsOutInMs, usedIn } from '../core/govern/budget.ts';
import type { BudgetRule, Reserve } from '../core/govern/budget.ts';
import { budgetNames } from '../model/budget.ts';
import type { BudgetName } from '../model/budget.ts';
import type { Severity } from '../model/signal.ts';
import type { OrgLimits } from '../ports/bridgeReports.ts';
import { perEvent, WINDOW_MS } from './ledger.ts';
import type { Ledger } from './ledger.ts';

/** How one budget stands. */
export interface BudgetStatus {
  readonly name: BudgetName;
  /** What this bridge may use in any stretch of `windowMs`: its share of the limit. */
  readonly limit: number;
  readonly windowMs: number;
  readonly used: number;
  /** What may be used now, of the share and of what the org says is left; at least 0. */
  readonly left: number;
  /** In how many milliseconds the share is used up at the pace of now; absent where it does not run out. */
  readonly runsOutInMs?: number;
}

/** Says how much may be used of the org, and remembers what was, also after a kill. */
export interface Governor {
  /** Events of this severity that may be published now, of all budgets the least; Infinity where nothing limits. Never less for a worse severity. */
  room(severity: Severity): number;
  /** Which budget has no room for this severity; undefined while there is some. */
  lacking(severity: Severity): BudgetName | undefined;
  /** So many events of this severity go to the event bus now. Called before they do: a kill in between counts them. */
  published(severity: Severity, count: number): void;
  /** So many of them did not get there, for certain. */
  returned(severity: Severity, count: number): void;
  /** So many notices of the org have come. */
  delivered(count: number): void;
  /**
   * How long to wait from one API call to the next where `usualMs` is usual: longer, up to five minutes, as the calls
   * for this severity run short, so that they last the day.
   */
  spacingMs(usualMs: number, severity: Severity): number;
  /** Whether a Critical was published lately, so that its receipt is waited for. */
  awaitsCritical(): boolean;
  /** In the order of `budgetNames`; one without a limit is left out. */
  status(): readonly BudgetStatus[];
  /** Writes down what was used, where that is news. */
  keep(): void;
  /** The same at a stop. */
  close(): void;
}

/** What of the org may be used: of `limit`, where one is set here, and of the org's own the less. */
export type BudgetPlan = Readonly<
  Record<BudgetName, { readonly limit?: number | undefined; readonly share: number }>
>;

export interface GovernorOptions {
  readonly plan: BudgetPlan;
  readonly reserve: Reserve;
  readonly ledger: Ledger;
  /** What the org last said; a new object each time it did. */
  readonly limits: () => OrgLimits | undefined;
  /** API calls of this process so far. */
  readonly apiCalls: () => number;
}

/** A record of an object of one's own counts as 2 KB of data storage. Source: Salesforce Help, 000193871. */
const ROWS_PER_MB = 512;
/** Older than ten heartbeats: nobody knows what is left. */
const TRUST_MS = 10 * 60_000;
/** Events that are allowed by one write to the disk: at most, and as a part of the smallest share. A kill loses no more. */
const LEASE = 1_000;
const LEASE_PART = 1 / 200;
/** Calls that are left are to last for this part of the day: at an even pace nine tenths of the share are used. */
const SPACING_MS = WINDOW_MS.apiCalls / 10;
const MAX_SPACING_MS = 5 * 60_000;
/** A receipt comes within seconds; after this it is no longer waited for as one of a Critical. */
const CRITICAL_MS = 2 * 60_000;

export function makeGovernor({
  plan,
  reserve,
  ledger,
  limits,
  apiCalls,
}: GovernorOptions): Governor {
  const org = makeOrgStatement(limits, ledger);
  let calls = 0;
  let criticalAt = -Infinity;

  function ruleOf(name: BudgetName): BudgetRule {
    const { limit = Infinity, share } = plan[name];
    return {
      limit: Math.min(limit, ledger.limits()[name] ?? Infinity),
      ...{ share, reserve, windowMs: WINDOW_MS[name] },
      criticalApart: name === 'publishes' || name === 'signalRows',
    };
  }
  function count(name: BudgetName, amount: number, severity?: Severity): void {
    ledger.count(name, amount, severity);
    org.count(name, amount);
  }
  function hear(): void {
    org.hear();
    const all = apiCalls();
    count('apiCalls', all - calls);
    calls = all;
  }
  function roomIn(name: BudgetName, severity: Severity): number {
    const left = org.left(name, severity);
    return roomOf(ruleOf(name), ledger.of(name), ledger.now(), severity, left);
  }

  return {
    room(severity) {
      hear();
      return Math.min(...perEvent.map((name) => roomIn(name, severity)));
    },
    lacking(severity) {
      hear();
      return perEvent.find((name) => roomIn(name, severity) === 0);
    },
    published(severity, events) {
      for (const name of perEvent) count(name, events, severity);
      if (severity === 'Critical') criticalAt = ledger.now();
      const smallest = Math.min(...perEvent.map((name) => ownOf(ruleOf(name))));
      ledger.allow(events, Math.min(LEASE, smallest * LEASE_PART));
    },
    returned(severity, events) {
      for (const name of perEvent) count(name, -events, severity);
    },
    delivered: (notices) => count('deliveries', notices),
    spacingMs(usualMs, severity) {
      hear();
      const evenly = SPACING_MS / Math.max(roomIn('apiCalls', severity), 1);
      return Math.max(usualMs, Math.min(evenly, MAX_SPACING_MS));
    },
    awaitsCritical: () => ledger.now() - criticalAt <= CRITICAL_MS,
    status() {
      hear();
      return budgetNames.flatMap((name): BudgetStatus[] => {
        const rule = ruleOf(name);
        const limit = Math.floor(ownOf(rule));
        if (!Number.isFinite(limit)) return [];
        const used = usedIn(rule, ledger.of(name), ledger.now());
        const left = Math.max(0, Math.min(limit - used, org.left(name, 'Low')));
        const soon = left === 0 ? 0 : runsOutInMs(rule, ledger.of(name), ledger.now());
        const { windowMs } = rule;
        return [
          { name, limit, windowMs, used, left, ...(soon !== undefined && { runsOutInMs: soon }) },
        ];
      });
    },
    keep() {
      hear();
      ledger.keep();
    },
    close() {
      hear();
      ledger.close();
    },
  };
}

/** What the org has said is left for everybody, less what this bridge has used since. */
function makeOrgStatement(limits: () => OrgLimits | undefined, ledger: Ledger) {
  let said: OrgLimits | undefined;
  let saidAt = -Infinity;
  let since = { publishes: 0, apiCalls: 0, deliveries: 0, signalRows: 0 };
  return {
    hear(): void {
      const now = limits();
      if (now === said) return;
      said = now;
      saidAt = ledger.now();
      since = { publishes: 0, apiCalls: 0, deliveries: 0, signalRows: 0 };
      for (const name of ['publishes', 'apiCalls', 'deliveries'] as const) {
        const max = now?.[name]?.max;
        if (max !== undefined) ledger.learn(name, max);
      }
    },
    count: (name: BudgetName, amount: number): void => void (since[name] += amount),
    left(name: BudgetName, severity: Severity): number {
      if (said === undefined || ledger.now() - saidAt > TRUST_MS) return Infinity;
      if (name !== 'signalRows') return Math.max(0, (said[name]?.left ?? Infinity) - since[name]);
      // The org counts its storage late and roughly: no Critical is held back by it.
      if (severity === 'Critical' || said.storage === undefined) return Infinity;
      return Math.max(0, Math.floor(said.storage.left * ROWS_PER_MB) - since.signalRows);
    },
  };
}
