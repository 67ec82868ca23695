import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { makeFolder } from '../../testing/bridgeProcess.ts';
import { readSaid, signalAt } from '../../testing/outboxProcess.ts';
import { openDatabase } from './database.ts';

const program = join(import.meta.dirname, '../../testing/outboxProcess.ts');
const SIGNALS = 3_000;
const KILLS = 8;

/** Runs until it is killed, or to its end; answers whether it came to its end. */
async function run(folder: string, killAfterMs?: number): Promise<boolean> {
  const child = spawn(process.execPath, [program, folder, String(SIGNALS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  if (killAfterMs !== undefined) {
    await Promise.race([once(child.stdout, 'data'), exit]);
    await Promise.race([pause(killAfterMs), exit]);
    child.kill('SIGKILL');
  }
  await exit;
  const { exitCode: code } = child;
  assert.ok(code === 0 || code === null, `ended with ${code}`);
  return code === 0;
}

test('killed again and again, the outbox loses no event, and no two phases of an episode are out at once', async () => {
  using folder = makeFolder();
  const file = join(folder.path, 'bridge.sqlite');
  const count = (sql: string): Record<string, unknown> => {
    using storage = openDatabase(file);
    return { ...storage.database.prepare(sql).get() };
  };
  let kills = 0;
  let found = { aside: 0, written: 0, unwritten: 0 };
  for (let index = 0; index < KILLS; index += 1) {
    if (!(await run(folder.path, 15 + 13 * index))) kills += 1;
    const left = count(
      `SELECT TOTAL(aside) AS aside, COUNT(*) FILTER (WHERE state = 'published' AND receipt IS NULL AND aside = 0) AS written,
          COUNT(*) FILTER (WHERE state IS NULL) AS unwritten
        FROM outbox_signal LEFT JOIN outbox_state USING (id)`,
    );
    found = {
      aside: found.aside + Number(left['aside']),
      written: found.written + Number(left['written']),
      unwritten: found.unwritten + Number(left['unwritten']),
    };
  }
  assert.ok(found.aside > 0 && found.written > 0 && found.unwritten > 0, JSON.stringify(found));
  assert.ok(kills >= KILLS / 2, `${kills} kills came in time`);
  assert.ok(await run(folder.path));

  const all = Array.from({ length: SIGNALS }, (_, index) => signalAt(index));
  const episodeOf = new Map(all.map(({ eventKey, episodeKey }) => [String(eventKey), episodeKey]));
  const out = new Map<string, string>();
  const ended = new Set<string>();
  for (const line of readSaid(folder.path)) {
    const [what, key = ''] = line.split(' ');
    const episode = episodeOf.get(key);
    if (episode === undefined) continue;
    if (what === 'published') {
      assert.ok(!out.has(episode) || out.get(episode) === key, `${key}: another phase is out`);
      out.set(episode, key);
    } else {
      ended.add(key);
      if (out.get(episode) === key) out.delete(episode);
    }
  }
  assert.equal(ended.size, SIGNALS, 'every event has its end');

  assert.deepEqual(
    count(
      'SELECT COUNT(*) AS n, COUNT(DISTINCT event_key) AS keys, COUNT(receipt) AS ends FROM outbox',
    ),
    { n: SIGNALS, keys: SIGNALS, ends: SIGNALS },
  );
});
