import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Statements by their text; preparing costs more than running. The least recent go first. */
export function makeStatementCache(sql: DatabaseSync): (text: string) => StatementSync {
  const statements = new Map<string, StatementSync>();
  // Queries come with literals as parameters, so an org has tens of texts, not thousands.
  const most = 500;
  return (text) => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    const statement = sql.prepare(text);
    if (statements.size >= most) statements.delete(statements.keys().next().value ?? '');
    statements.set(text, statement);
    return statement;
  };
}
