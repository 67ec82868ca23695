import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { writeSource } from '../../src/page/testSource.ts';

/** A local org as a process, over a small package of its own. */
export interface PageOrg {
  readonly url: string;
  /** Where its metadata lies; tests change bundles there. */
  readonly source: string;
  /** Saves as the administrator and gives the id. */
  create(object: string, values: Readonly<Record<string, unknown>>): Promise<string>;
  stop(): Promise<void>;
}

export const ADMIN = 'admin@example.test';
export const TECHNICIAN = 'technician@example.test';

/** Everything but the technician's right to see Assets and Cases of others. */
const setup = {
  users: [
    { username: ADMIN, profile: 'System Administrator' },
    { username: TECHNICIAN, profile: 'Standard User', permissionSets: ['Technician'] },
  ],
  sharing: { Asset: 'Private' },
};

/** Starts an org with the given files as its metadata. */
export async function startPageOrg(files: Readonly<Record<string, string>>): Promise<PageOrg> {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-page-'));
  const source = join(folder, 'source');
  const data = join(folder, 'data');
  writeSource(source, files);
  writeFileSync(join(folder, 'setup.json'), JSON.stringify(setup));
  const main = join(import.meta.dirname, '../../src/main.ts');
  const options = ['--port', '0', '--pubsub-port', '0', '--data', data, '--metadata', source];
  const child = spawn(
    process.execPath,
    [main, ...options, '--setup', join(folder, 'setup.json'), '--prepare-pages'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const file = join(data, 'org.json');
  while (!existsSync(file)) {
    if (child.exitCode !== null) throw new Error(output);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { instanceUrl: url } = z
    .object({ instanceUrl: z.string() })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  const cookie = await logIn(url, ADMIN);
  return {
    url,
    source,
    async create(object, values) {
      const response = await fetch(`${url}/services/data/v66.0/sobjects/${object}`, {
        method: 'POST',
        headers: { cookie, origin: url, 'content-type': 'application/json' },
        body: JSON.stringify(values),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${object}: ${text}`);
      return z.object({ id: z.string() }).parse(JSON.parse(text)).id;
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
