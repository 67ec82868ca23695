import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { z } from 'zod';

import type { BridgeEvidence, MessageId } from './evidence.ts';
import { readLogFiles } from './logFiles.ts';
import { readCursor } from './stateFiles.ts';

const message = z.object({ topic: z.string(), payload: z.instanceof(Uint8Array) });
const quarantined = message.extend({ reason: z.string() });
const outboxRow = z
  .object({
    event_key: z.string(),
    episode_key: z.string(),
    phase: z.string(),
    device_key: z.string(),
    policy_key: z.string(),
    state: z.string(),
    published_at: z.number().nullable(),
    last_error: z.string().nullable(),
    overtaken_by: z.string().nullable(),
    why: z.string().nullable(),
  })
  .transform((row) => ({
    eventKey: row.event_key,
    episodeKey: row.episode_key,
    phase: row.phase,
    device: row.device_key,
    policy: row.policy_key,
    state: row.state,
    publishedAt: row.published_at ?? undefined,
    lastError: row.last_error ?? undefined,
    overtakenBy: row.overtaken_by ?? undefined,
    why: row.why ?? undefined,
  }));

const fleetPayload = z.object({ ts: z.string(), seq: z.number() });

/** The name of a message by its own content; a payload that is not the fleet's has none. */
function identify(topic: string, payload: Uint8Array): MessageId {
  const text = Buffer.from(payload).toString('utf8');
  try {
    return { topic, ...fleetPayload.parse(JSON.parse(text)) };
  } catch {
    return { topic, ts: text.slice(0, 60), seq: -1 };
  }
}

/** Reads the bridge's files, and its database with plain SQL, as every outsider could, while the bridge runs. */
export function readBridgeState(file: string): BridgeEvidence {
  using database = new DatabaseSync(file, { readOnly: true });
  database.exec('PRAGMA busy_timeout = 5000');
  const rows = (sql: string): unknown[] => database.prepare(sql).all();
  const logged = readLogFiles(join(dirname(file), 'log'));
  const cursor = readCursor(join(dirname(file), 'state'));
  return {
    kept: logged.map(({ topic, payload }) => identify(topic, payload)),
    quarantined: rows('SELECT topic, payload, reason FROM quarantine').map((row) => {
      const { topic, payload, reason } = quarantined.parse(row);
      return { ...identify(topic, payload), reason };
    }),
    outbox: rows(
      `SELECT event_key, episode_key, phase, device_key, policy_key, state, published_at, last_error,
         overtaken_by, why
       FROM outbox ORDER BY created_at, sequence`,
    ).map((row) => outboxRow.parse(row)),
    backlog: logged.filter(({ position }) => position > cursor).length,
  };
}
