import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

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
const MAIN = join(import.meta.dirname, '../../src/main.ts');
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
  const setup = join(folder, 'setup.json');
  writeFileSync(setup, JSON.stringify({ users: [maker, ...users] }));
  const options = ['--port', '0', '--pubsub-port', '0', '--data', join(folder, 'data')];
  const child = spawn(
    process.execPath,
    [MAIN, ...options, '--metadata', metadata, '--setup', setup],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const file = join(folder, 'data/org.json');
  while (!existsSync(file)) {
    if (child.exitCode !== null) throw new Error(output);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { instanceUrl: url } = z
    .object({ instanceUrl: z.string() })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  const cookies = new Map<string, string>();
  for (const as of ['maker', ...Object.keys(JOBS)]) cookies.set(as, await logIn(url, nameOf(as)));

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
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

async function logIn(url: string, username: string): Promise<string> {
  const response = await fetch(`${url}/login?un=${username}`, { redirect: 'manual' });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
