import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describeMetrics } from '../bridge/src/edge/telemetry/metricTable.ts';
import { describeNumbers } from './demo/numbers.ts';

/** The handbook's tables that are made from code. */
export const tables = { numbers: describeNumbers, metrics: describeMetrics } as const;

export const handbookFile = join(import.meta.dirname, '../docs/handbook.md');

/** The handbook's text with every table between its two marks made anew. */
export function renderHandbook(text: string): string {
  return Object.entries(tables).reduce((page, [name, describe]) => {
    const [start, end] = [`<!-- ${name}: made by scripts/handbook.ts -->`, `<!-- end ${name} -->`];
    const [from, to] = [page.indexOf(start), page.indexOf(end)];
    if (from < 0 || to < from)
      throw new Error(`docs/handbook.md: the marks of ${name} are missing`);
    return `${page.slice(0, from)}${start}\n\n${describe()}\n\n${page.slice(to)}`;
  }, text);
}

if (import.meta.main) {
  await writeFile(handbookFile, renderHandbook(await readFile(handbookFile, 'utf8')));
}
