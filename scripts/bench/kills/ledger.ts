import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { FAULTS } from './plan.ts';

const fault = z.object({ device: z.string(), kind: z.enum(FAULTS), from: z.number() });
export type Fault = z.infer<typeof fault>;

/** A line of what the injector wrote down. */
const line = z.union([
  z.object({ fault }),
  z.object({ acknowledged: z.array(z.number()) }),
  z.object({ ended: z.object({ sent: z.number() }) }),
]);
export type LedgerLine = z.infer<typeof line>;

export interface Ledger {
  readonly faults: readonly Fault[];
  /** Numbers of the messages that the broker acknowledged to the injector. */
  readonly acknowledged: ReadonlySet<number>;
  /** The injector has ended, and this many messages were sent; undefined while it runs. */
  readonly sent: number | undefined;
}

export function readLedger(file: string): Ledger {
  const faults: Fault[] = [];
  const acknowledged = new Set<number>();
  let sent: number | undefined;
  for (const text of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const read = line.parse(JSON.parse(text));
    if ('fault' in read) faults.push(read.fault);
    else if ('ended' in read) sent = read.ended.sent;
    else for (const sequence of read.acknowledged) acknowledged.add(sequence);
  }
  return { faults, acknowledged, sent };
}
