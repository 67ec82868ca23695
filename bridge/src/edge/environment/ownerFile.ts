import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ENVIRONMENTS } from '../../model/environment.ts';
import type { EnvironmentName } from '../../model/environment.ts';

const ownerShape = z.object({
  name: z.literal(ENVIRONMENTS).optional(),
  organizationId: z.string().min(15).max(18),
  namespace: z.string(),
});

/** Whose data lie in the folder of the file. */
export interface Owner {
  readonly name?: EnvironmentName | undefined;
  readonly organizationId: string;
  readonly namespace: string;
}

/** `environment.json` of a data directory. */
export interface OwnerFile {
  readonly file: string;
  /** Undefined where nobody was written down yet. @throws Error where the file cannot be read or understood */
  read(): Owner | undefined;
  /** On disk when it returns. @throws Error */
  write(owner: Owner): void;
}

/** Says whose data a data directory holds, so that those of one org never reach another. */
export function makeOwnerFile(dataDir: string): OwnerFile {
  const file = join(dataDir, 'environment.json');
  return {
    file,
    read() {
      const text = readIfThere(file);
      if (text === undefined) return undefined;
      try {
        return ownerShape.parse(JSON.parse(text));
      } catch (cause) {
        const advice = 'restore it, or remove it when you are sure whose data these are';
        throw new Error(`${file} is damaged, so nobody knows whose data lie there: ${advice}`, {
          cause,
        });
      }
    },
    write(owner) {
      mkdirSync(dataDir, { recursive: true });
      const fresh = `${file}.new`;
      const descriptor = openSync(fresh, 'w');
      try {
        writeSync(descriptor, `${JSON.stringify(owner)}\n`);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(fresh, file);
      syncFolder(dirname(file));
    },
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
