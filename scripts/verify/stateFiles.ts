import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

const head = z.object({ cursor: z.number() });

/**
 * How far the log is in the newest state that is kept, read with none of the bridge's own code: files are named by their
 * sequence and begin with `AST1`, bytes u32, crc u32, kind u32, number u32, and so many bytes of JSON. 0 where there is none.
 */
export function readCursor(folder: string): number {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const newest = names
    .filter((name) => /^\d{16}\.state$/.test(name))
    .toSorted()
    .at(-1);
  if (newest === undefined) return 0;
  const bytes = readFileSync(join(folder, newest));
  if (bytes.toString('latin1', 0, 4) !== 'AST1') throw new Error(`${newest} is no state`);
  return head.parse(JSON.parse(bytes.toString('utf8', 20, 20 + bytes.readUInt32LE(4)))).cursor;
}
