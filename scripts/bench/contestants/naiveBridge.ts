/**
 * The bridge one writes in an afternoon: MQTT library, zod, and the public Pub/Sub client, one publish an event (or, with
 * NAIVE_BATCH_MS, a batch of what gathers in that time). An EWMA of each metric and a limit with hysteresis, in memory; messages are acknowledged by the library, before anything is published.
 * `node scripts/bench/contestants/naiveBridge.ts URL LOGIN_URL ENDPOINT CA_FILE FOLDER`
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { connect } from 'mqtt';
import { z } from 'zod';

import { loadTrustingClient } from '../../strangers/pubsubClient.ts';
import { makeBatches } from './naiveBatches.ts';

const [url = '', loginUrl = '', pubSubEndpoint = '', pubsubCaFile = '', folder = ''] =
  process.argv.slice(2);

const TOPIC = '/event/Asset_Signal__e';
const LIMIT = 7.1;
const CLEAR = 4.5;

const message = z.object({ ts: z.iso.datetime(), metrics: z.record(z.string(), z.number()) });
const silent = Object.fromEntries(
  ['debug', 'info', 'warn', 'error'].map((level) => [level, () => undefined]),
);

interface State {
  readonly means: Map<string, number>;
  open: boolean;
}

const Client = await loadTrustingClient({ world: { folder }, state: { pubsubCaFile } });
/* Where the org looks who logs in, the environment says who. */
const { env } = process;
const policyKey = env['NAIVE_POLICY'] ?? 'pump-vibration';
const org = new Client(
  {
    authType: 'oauth-jwt-bearer',
    loginUrl,
    clientId: env['NAIVE_CLIENT_ID'] ?? 'bench',
    username: env['NAIVE_USERNAME'] ?? 'bridge@example.com',
    privateKey: readKey(env['NAIVE_KEY_FILE']),
    pubSubEndpoint,
  },
  silent,
);
await org.connect();

const batchMs = Number(env['NAIVE_BATCH_MS'] ?? 0);
const batches =
  batchMs > 0 ? makeBatches(org, TOPIC, batchMs, join(folder, 'results.ndjson')) : undefined;

const states = new Map<string, State>();
const client = connect(url, {
  protocolVersion: 5,
  clientId: 'naive',
  clean: env['NAIVE_SESSION'] !== 'kept',
  properties: {
    receiveMaximum: 65_535,
    ...(env['NAIVE_SESSION'] === 'kept' && { sessionExpiryInterval: 3_600 }),
  },
});

client.on('message', (topic, payload) => {
  const { ts, metrics } = message.parse(JSON.parse(payload.toString()));
  const device = topic.split('/')[2] ?? '';
  const state = states.get(device) ?? { means: new Map<string, number>(), open: false };
  states.set(device, state);
  for (const [name, value] of Object.entries(metrics)) {
    const mean = state.means.get(name) ?? value;
    state.means.set(name, mean + 0.1 * (value - mean));
  }
  const vibration = metrics['vibration'] ?? 0;
  if (!state.open && vibration > LIMIT) {
    state.open = true;
    publish(device, Date.parse(ts), vibration);
  } else if (state.open && vibration < CLEAR) state.open = false;
});

function readKey(file: string | undefined): string {
  if (file !== undefined) return readFileSync(file, 'utf8');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function publish(device: string, at: number, value: number): void {
  const key = createHash('sha256').update(`${device} ${at}`).digest('hex');
  const text = (string: string): object => ({ string });
  const number = (double: number): object => ({ double });
  const event = {
    CreatedDate: Date.now(),
    CreatedById: env['NAIVE_USER_ID'] ?? '005000000000001AAA',
    Event_Key__c: text(key),
    Episode_Key__c: text(key),
    Phase__c: text('Opened'),
    Schema_Version__c: number(1),
    Signal_Type__c: text('fault.vibration-high'),
    Severity__c: text('High'),
    Confidence__c: number(1),
    Device_Key__c: text(device),
    Occurred_At__c: { long: at },
    Occurred_At_Ms__c: number(at),
    Detected_At__c: { long: Date.now() },
    Metric__c: text('vibration'),
    Value__c: number(value),
    Policy_Key__c: text(policyKey),
    Policy_Version__c: number(1),
    Detector__c: text('threshold'),
  };
  if (batches !== undefined) batches.add(event);
  else org.publish(TOPIC, event).catch((error: unknown) => console.error(String(error)));
}

await client.subscribeAsync('plant/+/+/telemetry', { qos: 1 });
