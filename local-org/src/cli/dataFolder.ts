import { mkdirSync } from 'node:fs';

import { StartError } from './errors.ts';

/** Makes the folder for the org's state where there is none. Throws `StartError`. */
export function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(
      `--data ${path}: no folder can be made here (${why}); name a folder that you may write to`,
      { cause },
    );
  }
}
