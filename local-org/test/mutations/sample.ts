import { createHash } from 'node:crypto';

import type { Mutant } from './mutants.ts';

/**
 * Whether each broken outcome and fault path is tried is never left to chance; of the other slips, of which there are
 * thousands, every tenth is. `all.ts` tries every one.
 */
const EVERY = 10;

/** That an outcome is missing, or that a fault has no path. */
export function isAlwaysTried({ name, operator }: Pick<Mutant, 'name' | 'operator'>): boolean {
  return operator === 'dropOutcome' || name.endsWith(': fault path removed');
}

/** Whether a mutant is tried each time. By its name, so a new one changes nothing for the others. */
export function isSampled(mutant: Pick<Mutant, 'name' | 'operator'>): boolean {
  if (isAlwaysTried(mutant)) return true;
  const digest = createHash('sha1').update(mutant.name).digest();
  return digest.readUInt32BE(0) % EVERY === 0;
}
