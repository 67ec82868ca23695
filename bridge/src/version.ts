import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const program = z.object({ version: z.string() });

/** The version of this bridge, as its package says. */
export function readVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  return program.parse(JSON.parse(text)).version;
}
