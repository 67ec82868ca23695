import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import type { PageFile } from './benchmark.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface Run {
  /** What was typed. */
  readonly command: string;
  readonly machine: string;
  readonly date: Date;
}

/** Writes pages and drawings into `docs/measurements`; answers their paths from the root of the repository. */
export async function writePages(pages: readonly PageFile[], run: Run): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { name, text } of pages) {
    const file = join(ROOT, 'docs/measurements', name);
    await writeFile(
      file,
      text.replace('{{run}}', () => describeRun(run)),
    );
    written.push(relative(ROOT, file));
  }
  return written;
}

const describeRun = ({ command, machine, date }: Run): string =>
  `${date.toISOString().slice(0, 10)}, \`${command}\`. Machine: ${machine}. Made by that command; do not edit.`;
