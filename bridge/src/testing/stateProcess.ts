import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openFileStateStore } from '../edge/state/fileStateStore.ts';
import { openSqliteAttic } from '../edge/state/sqliteAttic.ts';
import { toEpochMs, toLogPosition } from '../model/brand.ts';
import type { Signal } from '../model/signal.ts';
import { makeSnapshots } from '../pipeline/snapshots.ts';
import { makeTestLogger } from './logger.ts';
import { makeLongRunEngine, makeSteps } from './longRun.ts';

/** Steps between two looks at whether a snapshot is due. */
const STRIDE = 40;

/** What is said of a signal in the file `said`: its key and a sum over all of it. */
export function lineOf(signal: Signal): string {
  const sum = createHash('sha256').update(JSON.stringify(signal)).digest('hex').slice(0, 16);
  return `${signal.eventKey} ${sum}`;
}

/** A state store, an attic and an engine over a folder, as a start of the bridge finds them. */
export async function openState(folder: string) {
  const logger = makeTestLogger();
  const store = await openFileStateStore({ folder, logger });
  const attic = openSqliteAttic(join(folder, 'attic.sqlite'));
  const engine = makeLongRunEngine(attic);
  // Every look at the clock is long after the one before: a snapshot is due whenever none is under way.
  let time = 0;
  const clock = () => toEpochMs((time += 1_000_000_000));
  const snapshots = makeSnapshots({ store, engine, attic, clock, logger });
  const { cursor = toLogPosition(0) } = (await snapshots.restore()) ?? {};
  return { store, attic, engine, snapshots, logger, cursor };
}

/** Runs the steps from where the state of the folder stands, with one snapshot after the other; is killed at any time. */
async function main(folder: string, count: number): Promise<void> {
  const steps = makeSteps(count);
  const { engine, snapshots, cursor, attic } = await openState(folder);
  let position = cursor;
  process.stdout.write('running\n');
  const standing = () => ({ cursor: position, listenedAt: toEpochMs(0) });
  while (position < count) {
    const said: string[] = [];
    for (const step of steps.slice(position, position + STRIDE)) {
      said.push(...step(engine).map(lineOf));
    }
    position = toLogPosition(Math.min(position + STRIDE, count));
    if (said.length > 0) appendFileSync(join(folder, 'said'), `${said.join('\n')}\n`);
    if (snapshots.isDue(position)) snapshots.begin(standing());
    await nextTurn();
  }
  await snapshots.finish(standing());
  attic[Symbol.dispose]();
}

const [, script, folder, count] = process.argv;
if (script === import.meta.filename && folder !== undefined) await main(folder, Number(count));
