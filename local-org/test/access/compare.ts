import type { AccessOrg } from './accessOrg.ts';
import type { Job } from './jobs.ts';
import { jobNames } from './jobs.ts';
import { rightOnField, rightsOn } from './observe.ts';
import type { Records } from './records.ts';
import { FIELDS, readTable, RIGHTS } from './tables.ts';
import type { Table } from './tables.ts';
import { VALUES } from './values.ts';

/** Where an org differs from the tables: `Object.Field as job: w, not r`. */
export async function differences(org: AccessOrg, records: Records): Promise<string[]> {
  const rights = await compare(readTable(RIGHTS), (object, job) =>
    rightsOn(org, records, job, object),
  );
  const fields = await compare(readTable(FIELDS), (path, job) => {
    if (!Object.hasOwn(VALUES, path)) throw new Error(`no value for ${path}`);
    return rightOnField(org, records, job, path, VALUES[path]);
  });
  return [...rights, ...fields];
}

async function compare(
  table: Table,
  observe: (name: string, job: Job) => Promise<string>,
): Promise<string[]> {
  const found: string[] = [];
  for (const { name, job, cell } of cellsOf(table)) {
    const seen = await observe(name, job);
    if (seen !== cell) found.push(`${name} as ${job}: ${seen}, not ${cell}`);
  }
  return found;
}

/** The cells of a table, one after another. */
export function cellsOf(table: Table): { name: string; job: Job; cell: string }[] {
  return [...table].flatMap(([name, row]) =>
    jobNames.flatMap((job) => {
      const cell = row.get(job);
      return cell === undefined ? [] : [{ name, job, cell }];
    }),
  );
}
