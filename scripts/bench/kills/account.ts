import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

import { z } from 'zod';

import { readLogFiles } from '../../verify/logFiles.ts';
import type { Fault, Ledger } from './ledger.ts';
import { sequenceOf } from './plan.ts';
import type { Recorder } from './recorder.ts';

/** Everything that must hold at the end of a campaign, counted by outsiders. */
export interface Account {
  /** Messages the injector sent and the broker acknowledged to it. */
  readonly sent: number;
  /** Of these, what the broker never offered to the bridge: its own loss, nobody else's. */
  readonly lostByBroker: number;
  /** Messages the bridge acknowledged. */
  readonly acknowledged: number;
  /** Of these, neither in the log's files nor in quarantine. */
  readonly lost: readonly number[];
  /** Offered to the bridge over a connection that lives, and not acknowledged in the end. */
  readonly unacknowledged: number;
  /** Messages that stand in the log or in quarantine more than once; allowed, judged once. */
  readonly storedTwice: number;
  readonly quarantined: number;
  readonly faults: number;
  /** Faults without a Case. */
  readonly withoutCase: readonly Fault[];
  /** Cases beyond the first of a fault. */
  readonly doubledCases: number;
  /** Cases on pumps that nobody broke. */
  readonly wrongCases: number;
}

const row = z.object({ payload: z.instanceof(Uint8Array) });

/** The numbers of the messages a data folder of the bridge holds, one for each copy. */
export function readKept(dataDir: string): {
  readonly logged: readonly number[];
  readonly quarantined: readonly number[];
} {
  using database = new DatabaseSync(join(dataDir, 'bridge.sqlite'), { readOnly: true });
  database.exec('PRAGMA busy_timeout = 5000');
  const numbers = (payloads: readonly Uint8Array[]): number[] =>
    payloads.flatMap((payload) => sequenceOf(Buffer.from(payload).toString('latin1')) ?? []);
  const rows = database.prepare('SELECT payload FROM quarantine').all();
  return {
    logged: numbers(readLogFiles(join(dataDir, 'log')).map(({ payload }) => payload)),
    quarantined: numbers(rows.map((one) => row.parse(one).payload)),
  };
}

/**
 * @param cases how many Cases there are on the asset of each device
 */
export function takeAccount(
  ledger: Ledger,
  recorder: Pick<Recorder, 'offered' | 'acknowledged' | 'pending'>,
  kept: ReturnType<typeof readKept>,
  cases: ReadonlyMap<string, number>,
): Account {
  const all = [...kept.logged, ...kept.quarantined];
  const stored = new Set(all);
  const broken = new Set(ledger.faults.map(({ device }) => device));
  const countOf = (device: string): number => cases.get(device) ?? 0;
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  return {
    sent: ledger.acknowledged.size,
    lostByBroker: ledger.acknowledged.difference(recorder.offered).size,
    acknowledged: recorder.acknowledged.size,
    lost: [...recorder.acknowledged.difference(stored)],
    unacknowledged: recorder.pending(),
    storedTwice: all.length - stored.size,
    quarantined: new Set(kept.quarantined).size,
    faults: ledger.faults.length,
    withoutCase: ledger.faults.filter(({ device }) => countOf(device) === 0),
    doubledCases: sum([...broken].map((device) => Math.max(0, countOf(device) - 1))),
    wrongCases: sum([...cases].map(([device, count]) => (broken.has(device) ? 0 : count))),
  };
}

/** Nothing acknowledged is lost, and each fault has its one Case. */
export const isClean = (account: Account): boolean =>
  account.lost.length === 0 &&
  account.unacknowledged === 0 &&
  account.withoutCase.length === 0 &&
  account.doubledCases === 0 &&
  account.wrongCases === 0;
