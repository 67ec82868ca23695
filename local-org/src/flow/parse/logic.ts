import type { Logic } from '../model.ts';
import type { XmlReader } from './xmlReader.ts';

/**
 * The logic between numbered conditions: `and`, `or`, or a formula such as `1 AND (2 OR NOT 3)`.
 * Every number must name a condition and every condition must be named.
 */
export function parseLogic(xml: XmlReader, text: string | undefined, count: number): Logic {
  const written = (text ?? 'and').trim();
  const lower = written.toLowerCase();
  if (lower === 'and' || lower === 'or' || lower === '') {
    return { kind: lower === 'or' && count > 0 ? 'or' : 'and', parts: all(count) };
  }
  const tokens = written.match(/\d+|\(|\)|[A-Za-z_]+|\S/g) ?? [];
  const used = new Set<number>();
  let at = 0;

  function fail(): never {
    return xml.invalid(`the logic '${written}' is not a formula over conditions 1 to ${count}`);
  }
  function word(expected: string): boolean {
    if (tokens[at]?.toUpperCase() !== expected) return false;
    at += 1;
    return true;
  }
  function either(): Logic {
    const parts = [both()];
    while (word('OR')) parts.push(both());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'or', parts };
  }
  function both(): Logic {
    const parts = [single()];
    while (word('AND')) parts.push(single());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'and', parts };
  }
  function single(): Logic {
    if (word('NOT')) return { kind: 'not', part: single() };
    if (word('(')) {
      const inner = either();
      return word(')') ? inner : fail();
    }
    const number = Number(tokens[at]);
    if (!Number.isInteger(number) || number < 1 || number > count) return fail();
    at += 1;
    used.add(number);
    return { kind: 'condition', index: number - 1 };
  }

  const logic = either();
  if (at !== tokens.length || used.size !== count) fail();
  return logic;
}

/** Whether the logic holds, asking for conditions by index only as far as needed. */
export function holds(logic: Logic, condition: (index: number) => boolean): boolean {
  switch (logic.kind) {
    case 'condition':
      return condition(logic.index);
    case 'not':
      return !holds(logic.part, condition);
    case 'and':
      return logic.parts.every((part) => holds(part, condition));
    case 'or':
      return logic.parts.some((part) => holds(part, condition));
  }
}

function all(count: number): Logic[] {
  return Array.from({ length: count }, (_, index) => ({ kind: 'condition', index }));
}
