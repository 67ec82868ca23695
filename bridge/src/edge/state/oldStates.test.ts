import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeEngine } from '../../core/engine.ts';
import { policyOf } from '../../core/fixtures/policies.ts';
import { readingOf, START } from '../../core/fixtures/readings.ts';
import { toDeviceKey, toEpochMs, toLogPosition } from '../../model/brand.ts';
import { makeSnapshots } from '../../pipeline/snapshots.ts';
import { makeFolder } from '../../testing/bridgeProcess.ts';
import { makeTestLogger } from '../../testing/logger.ts';
import { openDatabase } from '../log/database.ts';
import { openFileStateStore } from './fileStateStore.ts';
import { makeOldStates } from './oldStates.ts';

const device = toDeviceKey('pump-001');
const high = policyOf(
  { kind: 'threshold', direction: 'above', limit: 7, clear: 5 },
  { key: 'high', match: { metric: 'vibration' }, openAfterMs: 0, clearAfterMs: 0 },
);
const quiet = { start: -1, sequence: -1, clearedAt: -1, pendingSince: -1, healthySince: -1 };

/** A row as bridge 0.1 wrote it: an episode that is open. */
const OLD_STATE = JSON.stringify({
  version: 1,
  heardAt: 4_000,
  receivedAt: START,
  deviceType: 'pump',
  source: 'plant',
  metrics: [{ name: 'vibration', unit: 'mm/s', points: [[START, 9]] }],
  lanes: [
    {
      policyKey: 'high',
      metric: 'vibration',
      judge: { active: 1, worst: 9 },
      episode: { ...quiet, start: START, sequence: 0, saidAt: START, severity: 1, returns: 0 },
    },
    {
      policyKey: 'gone',
      metric: 'vibration',
      judge: {},
      episode: { ...quiet, saidAt: -1, severity: -1, returns: 0 },
    },
  ],
});

async function start(folder: string) {
  const storage = openDatabase(join(folder, 'bridge.sqlite'));
  const logger = makeTestLogger();
  const old = makeOldStates(storage.database);
  const store = await openFileStateStore({ folder: join(folder, 'state'), logger });
  const engine = makeEngine([high]);
  const snapshots = makeSnapshots({ store, engine, old, clock: () => toEpochMs(START), logger });
  return { ...storage, old, store, engine, snapshots };
}

test('states of bridge 0.1 go on where they were, once, and are then forgotten', async () => {
  using folder = makeFolder();
  const first = await start(folder.path);
  const { database } = first;
  database.prepare('INSERT INTO device_state VALUES (?, ?)').run(device, OLD_STATE);
  database.exec('UPDATE cursor SET position = 77, listened_at = 5000');
  const standing = { cursor: toLogPosition(77), listenedAt: toEpochMs(5_000) };
  assert.deepEqual(await first.snapshots.restore(), standing);
  const healthy = readingOf(1_000, { vibration: 2 }, { device });
  const [cleared] = first.engine.accept(healthy, toEpochMs(5_000));
  assert.equal(cleared?.phase, 'Cleared');
  assert.equal(cleared?.sequence, 1);
  assert.notEqual(first.old.load(), undefined, 'until a state is kept');
  await first.snapshots.finish({ ...standing, cursor: toLogPosition(78) });
  assert.equal(first.old.load(), undefined);
  first[Symbol.dispose]();

  const second = await start(folder.path);
  assert.equal((await second.snapshots.restore())?.cursor, 78);
  assert.equal(second.engine.devices(), 1);
  assert.deepEqual(second.engine.accept(healthy, toEpochMs(5_000)), []);
  second[Symbol.dispose]();
});

test('a folder without old states has none', async () => {
  using folder = makeFolder();
  const { snapshots, [Symbol.dispose]: close } = await start(folder.path);
  assert.equal(await snapshots.restore(), undefined);
  close();
});
