import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openDatabase } from '../edge/log/database.ts';
import { makeSqliteOutbox } from '../edge/log/sqliteOutbox.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EventKey } from '../model/brand.ts';
import type { Signal } from '../model/signal.ts';
import { makeSignal } from './signals.ts';

const PHASES = 4;
const BATCH = 12;
/** Open events in memory: few, so that others are aside. */
export const MAX_OPEN = 60;

/** The signal that is recorded as number `index`: stories of four phases that run side by side. */
export function signalAt(index: number): Signal {
  const group = Math.floor(index / (BATCH * PHASES));
  const phase = Math.floor(index / BATCH) % PHASES;
  return makeSignal(`episode ${group} ${index % BATCH}`, phase);
}

/** What was said so far, line by line; a kill leaves no half line, since each is one write. */
export function readSaid(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'said'), 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

/**
 * Records `count` signals, publishes and receives them with an org that is a file: `recorded N` once so many are
 * safe, `published KEY` before the outbox is told of it, `ended KEY` before it is told of the receipt. Is killed at
 * any time, and goes on from what was said.
 */
async function main(folder: string, count: number): Promise<void> {
  const file = join(folder, 'bridge.sqlite');
  using storage = openDatabase(file);
  // A look at the clock is long after the one before, so that some events are written while they are open.
  let elapsed = 0;
  const elapsedMs = (): number => (elapsed += 300);
  using outbox = makeSqliteOutbox(storage.database, file, { maxOpen: MAX_OPEN, elapsedMs });
  const say = (lines: readonly string[]): void => {
    if (lines.length > 0) appendFileSync(join(folder, 'said'), `${lines.join('\n')}\n`);
  };
  let recorded = Math.max(
    0,
    ...readSaid(folder).map((line) => Number(/^recorded (\d+)/.exec(line)?.[1] ?? 0)),
  );
  const now = toEpochMs(1_790_000_000_000);
  const receive = async (eventKeys: readonly EventKey[]): Promise<void> => {
    say(eventKeys.map((key) => `ended ${key}`));
    const receipt = { disposition: 'Acted', reason: '', at: now } as const;
    await outbox.receive(eventKeys.map((eventKey) => ({ ...receipt, eventKey })));
  };
  process.stdout.write('running\n');
  for (let round = 0; ; round += 1) {
    if (recorded < count) {
      // What was recorded before a kill may come again, as from the log.
      const from = Math.max(0, recorded - BATCH);
      const signals = Array.from({ length: 2 * BATCH }, (_, index) => signalAt(from + index));
      const done = await outbox.record({ signals, recordedAt: now });
      if (!done.ok) throw new Error(done.error.reason);
      recorded = from + signals.length;
      say([`recorded ${recorded}`]);
    }
    const due = await outbox.due(now, BATCH);
    say(due.map(({ signal }) => `published ${signal.eventKey}`));
    await outbox.settle(
      due.map(({ signal: { eventKey } }) => ({ kind: 'published', eventKey, at: now })),
    );
    const waiting = await outbox.unreceipted(BATCH, round % 5);
    // Some receipts are late.
    if (round % 3 > 0) await receive(waiting.map(({ eventKey }) => eventKey));
    if (recorded >= count && due.length === 0 && waiting.length === 0 && round % 5 === 0) return;
    await nextTurn();
  }
}

const [, script, folder, count] = process.argv;
if (script === import.meta.filename && folder !== undefined) await main(folder, Number(count));
