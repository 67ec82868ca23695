import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

const MAIN = join(import.meta.dirname, '../src/main.ts');

/** A local org as a process of its own, on ports of its own. */
export interface OrgProcess {
  readonly url: string;
  /** The cookie of a session of this user. */
  readonly logIn: (username: string) => Promise<string>;
  /** Ends it in order, and removes its folder. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts an org that keeps everything in `folder`, and waits until it answers.
 * @throws with its output where it ends instead
 */
export async function startOrgProcess(
  folder: string,
  metadata: string,
  setup: object,
  ...options: readonly string[]
): Promise<OrgProcess> {
  const setupFile = join(folder, 'setup.json');
  writeFileSync(setupFile, JSON.stringify(setup));
  const data = join(folder, 'data');
  const places = ['--data', data, '--metadata', metadata, '--setup', setupFile];
  const child = spawn(
    process.execPath,
    [MAIN, '--port', '0', '--pubsub-port', '0', ...places, ...options],
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
  return {
    url,
    async logIn(username) {
      const response = await fetch(`${url}/login?un=${username}`, { redirect: 'manual' });
      return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    },
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}
