import { join } from 'node:path';

import { said } from '../probe/messages.ts';
import type { Probe } from '../probe/messages.ts';
import { startLineProcess } from './lineProcess.ts';

/** The probe as a process, see `../probe/main.ts`. */
export interface ProbeProgram extends AsyncDisposable {
  /** Times since the last call, or since it began. */
  read(): Promise<Probe>;
}

/** @param folder on the disk that is to be probed */
export function startProbe(folder: string): ProbeProgram {
  const script = join(import.meta.dirname, '../probe/main.ts');
  const program = startLineProcess<Probe>(script, [folder], said, join(folder, 'probe.err'));
  return {
    read() {
      program.ask({});
      return program.next((one): one is Probe => 'flushMs' in one);
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
