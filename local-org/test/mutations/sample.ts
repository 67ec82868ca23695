import { createHash } from 'node:crypto';

import type { Mutant } from './mutants.ts';

/*
 * Operators that make hundreds of mutants, of which every so-many-th is tried each time. All others are tried whole:
 * that a broken outcome or fault path of any flow fails a test is never left to chance.
 */
const EVERY: Readonly<Record<string, number>> = {
  renameTarget: 4,
  changeFormula: 4,
  changeLiteral: 4,
  dropItem: 5,
  swapAssignedFields: 4,
  swapOperator: 3,
};

/** Whether a mutant is tried each time. By its name, so a new one changes nothing for the others. */
export function isSampled({ name, operator }: Pick<Mutant, 'name' | 'operator'>): boolean {
  const every = EVERY[operator] ?? 1;
  return createHash('sha1').update(name).digest().readUInt32BE(0) % every === 0;
}
