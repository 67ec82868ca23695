import type { Clock } from '../../clock.ts';
import { makeId } from '../../store/ids.ts';
import type { Session } from '../access.ts';

export type IngestOperation = 'insert' | 'update' | 'upsert' | 'delete';

export type IngestState =
  'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

/** What became of one line of a job, in the words of its result file. */
export type LineResult =
  | { readonly ok: true; readonly id: string; readonly created: boolean }
  | { readonly ok: false; readonly error: string };

/** An ingest job of Bulk API 2.0. Jobs live as long as the process: no client asks for one of yesterday. */
export interface IngestJob {
  readonly id: string;
  readonly session: Session;
  readonly version: string;
  readonly object: string;
  readonly operation: IngestOperation;
  readonly externalIdFieldName: string | undefined;
  readonly delimiter: Delimiter;
  readonly lineEnding: 'LF' | 'CRLF';
  readonly createdAt: number;
  state: IngestState;
  changedAt: number;
  /** The CSV as it was sent; undefined until then. */
  csv: string | undefined;
  head: readonly string[];
  lines: readonly (readonly string[])[];
  /** One for each line that was worked off, in order. */
  results: LineResult[];
  errorMessage: string | undefined;
}

/** Bulk API 2.0 guide, "Create a Job": `columnDelimiter`. */
export const DELIMITERS = {
  BACKQUOTE: '`',
  CARET: '^',
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  TAB: '\t',
} as const;

export type Delimiter = keyof typeof DELIMITERS;

export interface IngestJobs {
  add(
    job: Pick<
      IngestJob,
      | 'session'
      | 'version'
      | 'object'
      | 'operation'
      | 'externalIdFieldName'
      | 'delimiter'
      | 'lineEnding'
    >,
  ): IngestJob;
  /** A job of this user; those of others are not there. */
  find(id: string, session: Session): IngestJob | undefined;
  remove(id: string): void;
  setState(job: IngestJob, state: IngestState): void;
}

export function makeIngestJobs(clock: Clock): IngestJobs {
  const jobs = new Map<string, IngestJob>();
  // Ids of an earlier process must not come again: a client may still hold one.
  let count = Math.floor(clock.now() / 1000);
  return {
    add(given) {
      count += 1;
      const now = clock.now();
      const job: IngestJob = {
        ...given,
        id: makeId('750', count),
        state: 'Open',
        createdAt: now,
        changedAt: now,
        csv: undefined,
        head: [],
        lines: [],
        results: [],
        errorMessage: undefined,
      };
      jobs.set(job.id, job);
      return job;
    },
    find(id, session) {
      const job = jobs.get(id);
      return job?.session.userId === session.userId ? job : undefined;
    },
    remove: (id) => void jobs.delete(id),
    setState(job, state) {
      job.state = state;
      job.changedAt = clock.now();
    },
  };
}
