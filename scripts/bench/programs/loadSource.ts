import { join } from 'node:path';

import { said } from '../load/messages.ts';
import type { Report, Said } from '../load/messages.ts';
import { startLineProcess } from './lineProcess.ts';

export interface LoadOptions {
  readonly devices: number;
  /** Share of messages that give a signal. */
  readonly signals: number;
  /** Messages without acknowledgement at most. */
  readonly window: number;
}

/** The load source as a process, see `../load/main.ts`. */
export interface LoadSource extends AsyncDisposable {
  /** For `mqtt://`. */
  readonly url: string;
  /** Resolves when a client has subscribed. */
  ready(): Promise<void>;
  /** Messages a second; Infinity: as many as the window lets through. */
  setRate(rate: number): void;
  /** Counts so far; `reset` begins times and the list of what went beyond its limit anew. */
  report(reset?: boolean): Promise<Report & { readonly counts: Counts }>;
}

export type Counts = NonNullable<Report['counts']>;

/** @param folder for what it complains about */
export async function startLoadSource(options: LoadOptions, folder: string): Promise<LoadSource> {
  const script = join(import.meta.dirname, '../load/main.ts');
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const program = startLineProcess<Said>(
    script,
    ['--control', '--port', '0', ...args],
    said,
    join(folder, 'load.err'),
  );
  const { port } = await program.next((one) => one.say === 'listening');
  return {
    url: `mqtt://127.0.0.1:${port}`,
    ready: async () => void (await program.next((one) => one.say === 'ready')),
    setRate: (rate) => program.ask({ ask: 'rate', rate: Number.isFinite(rate) ? rate : null }),
    async report(reset = false) {
      program.ask({ ask: 'report', reset });
      const report = await program.next((one) => one.say === 'report');
      if (report.counts === undefined) {
        throw new Error('the load source has no client any more: the contestant has gone');
      }
      return { ...report, counts: report.counts };
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
