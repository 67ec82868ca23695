import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { listDevices } from '../fleet/plan.ts';
import { connectPublisher, withoutPassword } from '../fleet/publisher.ts';
import { makeBridgeConfig } from './bridgeConfig.ts';
import type { DataFolder } from './dataFolder.ts';
import { makeClientKey } from './keys.ts';
import type { DemoOptions } from './options.ts';
import type { Org } from './org.ts';
import { connectOrg } from './org.ts';
import { ADMIN, BRIDGE_USER, orgSetup } from './orgSetup.ts';
import { readPolicyRecords } from './policies.ts';
import type { Children } from './processes.ts';
import type { SeedDevice } from './seed.ts';
import { seedOrg } from './seed.ts';
import { readStateFile, until } from './waiting.ts';
import { counted } from './wording.ts';

/** What runs once everything but the fleet is up. */
export interface Surround {
  readonly brokerUrl: string;
  readonly mqttClientId: string;
  readonly instanceUrl: string;
  readonly bridgeUrl: string;
  readonly bridgeFile: string;
  readonly org: Org;
  /** The Asset id of each device, by device key. */
  readonly assets: ReadonlyMap<string, string>;
}

export interface StartParts {
  readonly root: string;
  readonly options: DemoOptions;
  readonly folder: DataFolder;
  readonly children: Children;
  readonly step: (text: string) => void;
  readonly now: () => number;
  /** Aborted when a process dies or the person wants to stop. */
  readonly signal: AbortSignal;
}

/** A start may take this long on a slow machine with cold caches. */
const START_TIMEOUT_MS = 60_000;
/** The N-th reading that `--break reading` lets vanish: after the first seconds, before the end. */
const DROPPED_READING = '60';
const CLIENT_ID = 'demo-client';

const brokerState = z.object({ url: z.string() });
const orgState = z.object({
  instanceUrl: z.string(),
  pubsubEndpoint: z.string(),
  pubsubCaFile: z.string(),
});
const bridgeState = z.object({ httpUrl: z.string() });

/** Starts broker, org and bridge, and fills the org. @throws Error saying what did not come up */
export async function startSurround(parts: StartParts): Promise<Surround> {
  const { root, options, folder, step } = parts;
  const policiesFile = join(root, 'config', 'starter-policies.yaml');
  const brokerUrl = await startBroker(parts);
  const key = await makeClientKey(folder.file('client.key'), folder.file('client.crt'));
  const place = await startOrg(parts, key.certificateFile);
  const org = await connectOrg({
    instanceUrl: place.instanceUrl,
    clientId: CLIENT_ID,
    username: ADMIN,
    privateKeyPem: key.privateKeyPem,
    now: parts.now,
  });
  const devices = devicesOf(options);
  const policies = await readPolicyRecords(policiesFile);
  const assets = await seedOrg(org, devices, policies);
  step(`org filled: ${counted(devices.length, 'device')} on Assets, ${policies.length} policies`);

  const mqttClientId = `asset-signals-demo-${randomBytes(4).toString('hex')}`;
  const config = makeBridgeConfig({
    brokerUrl,
    mqttClientId,
    dataDir: folder.file('bridge'),
    policiesFile,
    ...place,
    clientId: CLIENT_ID,
    username: BRIDGE_USER,
    privateKeyFile: key.privateKeyFile,
    missingAfterSeconds: options.break === 'publish' ? 5 : 20,
  });
  const bridgeUrl = await startBridge(parts, config);
  return {
    brokerUrl,
    mqttClientId,
    instanceUrl: place.instanceUrl,
    bridgeUrl,
    bridgeFile: join(folder.file('bridge'), 'bridge.sqlite'),
    org,
    assets,
  };
}

const devicesOf = ({ task }: DemoOptions): SeedDevice[] =>
  task.kind === 'recording'
    ? [{ key: task.device, type: undefined }]
    : listDevices(task.devices).map(({ key, type }) => ({ key, type: type.name }));

async function startBroker({ root, options, folder, children, step, signal }: StartParts) {
  if (options.broker !== undefined) {
    // A wrong address or password is said now, not by a bridge that waits for it.
    await (await connectPublisher(options.broker, 1))[Symbol.asyncDispose]();
    step(`using the broker at ${withoutPassword(options.broker)}`);
    return options.broker;
  }
  const state = folder.file('broker.json');
  const fault = options.break === 'reading' ? ['--drop-publish', DROPPED_READING] : [];
  const logFile = folder.file('broker.log');
  await children.start({
    name: 'broker',
    args: [join(root, 'scripts', 'demo', 'broker.ts'), '--state', state, ...fault],
    logFile,
  });
  const { url } = await until(() => readStateFile(state, brokerState), {
    timeoutMs: START_TIMEOUT_MS,
    signal,
    what: 'the broker to listen',
    see: logFile,
  });
  step(`MQTT broker listens at ${url}`);
  return url;
}

async function startOrg(parts: StartParts, certificateFile: string) {
  const { root, options, folder, children, step, signal } = parts;
  const setup = folder.file('org-setup.json');
  const data = folder.file('org');
  await writeFile(setup, orgSetup(CLIENT_ID, certificateFile));
  const logFile = folder.file('org.log');
  await children.start({
    name: 'local org',
    args: [
      join(root, 'local-org', 'src', 'main.ts'),
      '--port',
      '0',
      '--pubsub-port',
      '0',
      '--data',
      data,
      '--fresh',
      '--setup',
      setup,
      '--metadata',
      join(root, 'force-app'),
      ...options.assume.flatMap((rule) => ['--assume', rule]),
      ...(options.break === 'publish' ? ['--fault', 'swallow-event'] : []),
      // Somebody will look at the pages; a scenario that ends by itself has no time for that.
      ...(options.task.kind === 'live' ? ['--prepare-pages'] : []),
    ],
    logFile,
  });
  const place = await until(() => readStateFile(join(data, 'org.json'), orgState), {
    timeoutMs: START_TIMEOUT_MS,
    signal,
    what: 'the local org to listen',
    see: logFile,
  });
  step(`local org runs the flows of force-app at ${place.instanceUrl}`);
  return place;
}

async function startBridge(
  { root, folder, children, step, signal }: StartParts,
  config: ReturnType<typeof makeBridgeConfig>,
): Promise<string> {
  const configFile = folder.file('bridge.yaml');
  await writeFile(configFile, config.yaml);
  const logFile = folder.file('bridge.log');
  const patience = {
    timeoutMs: START_TIMEOUT_MS,
    signal,
    see: logFile,
  };
  await children.start({
    name: 'bridge',
    args: [join(root, 'bridge', 'src', 'main.ts'), '--config', configFile],
    logFile,
    env: config.env,
  });
  const { httpUrl } = await until(
    () => readStateFile(join(folder.file('bridge'), 'bridge.json'), bridgeState),
    { ...patience, what: 'the bridge to start' },
  );
  let lastAnswer = 'no answer';
  await until(
    async () => {
      const answer = await fetch(`${httpUrl}/readyz`).catch(() => undefined);
      if (answer !== undefined) lastAnswer = (await answer.text()).trim();
      return answer?.ok === true ? true : undefined;
    },
    {
      ...patience,
      what: 'the bridge to be ready',
      because: () => `${httpUrl}/readyz says ${lastAnswer}`,
    },
  );
  step(`bridge is ready at ${httpUrl}`);
  return httpUrl;
}
