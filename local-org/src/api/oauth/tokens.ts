import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import type { Clock } from '../../clock.ts';
import type { Session } from '../access.ts';

/** Access tokens of the org. They survive a restart; only their hashes are stored. */
export interface Tokens {
  issue(userId: string): string;
  /** The session behind a token, or undefined when it is unknown, revoked or has expired. */
  session(accessToken: string): Session | undefined;
  /** The token of someone who is there: in its second half it lives anew from now. */
  renew(accessToken: string): void;
  /** Whether there was such a token. */
  revoke(accessToken: string): boolean;
}

export interface TokenOptions {
  readonly organizationId: string;
  /** Milliseconds from issue to expiry. */
  readonly lifetimeMs: number;
}

/** Keeps tokens in the table `org_tokens` of the given file. */
export function makeTokens(sql: DatabaseSync, clock: Clock, options: TokenOptions): Tokens {
  sql.exec(`
    CREATE TABLE IF NOT EXISTS org_tokens
      (hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT
  `);
  const insert = sql.prepare('INSERT INTO org_tokens (hash, user_id, expires_at) VALUES (?, ?, ?)');
  const find = sql.prepare('SELECT user_id FROM org_tokens WHERE hash = ? AND expires_at > ?');
  const extend = sql.prepare('UPDATE org_tokens SET expires_at = ? WHERE hash = ?');
  const isOld = sql.prepare('SELECT 1 FROM org_tokens WHERE hash = ? AND expires_at < ?');
  const remove = sql.prepare('DELETE FROM org_tokens WHERE hash = ?');
  const sweep = sql.prepare('DELETE FROM org_tokens WHERE expires_at <= ?');
  const { organizationId, lifetimeMs } = options;
  return {
    issue(userId) {
      const token = `${organizationId.slice(0, 15)}!${randomBytes(48).toString('base64url')}`;
      sweep.run(clock.now());
      insert.run(hashOf(token), userId, clock.now() + lifetimeMs);
      return token;
    },
    session(accessToken) {
      const userId = find.get(hashOf(accessToken), clock.now())?.['user_id'];
      return typeof userId === 'string' ? { userId, organizationId } : undefined;
    },
    renew(accessToken) {
      const hash = hashOf(accessToken);
      if (isOld.get(hash, clock.now() + lifetimeMs / 2) === undefined) return;
      extend.run(clock.now() + lifetimeMs, hash);
    },
    revoke: (accessToken) => remove.run(hashOf(accessToken)).changes > 0,
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
