import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { until } from './until.ts';

const main = join(import.meta.dirname, '../main.ts');

/** A folder that is gone after the test. */
export function makeFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'bridge-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export interface BridgeSetup {
  readonly folder: string;
  readonly mqttUrl: string;
  readonly loginUrl: string;
  readonly pubsub: { readonly endpoint: string; readonly ca: Buffer };
  readonly privateKeyPem: string;
  /** The section of charts; the defaults where absent. */
  readonly telemetry?: object;
}

/** Writes a config for a bridge with one threshold policy and answers its path. */
export function writeConfig(setup: BridgeSetup): string {
  const { folder, mqttUrl, loginUrl, pubsub, privateKeyPem, telemetry = {} } = setup;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'org.key'), privateKeyPem);
  writeFileSync(join(folder, 'pubsub.crt'), pubsub.ca);
  const policy = {
    key: 'pump-vibration-high',
    name: 'Pump vibration too high',
    match: { deviceType: 'pump', metric: 'vibration' },
    signalType: 'fault.vibration-high',
    severity: 'High',
    detector: { kind: 'threshold', direction: 'above', limit: 7.1, clear: 4.5 },
    openAfter: '0s',
    clearAfter: '0s',
  };
  writeFileSync(join(folder, 'policies.yaml'), stringify([policy]));
  const config = {
    dataDir: 'data',
    http: { port: 0 },
    mqtt: { url: mqttUrl, protocolVersion: 4, clientId: 'bridge' },
    mappings: [
      {
        name: 'plant',
        topic: 'plant/{deviceType}/{device}/telemetry',
        time: { path: 'ts', format: 'iso' },
        metrics: { path: 'metrics' },
        units: { vibration: 'mm/s' },
      },
    ],
    policiesFile: 'policies.yaml',
    telemetry,
    salesforce: {
      loginUrl,
      clientId: 'client',
      username: 'bridge@example.test',
      privateKeyFile: 'org.key',
      pubsub: { endpoint: pubsub.endpoint, caFile: 'pubsub.crt' },
      receipts: { every: '200ms' },
      retry: { first: '100ms', max: '1s' },
    },
  };
  const file = join(folder, 'bridge.yaml');
  writeFileSync(file, stringify(config));
  return file;
}

/** A bridge as a process of its own. */
export interface BridgeProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  output(): string;
  httpUrl(): string;
  /** Sends the signal and waits; answers the exit code, null where the signal ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** Starts `main.ts` and waits until it has written its ready file. */
export async function startBridge(configFile: string): Promise<BridgeProcess> {
  const ready = join(configFile, '../data/bridge.json');
  rmSync(ready, { force: true });
  const child = spawn(process.execPath, [main, '--config', configFile], { stdio: 'pipe' });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await until('the bridge writes its ready file', () => {
    if (child.exitCode !== null) throw new Error(`the bridge ended: ${output}`);
    return existsSync(ready);
  });
  return {
    child,
    output: () => output,
    httpUrl: () => (JSON.parse(readFileSync(ready, 'utf8')) as { httpUrl: string }).httpUrl,
    end(signal) {
      child.kill(signal);
      return ended;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
