import type { DatabaseSync } from 'node:sqlite';

/**
 * The tables of the event bus, in the org's own file so that an event and the records saved with
 * it are committed together. Replay ids are never used twice, also after old events are removed.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS bus_event (
  replay INTEGER PRIMARY KEY AUTOINCREMENT,
  topic TEXT NOT NULL,
  event_uuid TEXT NOT NULL,
  schema_id TEXT NOT NULL,
  payload BLOB NOT NULL,
  published_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS bus_event_topic ON bus_event (topic, replay);
CREATE TABLE IF NOT EXISTS bus_schema (id TEXT PRIMARY KEY, topic TEXT NOT NULL, json TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS bus_usage (
  kind TEXT NOT NULL,
  minute INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (kind, minute)
) STRICT;
CREATE TABLE IF NOT EXISTS bus_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`;

export function createBusTables(sql: DatabaseSync): void {
  sql.exec(SCHEMA);
}
