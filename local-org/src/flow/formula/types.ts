import type { FieldValue } from '../../store/records.ts';

/** The type of an expression, known at load. `null` is the literal NULL and fits everywhere. */
export type FormulaType = 'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'picklist' | 'null';

/** A compiled expression over a scope (one interview, one saved record). */
export interface Compiled<Scope> {
  readonly type: FormulaType;
  readonly evaluate: (scope: Scope) => FieldValue;
}

/** What a formula may refer to, and what it knows of the change that set it off. */
export interface FormulaEnvironment<Scope> {
  /** Throws FormulaError for a name that means nothing here. */
  reference(path: string): Compiled<Scope>;
  /** The same field before the save; absent where ISCHANGED is not allowed. */
  readonly before?: ((path: string) => Compiled<Scope>) | undefined;
  /** Absent where ISNEW is not allowed. */
  readonly isNew?: ((scope: Scope) => boolean) | undefined;
  /** PRIORVALUE is allowed in entry conditions and not in formula resources; no public source found. */
  readonly allowsPriorValue?: boolean;
  /** Milliseconds since the epoch. */
  now(scope: Scope): number;
}

export const DAY_MS = 86_400_000;

export function isBlank(value: FieldValue): boolean {
  return value === null || value === '';
}

/** A number as formulas write it: no exponent, no trailing zeros. */
export function numberText(value: number): string {
  const plain = String(value);
  if (!plain.includes('e')) return plain;
  return value.toFixed(18).replace(/\.?0+$/, '');
}

/**
 * One function: which argument types it takes, what it gives, and how. Arguments arrive evaluated.
 * Functions that look at the record's change (ISNEW, ISCHANGED, PRIORVALUE) or must not evaluate
 * every argument (IF, CASE, AND, OR) are in `compile.ts`.
 */
export interface FormulaFunction {
  /** One list per argument; the last repeats when `variadic`. */
  readonly takes: readonly (readonly FormulaType[])[];
  /** How many of `takes` may be left out at the end. */
  readonly optional?: number;
  readonly variadic?: boolean;
  /** `first`: the one type of the first two arguments; `same`: that of the first. */
  readonly gives: FormulaType | 'first' | 'same';
  readonly apply: (
    args: readonly FieldValue[],
    types: readonly FormulaType[],
    now: number,
  ) => FieldValue;
}
