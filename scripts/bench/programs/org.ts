import { join } from 'node:path';

import { said } from '../org/messages.ts';
import type { OrgReport, Said } from '../org/messages.ts';
import { startLineProcess } from './lineProcess.ts';

/** The org as a process, see `../org/main.ts`. */
export interface Org extends AsyncDisposable {
  readonly loginUrl: string;
  /** Of the Pub/Sub API: `localhost:port`. */
  readonly endpoint: string;
  /** The authority of its certificate. */
  readonly caFile: string;
  report(): Promise<OrgReport>;
}

/** @param folder for its certificate and what it complains about */
export async function startOrg(folder: string): Promise<Org> {
  const script = join(import.meta.dirname, '../org/main.ts');
  const program = startLineProcess<Said>(
    script,
    ['--control', '--folder', folder],
    said,
    join(folder, 'org.err'),
  );
  const { loginUrl, endpoint, caFile } = await program.next((one) => one.say === 'listening');
  return {
    loginUrl,
    endpoint,
    caFile,
    async report() {
      program.ask({ ask: 'report' });
      return program.next((one) => one.say === 'report');
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
