import { ASSUMPTION_RULES } from '../../src/automation/assumptions.ts';
import type { AssumptionRule } from '../../src/automation/assumptions.ts';
import { seeded } from '../bulk/seeded.ts';

/** How an org reads what no source settles: `RULE=VALUE`, rules left out by their standard. */
export type Reading = readonly string[];

/* How many readings of several rules at once are tried, and how the rules are chosen. */
const COMBINATIONS = 2;
const SEED = 20_261_123;

/** Every value of every rule that is not its standard. */
export function otherValues(rules: Readonly<Record<string, AssumptionRule>>): string[] {
  return Object.entries(rules).flatMap(([name, { values, standard }]) =>
    Object.keys(values)
      .filter((value) => value !== standard)
      .map((value) => `${name}=${value}`),
  );
}

/** Each of the other values alone, all of them together, and some by chance. */
export function readingsOf(rules: Readonly<Record<string, AssumptionRule>>): Reading[] {
  const all = otherValues(rules);
  const random = seeded(SEED);
  const some = Array.from({ length: COMBINATIONS }, () => all.filter(() => random() < 0.5));
  // Of several other values of one rule the last holds.
  return [...all.map((one) => [one]), all, ...some];
}

export const READINGS: readonly Reading[] = readingsOf(ASSUMPTION_RULES);
