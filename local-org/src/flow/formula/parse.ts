import { FormulaError, lex, type Token } from './lex.ts';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'reference'; readonly path: string }
  | { readonly kind: 'unary'; readonly operator: '-' | '!'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

export type BinaryOperator =
  '||' | '&&' | '=' | '<>' | '<' | '<=' | '>' | '>=' | '&' | '+' | '-' | '*' | '/';

/** Loosest first, as "Formula Operators and Functions" orders them. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['=', '<>', '<', '<=', '>', '>='],
  ['&'],
  ['+', '-'],
  ['*', '/'],
];

const SPELLINGS: Readonly<Record<string, BinaryOperator>> = { '==': '=', '!=': '<>' };

/** Parses a formula; the whole text must be one expression. */
export function parseFormula(source: string): Expression {
  const tokens = lex(source);
  let at = 0;

  function fail(): never {
    const token = tokens[at];
    if (token === undefined) throw new FormulaError('the formula ends too early');
    throw new FormulaError(`unexpected '${String(token.value)}' at character ${token.at + 1}`);
  }
  function symbol(value: string): boolean {
    const token = tokens[at];
    if (token?.kind !== 'symbol' || token.value !== value) return false;
    at += 1;
    return true;
  }
  function operatorOf(
    token: Token | undefined,
    level: readonly BinaryOperator[],
  ): BinaryOperator | undefined {
    if (token?.kind !== 'symbol') return undefined;
    const value = SPELLINGS[token.value] ?? token.value;
    return level.find((operator) => operator === value);
  }
  function binary(depth: number): Expression {
    const level = LEVELS[depth];
    if (level === undefined) return unary();
    let left = binary(depth + 1);
    for (
      let operator = operatorOf(tokens[at], level);
      operator !== undefined;
      operator = operatorOf(tokens[at], level)
    ) {
      at += 1;
      left = { kind: 'binary', operator, left, right: binary(depth + 1) };
    }
    return left;
  }
  function unary(): Expression {
    if (symbol('-')) return { kind: 'unary', operator: '-', operand: unary() };
    if (symbol('+')) return unary();
    if (symbol('!')) return { kind: 'unary', operator: '!', operand: unary() };
    return primary();
  }
  function primary(): Expression {
    if (symbol('(')) {
      const inner = binary(0);
      return symbol(')') ? inner : fail();
    }
    const token = tokens[at];
    if (token === undefined || token.kind === 'symbol') return fail();
    at += 1;
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: token.value };
      case 'text':
        return { kind: 'text', value: token.value };
      case 'reference':
        return { kind: 'reference', path: token.value };
      case 'name':
        return named(token.value);
    }
  }
  function named(name: string): Expression {
    if (symbol('(')) return { kind: 'call', name: name.toUpperCase(), args: args() };
    const upper = name.toUpperCase();
    if (upper === 'TRUE' || upper === 'FALSE') return { kind: 'boolean', value: upper === 'TRUE' };
    if (upper === 'NULL') return { kind: 'null' };
    return { kind: 'reference', path: name };
  }
  function args(): Expression[] {
    const list: Expression[] = [];
    if (symbol(')')) return list;
    do list.push(binary(0));
    while (symbol(','));
    return symbol(')') ? list : fail();
  }

  const expression = binary(0);
  if (at !== tokens.length) fail();
  return expression;
}

/** Every function called and every name referred to, anywhere in an expression. */
export function mentions(expression: Expression): { calls: Set<string>; references: Set<string> } {
  const found = { calls: new Set<string>(), references: new Set<string>() };
  const visit = (one: Expression): void => {
    if (one.kind === 'reference') found.references.add(one.path);
    if (one.kind === 'unary') visit(one.operand);
    if (one.kind === 'binary') [one.left, one.right].forEach(visit);
    if (one.kind === 'call') {
      found.calls.add(one.name);
      one.args.forEach(visit);
    }
  };
  visit(expression);
  return found;
}
