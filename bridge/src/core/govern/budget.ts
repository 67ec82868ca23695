import type { EpochMs } from '../../model/brand.ts';
import { severities } from '../../model/signal.ts';
import type { Severity } from '../../model/signal.ts';

/** Something of the org that runs out: published events an hour, API calls or rows a day. */
export interface BudgetRule {
  /** Of the whole org, in any stretch of `windowMs`. */
  readonly limit: number;
  readonly windowMs: number;
  /** The part of it that this bridge may use, above 0 and at most 1. */
  readonly share: number;
  /** The part of that share which only this severity or a worse one may use, each 0 to 1, together at most 1. */
  readonly reserve: Readonly<Record<Exclude<Severity, 'Low'>, number>>;
}

/** What was used, by stretches of a 60th of the window; as data, so that it survives a restart. */
export interface BudgetUse {
  /** Number of the newest stretch since 1970. */
  readonly stretch: number;
  /** Used in it and in the 60 before it, the newest last. */
  readonly used: readonly number[];
}

/** A window is counted in stretches of a 60th; one more of them is kept, so that nothing leaves it too early. */
const STRETCHES = 60;
const KEPT = STRETCHES + 1;

export const unusedBudget: BudgetUse = {
  stretch: 0,
  used: Array.from({ length: KEPT }, () => 0),
};

/** After `count` more were used at `at`. A clock that goes back counts them in the newest stretch. */
export function use(rule: BudgetRule, before: BudgetUse, at: EpochMs, count: number): BudgetUse {
  const { stretch, used } = advanced(rule, before, at);
  return { stretch, used: [...used.slice(0, -1), (used.at(-1) ?? 0) + count] };
}

/** What was used in the window that ends at `at`. */
export function usedIn(rule: BudgetRule, use_: BudgetUse, at: EpochMs): number {
  return advanced(rule, use_, at).used.reduce((sum, one) => sum + one, 0);
}

/**
 * How much may be used at `at` for a signal of this severity; never below 0.
 *
 * @param left what the org itself says is left for everybody, where it was asked; others use it too
 */
export function roomOf(
  rule: BudgetRule,
  use_: BudgetUse,
  at: EpochMs,
  severity: Severity,
  left = Number.POSITIVE_INFINITY,
): number {
  const own = rule.limit * rule.share;
  const kept = severities
    .slice(0, severities.indexOf(severity))
    .reduce((sum, worse) => sum + (worse === 'Low' ? 0 : rule.reserve[worse]), 0);
  const room = Math.floor(own * (1 - kept) + 1e-9) - usedIn(rule, use_, at);
  // Of what is left to everybody, those worse have their part kept too.
  return Math.max(0, Math.min(room, Math.floor(left - own * kept + 1e-9)));
}

/**
 * In how many milliseconds the share is used up if it goes on as in the last tenth of the window; undefined where it
 * does not run out, because as much leaves the window as comes in.
 */
export function runsOutInMs(rule: BudgetRule, use_: BudgetUse, at: EpochMs): number | undefined {
  const { used } = advanced(rule, use_, at);
  const own = rule.limit * rule.share;
  const recent = used.slice(-STRETCHES / 10);
  const pace = recent.reduce((sum, one) => sum + one, 0) / recent.length;
  let total = used.reduce((sum, one) => sum + one, 0);
  if (total >= own) return 0;
  for (let ahead = 0; ahead < STRETCHES; ahead += 1) {
    total += pace - (used[ahead] ?? 0);
    if (total >= own) return ((ahead + 1) * rule.windowMs) / STRETCHES;
  }
  return undefined;
}

function advanced({ windowMs }: BudgetRule, use_: BudgetUse, at: EpochMs): BudgetUse {
  const now = Math.floor((at * STRETCHES) / windowMs);
  const passed = now - use_.stretch;
  if (passed <= 0) return use_;
  const empty = Array.from({ length: Math.min(passed, KEPT) }, () => 0);
  return { stretch: now, used: [...use_.used, ...empty].slice(-KEPT) };
}
