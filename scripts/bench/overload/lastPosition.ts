import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How many records a log has ever held, read from its newest file with none of the bridge's code (see
 * `scripts/verify/logFiles.ts`): messages, and a tick each second.
 */
export function lastPosition(folder: string): number {
  const name = readdirSync(folder)
    .filter((one) => /^\d{16}-[0-9a-f]{16}\.log$/.test(one))
    .toSorted()
    .at(-1);
  if (name === undefined) return 0;
  const bytes = readFileSync(join(folder, name));
  let next = Number(name.slice(0, 16));
  for (let at = 0; bytes.toString('latin1', at, at + 4) === 'ASL2';) {
    if (bytes.readDoubleLE(at + 16) !== next) break;
    if (bytes.toString('hex', at + 24, at + 32) !== name.slice(17, 33)) break;
    next += bytes.readUInt32LE(at + 12);
    at += 32 + bytes.readUInt32LE(at + 4);
  }
  return next - 1;
}
