import express from 'express';
import type { Router } from 'express';
import { z } from 'zod';

import type { ApiRequest, ApiResponse, RestParts } from '../rest/context.ts';
import { RestError, notFound } from '../rest/errors.ts';
import type { Dispatch, Handler, Route } from '../rest/router.ts';
import { keyFor, objectFor } from '../rest/saves.ts';
import { writeCsv } from './csv.ts';
import { DELIMITERS } from './jobs.ts';
import type { Delimiter, IngestJob, IngestJobs } from './jobs.ts';
import { workOff } from './work.ts';

/** "You can upload up to 150 MB of base64 data": 100 MB of CSV (Bulk API 2.0, "Upload Job Data"). */
const MOST_BYTES = '100mb';

const newJob = z.strictObject({
  object: z.string(),
  operation: z.enum(['insert', 'update', 'upsert', 'delete']),
  externalIdFieldName: z.string().optional(),
  contentType: z.literal('CSV').optional(),
  columnDelimiter: z.enum(Object.keys(DELIMITERS) as [Delimiter, ...Delimiter[]]).default('COMMA'),
  lineEnding: z.enum(['LF', 'CRLF']).default('LF'),
});

const change = z.object({ state: z.enum(['UploadComplete', 'Aborted']) });

/** Lets the data of a job through as text; to be used before the REST API reads bodies as JSON. */
export function ingestBodies(): Router {
  const router = express.Router();
  router.use(
    '/services/data/:version/jobs/ingest/:id/batches',
    express.text({ limit: MOST_BYTES, type: () => true }),
  );
  return router;
}

/** Bulk API 2.0, ingest only; records are saved through the resources behind `save`. */
export function ingestRoutes(jobs: IngestJobs, save: Dispatch): readonly Route[] {
  const withJob =
    (work: (job: IngestJob, request: ApiRequest, parts: RestParts) => ApiResponse): Handler =>
    (parts, request, parameters) => {
      const job = jobs.find(parameters['id'] ?? '', request.session);
      if (job === undefined) throw notFound();
      return work(job, request, parts);
    };
  return [
    {
      method: 'POST',
      pattern: '/jobs/ingest',
      handler: (parts, request) => open(parts, jobs, request),
    },
    { method: 'GET', pattern: '/jobs/ingest/:id', handler: withJob((job) => answer(job)) },
    { method: 'PUT', pattern: '/jobs/ingest/:id/batches', handler: withJob(upload) },
    {
      method: 'PATCH',
      pattern: '/jobs/ingest/:id',
      handler: withJob((job, request, parts) => changeState(parts, save, jobs, job, request)),
    },
    {
      method: 'DELETE',
      pattern: '/jobs/ingest/:id',
      handler: withJob((job) => {
        if (job.state === 'UploadComplete' || job.state === 'InProgress')
          throw badState(`the job is ${job.state}; abort it first`);
        jobs.remove(job.id);
        return { status: 204 };
      }),
    },
    resultRoute('successfulResults', ['sf__Id', 'sf__Created'], (_, result) =>
      result?.ok === true ? [result.id, String(result.created)] : undefined,
    ),
    resultRoute('failedResults', ['sf__Id', 'sf__Error'], (idOfLine, result) =>
      result?.ok === false ? [idOfLine, result.error] : undefined,
    ),
    resultRoute('unprocessedrecords', [], (_, result) => (result === undefined ? [] : undefined)),
  ];

  /** @param cells what stands before the line's own cells, or undefined when the line is not one of these */
  function resultRoute(
    name: string,
    head: readonly string[],
    cells: (
      idOfLine: string,
      result: IngestJob['results'][number] | undefined,
    ) => readonly string[] | undefined,
  ): Route {
    return {
      method: 'GET',
      pattern: `/jobs/ingest/:id/${name}`,
      handler: withJob((job) => {
        const idColumn = job.head.findIndex((one) => one.toLowerCase() === 'id');
        const rows = job.lines.flatMap((line, index) => {
          const before = cells(line[idColumn] ?? '', job.results[index]);
          return before === undefined ? [] : [[...before, ...line]];
        });
        const lineEnd = job.lineEnding === 'LF' ? '\n' : '\r\n';
        const body = writeCsv(
          [[...head, ...job.head], ...rows],
          DELIMITERS[job.delimiter],
          lineEnd,
        );
        return { status: 200, body, headers: { 'content-type': 'text/csv; charset=utf-8' } };
      }),
    };
  }
}

