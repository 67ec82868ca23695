import { createPrivateKey, createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { credentials, loadPackageDefinition, Metadata } from '@grpc/grpc-js';
import type { Client } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import avro from 'avsc';
import { z } from 'zod';

import type { World, OrgState } from './world.ts';

/** A third reading of the Pub/Sub API, for tests that publish what the bridge never would. */
export interface EventPublisher extends Disposable {
  /** One Publish request; answers one error message, or undefined, per event. */
  publish(events: readonly Readonly<Record<string, unknown>>[]): Promise<(string | undefined)[]>;
}

const TOPIC = '/event/Asset_Signal__e';
const proto = join(import.meta.dirname, '../../local-org/proto/pubsub_api.proto');
const topicInfo = z.object({ schemaId: z.string() });
const schemaInfo = z.object({ schemaJson: z.string() });
const published = z.object({
  results: z.array(z.object({ error: z.object({ msg: z.string() }).nullable() })),
});

export async function connectPublisher(world: World, state: OrgState): Promise<EventPublisher> {
  const { token, userId } = await logIn(world, state);
  const definition = loadPackageDefinition(
    loadSync(proto, {
      keepCase: false,
      longs: String,
      enums: String,
      defaults: true,
      oneofs: true,
    }),
  );
  const Service = z
    .object({ eventbus: z.object({ v1: z.object({ PubSub: z.custom<typeof Client>() }) }) })
    .parse(definition).eventbus.v1.PubSub;
  const client = new Service(
    state.pubsubEndpoint,
    credentials.createSsl(readFileSync(state.pubsubCaFile)),
  );
  const metadata = new Metadata();
  metadata.set('accesstoken', token);
  metadata.set('instanceurl', state.instanceUrl);
  metadata.set('tenantid', state.organizationId);
  const call = (method: string, request: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const invoke: unknown = Reflect.get(client, method);
      if (typeof invoke !== 'function') throw new Error(`no method ${method}`);
      invoke.call(client, request, metadata, (error: Error | null, answer: unknown) =>
        error === null ? resolve(answer) : reject(error),
      );
    });
  const { schemaId } = topicInfo.parse(await call('getTopic', { topicName: TOPIC }));
  const { schemaJson } = schemaInfo.parse(await call('getSchema', { schemaId }));
  const type = avro.Type.forSchema(z.custom<avro.Schema>().parse(JSON.parse(schemaJson)));
  return {
    publish: async (events) => {
      const request = {
        topicName: TOPIC,
        events: events.map((fields, index) => ({
          id: `test-${index}`,
          schemaId,
          payload: type.toBuffer({ CreatedDate: Date.now(), CreatedById: userId, ...fields }),
        })),
      };
      const { results } = published.parse(await call('publish', request));
      return results.map(({ error }) => error?.msg);
    },
    [Symbol.dispose]: () => client.close(),
  };
}

async function logIn(world: World, { instanceUrl }: OrgState) {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = {
    iss: 'system-test',
    sub: 'bridge@example.test',
    aud: instanceUrl,
    exp: Math.floor(Date.now() / 1000) + 120,
  };
  const signed = `${encode({ alg: 'RS256' })}.${encode(claims)}`;
  const key = createPrivateKey(world.key.privateKeyPem);
  const assertion = `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
  const response = await fetch(`${instanceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
    }),
  });
  const { access_token, id } = z
    .object({ access_token: z.string(), id: z.string() })
    .parse(await response.json());
  return { token: access_token, userId: id.split('/').at(-1) ?? '' };
}
