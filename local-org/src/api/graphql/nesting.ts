import { GraphQLError, Lexer, Source, TokenKind } from 'graphql';

/**
 * Braces, brackets and parentheses within one another. No query of ours nests more than twenty; no
 * public source found for an org's own limit. The parser calls itself for each level.
 */
const MOST_NESTING = 200;

const OPENING: ReadonlySet<TokenKind> = new Set([
  TokenKind.BRACE_L,
  TokenKind.BRACKET_L,
  TokenKind.PAREN_L,
]);
const CLOSING: ReadonlySet<TokenKind> = new Set([
  TokenKind.BRACE_R,
  TokenKind.BRACKET_R,
  TokenKind.PAREN_R,
]);

/**
 * Refuses a text that nests too deep to be parsed and walked safely.
 *
 * @throws GraphQLError also for text that has no tokens of GraphQL
 */
export function checkNesting(query: string): void {
  const lexer = new Lexer(new Source(query));
  let level = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    if (OPENING.has(token.kind)) level += 1;
    else if (CLOSING.has(token.kind)) level -= 1;
    if (level > MOST_NESTING) {
      throw new GraphQLError(`The query nests deeper than ${MOST_NESTING} levels`);
    }
  }
}