function open(parts: RestParts, jobs: IngestJobs, request: ApiRequest): ApiResponse {
  const read = newJob.safeParse(request.body);
  if (!read.success) throw new RestError(400, 'INVALIDJOB', z.prettifyError(read.error));
  const { columnDelimiter, object: name, operation, externalIdFieldName, lineEnding } = read.data;
  const object = objectFor(parts, request, name);
  if (operation === 'upsert') {
    if (externalIdFieldName === undefined)
      throw new RestError(400, 'INVALIDJOB', 'upsert needs externalIdFieldName');
    keyFor(object, externalIdFieldName, '');
  }
  const job = jobs.add({
    session: request.session,
    version: request.version,
    object: object.name,
    operation,
    externalIdFieldName,
    delimiter: columnDelimiter,
    lineEnding,
  });
  return answer(job);
}

function upload(job: IngestJob, request: ApiRequest): ApiResponse {
  if (job.state !== 'Open' || job.csv !== undefined)
    throw badState('data can be uploaded once, while the job is Open');
  job.csv = typeof request.body === 'string' ? request.body : '';
  return { status: 201 };
}

function changeState(
  parts: RestParts,
  save: Dispatch,
  jobs: IngestJobs,
  job: IngestJob,
  request: ApiRequest,
): ApiResponse {
  const read = change.safeParse(request.body);
  if (!read.success)
    throw new RestError(400, 'INVALIDJOBSTATE', 'state may become UploadComplete or Aborted');
  if (read.data.state === 'Aborted') {
    if (job.state === 'JobComplete' || job.state === 'Failed')
      throw badState(`the job is ${job.state} already`);
    jobs.setState(job, 'Aborted');
    return answer(job);
  }
  if (job.state !== 'Open' || job.csv === undefined)
    throw badState('only an Open job with data can be set to UploadComplete');
  jobs.setState(job, 'UploadComplete');
  const told = answer(job);
  workOff(parts, save, jobs, job).catch((error: unknown) => {
    job.errorMessage = `UnknownException : ${error instanceof Error ? error.message : String(error)}`;
    jobs.setState(job, 'Failed');
  });
  return told;
}

const badState = (message: string): RestError => new RestError(400, 'INVALIDJOBSTATE', message);

function answer(job: IngestJob): ApiResponse {
  const time = (at: number): string => new Date(at).toISOString().replace('Z', '+0000');
  const failed = job.results.filter(({ ok }) => !ok).length;
  return {
    status: 200,
    body: {
      id: job.id,
      operation: job.operation,
      object: job.object,
      createdById: job.session.userId,
      createdDate: time(job.createdAt),
      systemModstamp: time(job.changedAt),
      state: job.state,
      ...(job.externalIdFieldName === undefined
        ? {}
        : { externalIdFieldName: job.externalIdFieldName }),
      concurrencyMode: 'Parallel',
      contentType: 'CSV',
      apiVersion: Number(job.version),
      jobType: 'V2Ingest',
      contentUrl: `services/data/v${job.version}/jobs/ingest/${job.id}/batches`,
      lineEnding: job.lineEnding,
      columnDelimiter: job.delimiter,
      numberRecordsProcessed: job.results.length,
      numberRecordsFailed: failed,
      retries: 0,
      totalProcessingTime: job.changedAt - job.createdAt,
      apiActiveProcessingTime: job.changedAt - job.createdAt,
      apexProcessingTime: 0,
      ...(job.errorMessage === undefined ? {} : { errorMessage: job.errorMessage }),
    },
  };
}
