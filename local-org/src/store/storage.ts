import type { StatementSync } from 'node:sqlite';

import type { ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import type { SaveError } from './records.ts';
import { quote } from './tables.ts';

/** "Most records are roughly 2 KB", whatever they hold (help 000193871). */
const RECORD_KB = 2;

/**
 * "Those that reach 105% capacity … won't be able to create new records" (Salesforce, quoted at
 * cloudsuccess.com/blog/how-do-salesforce-calculate-data-storage).
 */
const FULL = 1.05;

/**
 * Standard objects whose rows take data storage; assets take none (github.com/Coding-With-The-Force/
 * Salesforce-CTA-Study-Guide, "Calculating Data Storage"), nor do comments, history and setup.
 */
const counted: ReadonlySet<string> = new Set(['Account', 'Case', 'Contact', 'Task']);

const COUNTER = 'rows in data storage';

/** What an org may store; absent: any amount. */
export interface StorageAllocation {
  readonly dataMb: number;
}

/** Counts the rows that take data storage, in the transaction that changes them. */
export interface DataStorage {
  /** Why a row of the object cannot be added. */
  refusal(object: ObjectDef): SaveError | undefined;
  /** A row was added (1) or went to the recycle bin (-1), where it takes none. */
  changed(object: ObjectDef, by: 1 | -1): void;
  /** Megabytes. */
  used(): number;
}

const storageFull: SaveError = {
  statusCode: 'STORAGE_LIMIT_EXCEEDED',
  message: 'storage limit exceeded',
  fields: [],
};

/** Counts what is there once; afterwards each change. The caller has the tables. */
export function makeDataStorage(
  prepare: (text: string) => StatementSync,
  metadata: OrgMetadata,
  allocation: StorageAllocation = { dataMb: Infinity },
): DataStorage {
  const objects = [...metadata.objects.values()].filter(takesStorage);
  const rows = objects.map(({ name }) =>
    Number(
      prepare(`SELECT count(*) AS rows FROM ${quote(name)} WHERE "IsDeleted" = 0`).get()?.['rows'],
    ),
  );
  prepare(
    'INSERT INTO org_counters (name, last) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last = excluded.last',
  ).run(
    COUNTER,
    rows.reduce((sum, count) => sum + count, 0),
  );
  const used = (): number => {
    const last = prepare('SELECT last FROM org_counters WHERE name = ?').get(COUNTER)?.['last'];
    return (Number(last) * RECORD_KB) / 1024;
  };
  return {
    used,
    refusal(object) {
      if (!takesStorage(object)) return undefined;
      return used() >= allocation.dataMb * FULL ? storageFull : undefined;
    },
    changed(object, by) {
      if (takesStorage(object))
        prepare('UPDATE org_counters SET last = last + ? WHERE name = ?').run(by, COUNTER);
    },
  };
}

function takesStorage(object: ObjectDef): boolean {
  return object.kind === 'custom' || counted.has(object.name);
}
