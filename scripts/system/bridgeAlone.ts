import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { stringify } from 'yaml';
import { z } from 'zod';

import { makeClientKey } from '../demo/keys.ts';
import { readStateFile } from '../demo/waiting.ts';
import { readLogFiles } from '../verify/logFiles.ts';
import type { LoggedMessage } from '../verify/logFiles.ts';
import { startNode } from './child.ts';
import type { Child } from './child.ts';
import { waitFor } from './wait.ts';

const root = join(import.meta.dirname, '../..');
const bridgeState = z.object({ httpUrl: z.string() });

/** A bridge that reaches a broker and no org: for what happens up to the log. */
export interface LoneBridge extends AsyncDisposable {
  readonly folder: string;
  /** Starts the bridge and waits until it says where it answers. */
  start(env?: Readonly<Record<string, string>>): Promise<Child & { readonly httpUrl: string }>;
  /** What stands in its log files, read without its code. */
  logged(): LoggedMessage[];
  /** Payloads in its quarantine. */
  quarantined(): string[];
}

/** @param mqtt the section `mqtt` @param mappings the section `mappings` */
export async function makeLoneBridge(
  mqtt: object,
  mappings: readonly object[],
): Promise<LoneBridge> {
  const folder = await mkdtemp(join(tmpdir(), 'asset-signals-alone-'));
  const key = await makeClientKey(join(folder, 'client.key'), join(folder, 'client.crt'));
  const data = join(folder, 'data');
  const file = join(folder, 'bridge.yaml');
  const config = {
    dataDir: data,
    http: { port: 0 },
    mqtt,
    mappings,
    policiesFile: join(root, 'config/starter-policies.yaml'),
    telemetry: { enabled: false },
    salesforce: {
      // Nothing listens there.
      loginUrl: 'http://127.0.0.1:1',
      clientId: 'nobody',
      username: 'nobody@example.com',
      privateKeyFile: key.privateKeyFile,
      pubsub: { endpoint: '127.0.0.1:1' },
    },
  };
  await writeFile(file, stringify(config));
  const children: Child[] = [];
  return {
    folder,
    async start(env) {
      const state = join(data, 'bridge.json');
      await rm(state, { force: true });
      const child = startNode([join(root, 'bridge/src/main.ts'), '--config', file], env);
      children.push(child);
      const ended = child.ended.then((code) => {
        throw new Error(`the bridge ended with ${code}: ${child.output()}`);
      });
      const written = waitFor('the bridge', () => readStateFile(state, bridgeState), 30_000, 20);
      const { httpUrl } = await Promise.race([written, ended]);
      ended.catch(() => undefined);
      return Object.assign(child, { httpUrl });
    },
    logged: () => readLogFiles(join(data, 'log')),
    quarantined() {
      using database = new DatabaseSync(join(data, 'bridge.sqlite'), { readOnly: true });
      const rows = database.prepare('SELECT payload FROM quarantine ORDER BY id').all();
      return rows.map((row) => Buffer.from(row['payload'] as Uint8Array).toString());
    },
    async [Symbol.asyncDispose]() {
      for (const child of children.reverse()) await child[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The value of a metric, all its labels added up; 0 when it does not show. */
export async function readMetric(httpUrl: string, name: string): Promise<number> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  const lines = text.split('\n').filter((line) => new RegExp(`^${name}[ {]`).test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Waits until the bridge is subscribed to all it wants. */
export async function untilListening({ httpUrl }: { readonly httpUrl: string }): Promise<void> {
  const isListening = async () =>
    (await readMetric(httpUrl, 'asset_signals_ingress_listening')) === 1 || undefined;
  await waitFor('the bridge listens', isListening, 20_000);
}
