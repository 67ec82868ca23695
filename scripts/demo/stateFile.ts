import { rename, writeFile } from 'node:fs/promises';

/** Writes a small JSON file so that a reader sees all of it or nothing. */
export async function writeStateFile(path: string, content: unknown): Promise<void> {
  const half = `${path}.${process.pid}.tmp`;
  await writeFile(half, `${JSON.stringify(content)}\n`);
  await rename(half, path);
}
