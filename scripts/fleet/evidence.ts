import { open } from 'node:fs/promises';

import type { Fault } from './faults.ts';
import type { Storm } from './plan.ts';

/** One line of the fleet's own account of what happened; times are ISO 8601, UTC. */
export type EvidenceLine =
  /** A message the broker acknowledged. */
  | { kind: 'reading'; device: string; topic: string; ts: string; seq: number }
  /** How many messages were acknowledged so far; only where they are not listed one by one. */
  | { kind: 'count'; acknowledged: number }
  | { kind: 'fault'; device: string; fault: string; from: string; to: string }
  | { kind: 'storm'; device: string; messages: number; from: string; to: string }
  /** Everything planned has happened; the devices go on speaking, healthy, until told to stop. */
  | { kind: 'played' }
  /** The last line of a fleet that ended in order. */
  | { kind: 'end'; acknowledged: number; unacknowledged: number };

export const faultLine = (fault: Fault): EvidenceLine => ({
  kind: 'fault',
  device: fault.device,
  fault: fault.kind,
  from: new Date(fault.from).toISOString(),
  to: new Date(fault.to).toISOString(),
});

export const stormLine = (storm: Storm): EvidenceLine => ({
  kind: 'storm',
  device: storm.device,
  messages: storm.messages,
  from: new Date(storm.from).toISOString(),
  to: new Date(storm.to).toISOString(),
});

/** An NDJSON file that grows by whole lines, a few times a second. */
export interface EvidenceLog extends AsyncDisposable {
  add(line: EvidenceLine): void;
}

/** Lines reach the file within this time, so that a live picture can follow it. */
const FLUSH_EVERY_MS = 200;

/** Starts an empty file; lines keep their order; disposing writes what is left and closes it. */
export async function openEvidenceLog(path: string): Promise<EvidenceLog> {
  const file = await open(path, 'w');
  let lines: string[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  const flush = (): void => {
    if (lines.length === 0) return;
    const text = lines.join('');
    lines = [];
    writing = writing.then(() => file.appendFile(text));
  };
  const timer = setInterval(flush, FLUSH_EVERY_MS);
  return {
    add: (line) => lines.push(`${JSON.stringify(line)}\n`),
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      flush();
      await writing;
      await file.close();
    },
  };
}
