import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { startOrgProcess } from '../orgProcess.ts';
import { JOBS } from './jobs.ts';
import type { Job } from './jobs.ts';

/** An answer of the org. */
export interface Reply {
  readonly status: number;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
}

/** A local org as a process over the package, with one user for each job. */
export interface AccessOrg {
  readonly url: string;
  /** Calls the org as the user of a job; `maker` is an administrator who may make every record. */
  call(as: Job | 'maker', method: string, path: string, body?: unknown): Promise<Reply>;
  /** The id of a job's user. */
  userId(job: Job): string;
  stop(): Promise<void>;
}

/** Below it lie the resources of the REST API. */
export const DATA = '/services/data/v66.0';

const PACKAGE = join(import.meta.dirname, '../../../force-app');
const MAKER_SETS = ['Signal_Command_Sender'];

/** @param metadata the package, or a changed copy of it */
export async function startAccessOrg(metadata: string = PACKAGE): Promise<AccessOrg> {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-access-'));
  const nameOf = (as: string): string => `${as.toLowerCase()}@example.test`;
  const users = Object.entries(JOBS).map(([job, sets]) => ({
    username: nameOf(job),
    profile: 'Standard User',
    ...sets,
  }));
  const maker = {
    username: nameOf('maker'),
    profile: 'System Administrator',
    permissionSets: MAKER_SETS,
  };
  const { url, logIn, stop } = await startOrgProcess(folder, metadata, {
    users: [maker, ...users],
  });
  const cookies = new Map<string, string>();
  for (const as of ['maker', ...Object.keys(JOBS)]) cookies.set(as, await logIn(nameOf(as)));

  const call: AccessOrg['call'] = async (as, method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        cookie: cookies.get(as) ?? '',
        origin: url,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text };
  };
  const answer = await call('maker', 'GET', `${DATA}/query?q=SELECT+Id,Username+FROM+User`);
  const { records } = z
    .object({ records: z.array(z.object({ Id: z.string(), Username: z.string() })) })
    .parse(answer.body);
  return {
    url,
    call,
    userId(job) {
      const user = records.find(({ Username }) => Username === nameOf(job));
      if (user === undefined) throw new Error(`no user for ${job}`);
      return user.Id;
    },
    stop,
  };
}
