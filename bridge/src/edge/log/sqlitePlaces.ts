import type { DatabaseSync } from 'node:sqlite';
import { err, ok } from '../../model/result.ts';
import type { PlaceStore } from '../../ports/notices.ts';
import { toStorageFailure } from './database.ts';

/** Places of subscriptions in the bridge's SQLite file. */
export function makeSqlitePlaces(database: DatabaseSync, file: string): PlaceStore {
  const select = database.prepare('SELECT replay_id FROM subscription WHERE name = ?');
  const upsert = database.prepare(
    `INSERT INTO subscription (name, replay_id) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET replay_id = excluded.replay_id`,
  );
  return {
    async load(subscription) {
      const place = select.get(subscription)?.['replay_id'];
      return place instanceof Uint8Array ? place : undefined;
    },
    async save(subscription, place) {
      try {
        upsert.run(subscription, place);
        return ok(undefined);
      } catch (error) {
        return err(toStorageFailure(error, file));
      }
    },
  };
}
