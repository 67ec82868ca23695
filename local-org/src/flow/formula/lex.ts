/** A problem of a formula, with the place in its text; the caller names file and element. */
export class FormulaError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FormulaError';
  }
}

/** A function this org does not have; refused at load as unsupported, not as a mistake. */
export class UnknownFunction extends FormulaError {
  readonly functionName: string;
  constructor(functionName: string) {
    super(`the function ${functionName} is not implemented by the local org`);
    this.name = 'UnknownFunction';
    this.functionName = functionName;
  }
}

export type Token =
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'text'; readonly value: string; readonly at: number }
  | { readonly kind: 'reference'; readonly value: string; readonly at: number }
  | { readonly kind: 'name'; readonly value: string; readonly at: number }
  | { readonly kind: 'symbol'; readonly value: string; readonly at: number };

const PATTERN =
  /\s+|\/\*[\s\S]*?\*\/|(?<number>\d+(?:\.\d+)?|\.\d+)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\{!(?<reference>[^{}]*)\}|(?<name>[$A-Za-z_][\w$]*(?:\.[A-Za-z_]\w*)*)|(?<symbol><>|!=|==|<=|>=|&&|\|\||[-+*/&=<>(),!])/gy;

/**
 * What a backslash may stand before in a text. An org takes these and no others, and makes one character only of \\ and
 * \": "\n" is a backslash and an n, never a new line (tried in an org, LEN("a\nb") is 4, by the authors of a public
 * engine of formulas whose ledger says so; the list is that of LexerRules.g4 in salesforce/formula-engine).
 */
const ESCAPED = new Set(['n', 'r', 't', 'N', 'R', 'T', '"', "'", '\\']);
const COLLAPSED = new Set(['"', '\\']);

/** Splits a formula into tokens; a character that belongs to none is refused. */
export function lex(source: string): Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < source.length) {
    const at = PATTERN.lastIndex;
    const match = PATTERN.exec(source);
    if (match === null) throw new FormulaError(`unexpected '${source[at]}' at character ${at + 1}`);
    const { number, text, reference, name, symbol } = match.groups ?? {};
    if (number !== undefined) tokens.push({ kind: 'number', value: Number(number), at });
    else if (text !== undefined)
      tokens.push({ kind: 'text', value: unescape(text.slice(1, -1)), at });
    else if (reference !== undefined)
      tokens.push({ kind: 'reference', value: reference.trim(), at });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name, at });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', value: symbol, at });
  }
  return tokens;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/gs, (all, character: string) => {
    if (!ESCAPED.has(character)) throw new FormulaError(`unknown escape \\${character} in a text`);
    return COLLAPSED.has(character) ? character : all;
  });
}
