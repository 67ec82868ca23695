import type { DatabaseSync } from 'node:sqlite';
import type { EventSchema } from './avroSchema.ts';

/**
 * Every schema that an event was ever published with. An older one stays readable after an admin
 * changes the event, since events written with it are kept for three days.
 */
export function makeSchemas(
  sql: DatabaseSync,
  topics: Iterable<{ readonly schema: EventSchema }>,
): { find(id: string): EventSchema | undefined } {
  const known = new Map<string, EventSchema>();
  const insert = sql.prepare('INSERT OR IGNORE INTO bus_schema (id, topic, json) VALUES (?, ?, ?)');
  for (const { schema } of topics) {
    insert.run(schema.id, schema.topic, schema.json);
    known.set(schema.id, schema);
  }
  for (const row of sql.prepare('SELECT id, topic, json FROM bus_schema').all()) {
    const id = String(row['id']);
    if (!known.has(id))
      known.set(id, { id, topic: String(row['topic']), json: String(row['json']) });
  }
  return { find: (id) => known.get(id) };
}
