import { FormulaError } from './lex.ts';
import type { FormulaType } from './types.ts';

/** Refuses an operand of another type; NULL fits everywhere. */
export function expect(what: string, type: FormulaType, wanted: FormulaType): void {
  if (type !== wanted && type !== 'null')
    throw new FormulaError(`${what} needs ${wanted}, found ${type}`);
}

/** The one type that all have, apart from NULL. */
export function common(what: string, types: readonly FormulaType[]): FormulaType {
  const real = [...new Set(types.filter((type) => type !== 'null'))];
  if (real.includes('picklist')) throw new FormulaError(`${what}: wrap a picklist field in TEXT()`);
  if (real.length > 1) throw new FormulaError(`${what}: ${real.join(' and ')} do not go together`);
  return real[0] ?? 'null';
}
