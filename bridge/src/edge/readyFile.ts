import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Tells other programs where the running bridge is: `bridge.json` in the data directory, written
 * in one step, gone again after an orderly stop.
 */
export function writeReadyFile(
  dataDir: string,
  content: { httpUrl: string; pid: number },
): Disposable & { readonly file: string } {
  const file = join(dataDir, 'bridge.json');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(content)}\n`);
  renameSync(`${file}.new`, file);
  return { file, [Symbol.dispose]: () => rmSync(file, { force: true }) };
}
