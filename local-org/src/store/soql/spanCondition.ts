import type { FieldDef } from '../../metadata/schema.ts';
import type { CompareOp, Condition } from '../records.ts';
import type { Span } from './dateLiterals.ts';

/**
 * The comparison of a Date or DateTime with a span of days: equal means within, less means before
 * its beginning, greater after its end. Undefined for an operator that spans do not know.
 * @param path how the store reaches the field
 */
export function spanCondition(
  field: FieldDef,
  path: string,
  operator: string,
  span: Span,
): Condition | undefined {
  const at = (epochMs: number): string => {
    const iso = new Date(epochMs).toISOString();
    return field.type === 'Date' ? iso.slice(0, 10) : iso;
  };
  const compare = (op: CompareOp, edge: keyof Span): Condition => ({
    kind: 'compare',
    field: path,
    op,
    value: at(span[edge]),
  });
  const within: Condition = { kind: 'and', parts: [compare('>=', 'from'), compare('<', 'to')] };
  switch (operator) {
    case '=':
      return within;
    case '!=':
      return { kind: 'not', part: within };
    case '<':
      return compare('<', 'from');
    case '<=':
      return compare('<', 'to');
    case '>':
      return compare('>=', 'to');
    case '>=':
      return compare('>=', 'from');
    default:
      return undefined;
  }
}
