import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { parse, stringify } from 'yaml';
import { z } from 'zod';

import { makeBridgeConfig } from '../demo/bridgeConfig.ts';
import { makeClientKey } from '../demo/keys.ts';
import type { ClientKey } from '../demo/keys.ts';
import { connectOrg } from '../demo/org.ts';
import type { Org } from '../demo/org.ts';
import { ADMIN, BRIDGE_USER, orgSetup } from '../demo/orgSetup.ts';
import type { OrgVariant } from '../demo/orgSetup.ts';
import { readPolicyRecords } from '../demo/policies.ts';
import { seedOrg } from '../demo/seed.ts';
import type { SeedDevice } from '../demo/seed.ts';
import { readStateFile } from '../demo/waiting.ts';
import { startNode } from './child.ts';
import type { Child } from './child.ts';
import { freePort } from './freePort.ts';
import { waitFor } from './wait.ts';

const root = join(import.meta.dirname, '../..');
const policiesFile = join(root, 'config/starter-policies.yaml');
/** The client whose certificate the org of a world knows. */
export const CLIENT = 'system-test';

const orgState = z.object({
  instanceUrl: z.string(),
  pubsubEndpoint: z.string(),
  pubsubCaFile: z.string(),
  organizationId: z.string(),
});
export type OrgState = z.infer<typeof orgState>;
const bridgeState = z.object({ httpUrl: z.string() });

/** A folder with a key pair and the two programs at hand; everything in it goes away with it. */
export interface World extends AsyncDisposable {
  readonly folder: string;
  readonly key: ClientKey;
  /** Starts the local org on the world's data; the same ports every time. */
  startOrg(
    args?: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<Child & { readonly state: OrgState }>;
  /** The org as its administrator. */
  admin(state: OrgState): Promise<Org>;
  /** Customers, assets, device records and starter policies; answers the asset of each device. */
  seed(org: Org, devices: readonly SeedDevice[]): Promise<ReadonlyMap<string, string>>;
  /** The configuration of a bridge on this world's data, to be changed by a test. */
  bridgeConfig(brokerUrl: string, state: OrgState): BridgeConfig;
  /** The same configuration with these starter policies only. */
  withPolicies(config: BridgeConfig, keys: readonly string[]): Promise<BridgeConfig>;
  /** Starts the bridge and waits until it says where it answers. */
  startBridge(
    config: BridgeConfig,
    env?: Readonly<Record<string, string>>,
  ): Promise<Child & { readonly httpUrl: string }>;
  /** Starts the bridge without waiting, for one that must refuse. */
  launchBridge(config: BridgeConfig, env?: Readonly<Record<string, string>>): Promise<Child>;
}

/** Waits until the bridge says that it listens and reaches the org: what is sent now is not missed. */
export async function untilReady({ httpUrl }: { readonly httpUrl: string }): Promise<void> {
  await waitFor(
    'the bridge is ready',
    async () => (await fetch(`${httpUrl}/readyz`)).ok || undefined,
    READY_MS,
  );
}

/** The YAML as data. */
export type BridgeConfig = Record<string, unknown>;

export interface WorldOptions extends OrgVariant {
  /** Organization-wide defaults of standard objects that are not as usual. */
  readonly sharing?: Readonly<Record<string, string>>;
  /** Files of the package that the org has not. */
  readonly without?: readonly string[];
}

export async function makeWorld({
  sharing,
  without = [],
  ...variant
}: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'asset-signals-'));
  const metadata = without.length === 0 ? join(root, 'force-app') : join(folder, 'force-app');
  if (without.length > 0) {
    const filter = (path: string) => !without.includes(basename(path));
    await cp(join(root, 'force-app'), metadata, { recursive: true, filter });
  }
  const key = await makeClientKey(join(folder, 'client.key'), join(folder, 'client.crt'));
  const orgData = join(folder, 'org');
  const bridgeData = join(folder, 'bridge');
  const children: Child[] = [];
  const ports = [String(await freePort()), String(await freePort())] as const;

  async function launchBridge(
    config: BridgeConfig,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Child> {
    const file = join(folder, 'bridge.yaml');
    await writeFile(file, stringify(config));
    await rm(join(bridgeData, 'bridge.json'), { force: true });
    const child = startNode([join(root, 'bridge/src/main.ts'), '--config', file], env);
    children.push(child);
    return child;
  }

  return {
    folder,
    key,
    startOrg: async (args = [], env = {}) => {
      await mkdir(orgData, { recursive: true });
      const setup = join(folder, 'setup.json');
      await writeFile(setup, orgSetup(CLIENT, key.certificateFile, sharing, variant));
      const stateFile = join(orgData, 'org.json');
      await rm(stateFile, { force: true });
      const child = startNode(
        [
          join(root, 'local-org/src/main.ts'),
          '--port',
          ports[0],
          '--pubsub-port',
          ports[1],
          '--data',
          orgData,
          '--metadata',
          metadata,
          '--setup',
          setup,
          ...args,
        ],
        env,
      );
      children.push(child);
      const state = await ready(child, stateFile, orgState, 'the local org');
      return Object.assign(child, { state });
    },
    admin: ({ instanceUrl }) =>
      connectOrg({
        instanceUrl,
        clientId: CLIENT,
        username: ADMIN,
        privateKeyPem: key.privateKeyPem,
        now: Date.now,
      }),
    seed: async (org, devices) => seedOrg(org, devices, await readPolicyRecords(policiesFile)),
    bridgeConfig: (brokerUrl, state) => {
      const { yaml } = makeBridgeConfig({
        brokerUrl,
        mqttClientId: 'bridge-under-test',
        dataDir: bridgeData,
        policiesFile,
        instanceUrl: state.instanceUrl,
        pubsubEndpoint: state.pubsubEndpoint,
        pubsubCaFile: state.pubsubCaFile,
        clientId: CLIENT,
        username: BRIDGE_USER,
        privateKeyFile: key.privateKeyFile,
        missingAfterSeconds: 20,
      });
      const config = z.looseObject({ salesforce: z.looseObject({}) }).parse(parse(yaml));
      // An org that comes back is noticed within seconds; the pauses of a minute would have every test wait for one.
      return { ...config, salesforce: { ...config.salesforce, retry: { first: '1s', max: '5s' } } };
    },
    withPolicies: async (config, keys) => {
      const all = z.array(z.looseObject({ key: z.string() }));
      const policies = all.parse(parse(await readFile(policiesFile, 'utf8')));
      const file = join(folder, 'policies.yaml');
      await writeFile(file, stringify(policies.filter(({ key: one }) => keys.includes(one))));
      return { ...config, policiesFile: file };
    },
    launchBridge,
    startBridge: async (config, env) => {
      const child = await launchBridge(config, env);
      const stateFile = join(bridgeData, 'bridge.json');
      const { httpUrl } = await ready(child, stateFile, bridgeState, 'the bridge');
      return Object.assign(child, { httpUrl });
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of children.reverse()) await child[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A start takes a second or two; on a machine that does much else, many times that. */
const READY_MS = 90_000;

/** The state file a program writes when it is ready; its output when it ends before that. */
async function ready<T>(child: Child, file: string, shape: z.ZodType<T>, what: string): Promise<T> {
  const written = waitFor(`${what} is ready`, () => readStateFile(file, shape), READY_MS);
  const ended = child.ended.then((code) => {
    throw new Error(`${what} ended with ${code} instead of getting ready: ${child.output()}`);
  });
  return Promise.race([written, ended]);
}
