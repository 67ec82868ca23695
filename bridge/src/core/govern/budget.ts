import type { BudgetUse } from '../../model/budget.ts';
import { severities } from '../../model/signal.ts';
import type { Severity } from '../../model/signal.ts';

/** Something of the org that runs out: published events an hour, API calls or rows a day. */
export interface BudgetRule {
  /** In any stretch of `windowMs`; Infinity where none is known. */
  readonly limit: number;
  readonly windowMs: number;
  /** The part of it that this bridge may use, above 0 and at most 1. */
  readonly share: number;
  /** The part of that share which only this severity or a worse one may use, each 0 to 1, together at most 1. */
  readonly reserve: Reserve;
  /** Critical is counted apart: it may use the whole share, whatever the others have used of it. */
  readonly criticalApart: boolean;
}

export type Reserve = Readonly<Record<Exclude<Severity, 'Low'>, number>>;

/** A window is counted in so many stretches; one more of them is kept, so that nothing leaves it too early. */
const STRETCHES = 120;
const KEPT = STRETCHES + 1;
const NOTHING = Array.from({ length: KEPT }, () => 0);

export const unusedBudget: BudgetUse = { stretch: 0, used: NOTHING, critical: NOTHING };

/** What this bridge may use in a window, in all. */
export const ownOf = ({ limit, share }: BudgetRule): number => limit * share;

/**
 * After `count` more were used at `at`; below 0 takes back what was not used after all, of the newest stretch. A time
 * that goes back counts in the newest stretch.
 *
 * @param at milliseconds of a time that nobody sets, as everywhere here
 */
export function use(
  rule: Pick<BudgetRule, 'windowMs'>,
  before: BudgetUse,
  at: number,
  count: number,
  severity: Severity = 'Low',
): BudgetUse {
  const { stretch, used, critical } = advanced(rule, before, at);
  return {
    stretch,
    used: withLast(used, count),
    critical: severity === 'Critical' ? withLast(critical, count) : critical,
  };
}

/** What was used in the window that ends at `at`. */
export function usedIn(rule: BudgetRule, use_: BudgetUse, at: number): number {
  return sum(advanced(rule, use_, at).used);
}

/**
 * How much may be used at `at` for a signal of this severity; never below 0, and never less for a worse one.
 *
 * @param left what the org itself says is left for everybody, where it was asked; others use it too, and of it, as of
 *   the share, the part of those worse is kept
 */
export function roomOf(
  rule: BudgetRule,
  use_: BudgetUse,
  at: number,
  severity: Severity,
  left = Number.POSITIVE_INFINITY,
): number {
  const { used, critical } = advanced(rule, use_, at);
  const own = ownOf(rule);
  const isApart = rule.criticalApart && severity === 'Critical';
  const open = 1 - keptFor(rule.reserve, severity);
  const room = floor(own * open) - sum(isApart ? critical : used);
  return Math.max(0, Math.min(room, floor(left * open)));
}

/**
 * In how many milliseconds the share is used up if it goes on as in the last tenth of the window; undefined where it
 * does not run out, because as much leaves the window as comes in.
 */
export function runsOutInMs(rule: BudgetRule, use_: BudgetUse, at: number): number | undefined {
  const { used } = advanced(rule, use_, at);
  const own = ownOf(rule);
  const recent = used.slice(-STRETCHES / 10);
  const pace = sum(recent) / recent.length;
  let total = sum(used);
  if (total >= own) return 0;
  for (let ahead = 0; ahead < STRETCHES; ahead += 1) {
    total += pace - (used[ahead] ?? 0);
    if (total >= own) return ((ahead + 1) * rule.windowMs) / STRETCHES;
  }
  return undefined;
}

/** The part that is kept for worse ones. */
function keptFor(reserve: Reserve, severity: Severity): number {
  let kept = 0;
  for (const worse of severities) {
    if (worse === severity || worse === 'Low') break;
    kept += reserve[worse];
  }
  return kept;
}

function advanced(
  { windowMs }: Pick<BudgetRule, 'windowMs'>,
  use_: BudgetUse,
  at: number,
): BudgetUse {
  const now = Math.floor((at * STRETCHES) / windowMs);
  const passed = now - use_.stretch;
  if (passed <= 0) return use_;
  const empty = NOTHING.slice(0, Math.min(passed, KEPT));
  const shift = (counts: readonly number[]) => [...counts, ...empty].slice(-KEPT);
  return { stretch: now, used: shift(use_.used), critical: shift(use_.critical) };
}

const withLast = (counts: readonly number[], count: number): readonly number[] => [
  ...counts.slice(0, -1),
  Math.max(0, (counts.at(-1) ?? 0) + count),
];

const sum = (counts: readonly number[]): number => {
  let total = 0;
  for (const count of counts) total += count;
  return total;
};

/** Down to a whole number, but for what the share of a limit loses in its last digits. */
const floor = (value: number): number => Math.floor(value + 1e-9);
