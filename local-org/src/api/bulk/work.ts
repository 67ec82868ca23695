import { z } from 'zod';

import { findObject } from '../../metadata/find.ts';
import type { ObjectDef } from '../../metadata/schema.ts';
import type { ApiRequest, RestParts } from '../rest/context.ts';
import type { Dispatch } from '../rest/router.ts';
import { CsvError, readCsv } from './csv.ts';
import { DELIMITERS } from './jobs.ts';
import type { IngestJob, IngestJobs, LineResult } from './jobs.ts';
import { BulkJobError, readHead, toRow } from './rows.ts';
import type { BulkColumn } from './rows.ts';

/** Triggers and flows get the records of a bulk job in groups of at most 200, as those of any save. */
const CHUNK = 200;

const outcomes = z.array(
  z.object({
    success: z.boolean(),
    id: z.string().optional(),
    created: z.boolean().optional(),
    errors: z.array(
      z.object({ statusCode: z.string(), message: z.string(), fields: z.array(z.string()) }),
    ),
  }),
);
const refusal = z.array(z.object({ errorCode: z.string(), message: z.string() }));

/**
 * Works a job off, 200 lines a turn so that other requests come in between. Each line is saved by the collections
 * resource with the rights of the user who made the job. The job ends as JobComplete, also when lines failed, or
 * as Failed with the reason when its data cannot be read.
 */
export async function workOff(
  parts: RestParts,
  save: Dispatch,
  jobs: IngestJobs,
  job: IngestJob,
): Promise<void> {
  try {
    jobs.setState(job, 'InProgress');
    const object = findObject(parts.metadata, job.object);
    if (object === undefined) throw new BulkJobError(`InvalidEntity : ${job.object}`);
    const [head = [], ...lines] = readCsv(job.csv ?? '', DELIMITERS[job.delimiter]);
    job.head = head;
    job.lines = lines;
    const columns = readHead(parts.metadata, object, head);
    for (let from = 0; from < lines.length; from += CHUNK) {
      await new Promise((resolve) => setImmediate(resolve));
      if (job.state !== 'InProgress') return;
      job.results.push(...saveLines(save, job, object, columns, lines.slice(from, from + CHUNK)));
    }
    jobs.setState(job, 'JobComplete');
  } catch (error) {
    if (!(error instanceof BulkJobError || error instanceof CsvError)) throw error;
    job.errorMessage =
      error instanceof CsvError ? `InvalidBatch : ${error.message}` : error.message;
    jobs.setState(job, 'Failed');
  }
}

function saveLines(
  save: Dispatch,
  job: IngestJob,
  object: ObjectDef,
  columns: readonly BulkColumn[],
  lines: readonly (readonly string[])[],
): LineResult[] {
  const rows = lines.map((cells) => toRow(object, columns, cells));
  const records = rows.flatMap((row) => (row.ok ? [row.record] : []));
  const saved = records.length === 0 ? [] : saveRecords(save, job, object, records);
  let next = 0;
  return rows.map((row) => (row.ok ? (saved[next++] ?? LOST) : failed([row.error])));
}

const LOST: LineResult = { ok: false, error: 'UNKNOWN_EXCEPTION:no outcome for this line:--' };

function saveRecords(
  save: Dispatch,
  job: IngestJob,
  object: ObjectDef,
  records: readonly Readonly<Record<string, unknown>>[],
): LineResult[] {
  const { status, body } = save(requestOf(job, object, records));
  if (status !== 200) {
    const { errorCode = '', message = '' } = refusal.parse(body)[0] ?? {};
    return records.map(() => failed([{ statusCode: errorCode, message, fields: [] }]));
  }
  return outcomes.parse(body).map(({ success, id, created, errors }): LineResult => {
    if (!success || id === undefined) return failed(errors);
    return { ok: true, id, created: created ?? job.operation === 'insert' };
  });
}

function requestOf(
  job: IngestJob,
  object: ObjectDef,
  records: readonly Readonly<Record<string, unknown>>[],
): ApiRequest {
  const resource = '/composite/sobjects';
  const shared = { version: job.version, session: job.session, headers: {} };
  const query = new URLSearchParams();
  const body = { allOrNone: false, records };
  switch (job.operation) {
    case 'insert':
      return { ...shared, query, method: 'POST', path: resource, body };
    case 'update':
      return { ...shared, query, method: 'PATCH', path: resource, body };
    case 'upsert': {
      const path = `${resource}/${object.name}/${job.externalIdFieldName ?? 'Id'}`;
      return { ...shared, query, method: 'PATCH', path, body };
    }
    case 'delete': {
      query.set(
        'ids',
        records.map(({ Id }) => (typeof Id === 'string' ? Id : 'missing')).join(','),
      );
      return { ...shared, query, method: 'DELETE', path: resource, body: undefined };
    }
  }
}

function failed(
  errors: readonly {
    readonly statusCode: string;
    readonly message: string;
    readonly fields: readonly string[];
  }[],
): LineResult {
  const words = errors.map(
    ({ statusCode, message, fields }) => `${statusCode}:${message}:${fields.join(' ')} --`,
  );
  return { ok: false, error: words.join(';') };
}
