import type { DatabaseSync } from 'node:sqlite';
import { toDeviceKey, toEpochMs, toLogPosition } from '../../model/brand.ts';
import type { DeviceKey } from '../../model/brand.ts';
import type { OldStates } from '../../ports/stateStore.ts';

/** States that bridges up to 0.1 kept in their SQLite file, a row for each device. */
export function makeOldStates(database: DatabaseSync): OldStates {
  const selectOne = database.prepare('SELECT 1 FROM device_state LIMIT 1');
  const selectStates = database.prepare('SELECT device, state FROM device_state');
  const selectCursor = database.prepare('SELECT position, listened_at FROM cursor');

  function* states(): Generator<readonly [DeviceKey, string]> {
    for (const row of selectStates.iterate()) {
      yield [toDeviceKey(String(row['device'])), String(row['state'])];
    }
  }

  return {
    load() {
      const row = selectCursor.get();
      const cursor = Number(row?.['position'] ?? 0);
      if (cursor === 0 && selectOne.get() === undefined) return undefined;
      const listenedAt = row?.['listened_at'];
      return {
        states: states(),
        cursor: toLogPosition(cursor),
        ...(typeof listenedAt === 'number' && { listenedAt: toEpochMs(listenedAt) }),
      };
    },
    forget() {
      if (this.load() === undefined) return;
      // Each by itself; a crash between them forgets the rest after the next start.
      database.exec('DELETE FROM device_state');
      database.exec('UPDATE cursor SET position = 0, listened_at = NULL');
    },
  };
}
