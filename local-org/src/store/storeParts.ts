import type { StatementSync } from 'node:sqlite';

import type { Clock } from '../clock.ts';
import type { ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import type { Query, RecordData } from './records.ts';
import type { DataStorage } from './storage.ts';

/** What the parts of the store share. */
export interface StoreParts {
  readonly metadata: OrgMetadata;
  readonly clock: Clock;
  readonly storage: DataStorage;
  readonly prepare: (text: string) => StatementSync;
  readonly tableOf: (name: string) => ObjectDef;
  readonly readRow: (object: ObjectDef, id: string, deleted: boolean) => RecordData | undefined;
  readonly select: (query: Query) => RecordData[];
}
