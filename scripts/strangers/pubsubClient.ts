import { appendFile, cp, mkdtemp, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { z } from 'zod';

import { ensureTool } from '../tools/ensureTool.ts';
import type { StrangersOrg } from './strangersOrg.ts';

/** As much of `salesforce-pubsub-api-client` as is used here; the package is not there when types are checked. */
export interface PubSubApiClient {
  connect(): Promise<void>;
  subscribe(topic: string, callback: SubscribeCallback, numRequested?: number | null): void;
  subscribeFromReplayId(
    topic: string,
    callback: SubscribeCallback,
    numRequested: number | null,
    replayId: number,
  ): void;
  subscribeWithManagedSubscription(name: string, callback: SubscribeCallback): Promise<void>;
  requestAdditionalEvents(topic: string, numRequested: number): void;
  publish(topic: string, payload: object, correlationKey?: string): Promise<unknown>;
  publishBatch(
    topic: string,
    events: readonly { readonly id?: string; readonly payload: object }[],
    callback: (info: unknown, kind: string, data: unknown) => void,
  ): Promise<void>;
  close(): void;
}

export type SubscribeCallback = (info: unknown, kind: string, data: unknown) => void;

export type ClientClass = new (configuration: object, logger: object) => PubSubApiClient;

const silent = Object.fromEntries(
  ['debug', 'info', 'warn', 'error'].map((level) => [level, () => undefined]),
);

/** Where the copy goes, and the authority it is to trust. */
interface Trusting {
  readonly world: { readonly folder: string };
  readonly state: { readonly pubsubCaFile: string };
}

/**
 * A copy of the installed client that trusts the org's certificate authority too.
 *
 * The client brings the list of authorities it trusts as a file of its own and takes no other, and its switch
 * `rejectUnauthorizedSsl` would leave unseen whether the org's certificate is any good. So the copy's list is one longer.
 */
export async function loadTrustingClient({ world, state }: Trusting): Promise<ClientClass> {
  const tool = await ensureTool('strangers');
  const folder = await mkdtemp(join(world.folder, 'pubsub-client-'));
  await symlink(join(tool, 'node_modules'), join(folder, 'node_modules'));
  const copy = join(folder, 'client');
  await cp(join(tool, 'node_modules/salesforce-pubsub-api-client'), copy, { recursive: true });
  const [list] = (await readdir(join(copy, 'dist'))).filter((name) => name.endsWith('.pem'));
  if (list === undefined) throw new Error('the client brings no list of authorities any more');
  await appendFile(join(copy, 'dist', list), `\n${await readFile(state.pubsubCaFile, 'utf8')}`);
  return loadClient(join(copy, 'dist/client.js'));
}

/** The client as it was installed. */
export async function loadPlainClient(): Promise<ClientClass> {
  const tool = await ensureTool('strangers');
  return loadClient(join(tool, 'node_modules/salesforce-pubsub-api-client/dist/client.js'));
}

async function loadClient(file: string): Promise<ClientClass> {
  const loaded: unknown = await import(pathToFileURL(file).href);
  return z
    .object({ default: z.custom<ClientClass>((value) => typeof value === 'function') })
    .parse(loaded).default;
}

/** Logs in with the key of the org's client and connects. */
export async function connectClient(
  { state, login }: StrangersOrg,
  Client: ClientClass,
  topicUser = login.username,
): Promise<PubSubApiClient> {
  const client = new Client(
    {
      authType: 'oauth-jwt-bearer',
      loginUrl: state.instanceUrl,
      clientId: login.clientId,
      username: topicUser,
      privateKey: login.privateKeyPem,
      pubSubEndpoint: state.pubsubEndpoint,
    },
    silent,
  );
  await client.connect();
  return client;
}
