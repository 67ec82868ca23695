import { TLSSocket } from 'node:tls';
import { connect } from 'mqtt';
import type { MqttClient } from 'mqtt';
import type { ConnectionOptions } from './connection.ts';
import { describeMqttFailure, describeSuback } from './mqttFailures.ts';

/** How a broker received a client that has all the rights of the bridge but its session. */
export interface BrokerAnswer {
  /** Absent where it let us in. */
  readonly refusal?: string;
  /** Topic filters the broker did not grant, or at less than the QoS asked for. */
  readonly refused: readonly string[];
  readonly granted: readonly string[];
  /** Of TLS: the version, and when the certificate of the broker ends. */
  readonly tls?: { readonly version: string; readonly validTo: Date };
}

/** A connection without what only its session is about. */
export type BrokerToAsk = Pick<
  ConnectionOptions,
  'name' | 'url' | 'protocolVersion' | 'clientId' | 'username' | 'password' | 'tls' | 'filters'
>;

const TIMEOUT_MS = 10_000;

/**
 * Connects as the bridge would and asks for its subscriptions, with a client id and a session of its own: those of a
 * running bridge stay as they are. What arrives meanwhile is not read.
 */
export async function askBroker(options: BrokerToAsk): Promise<BrokerAnswer> {
  const { url, protocolVersion, clientId, username, password, tls } = options;
  const asked = { ...options, clientId: `${clientId}-check` };
  const client = connect(url, {
    ...{ protocolVersion, clientId: asked.clientId, clean: true },
    ...{ reconnectPeriod: 0, connectTimeout: TIMEOUT_MS },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...tls,
  });
  try {
    const failed = await connected(client);
    if (failed !== undefined) {
      return { refusal: describeMqttFailure(asked, failed.error), refused: [], granted: [] };
    }
    const granted: string[] = [];
    const refused: string[] = [];
    for (const [filter, qos] of options.filters) {
      // A shared subscription would take messages from the bridge that runs.
      if (filter.startsWith('$share/')) continue;
      const problem = await subscribe(client, filter, qos, asked);
      if (problem === undefined) granted.push(filter);
      else refused.push(problem);
    }
    return { granted, refused, ...readTls(client) };
  } finally {
    client.end(true);
  }
}

/** Undefined once the broker has let us in; what it or the network said where not. */
function connected(client: MqttClient): Promise<{ readonly error: unknown } | undefined> {
  return new Promise((resolve) => {
    client.once('connect', () => resolve(undefined));
    client.on('error', (error) => resolve({ error }));
    client.once('disconnect', (packet) => resolve({ error: packet }));
    client.once('close', () => resolve({ error: new Error('it closed the connection') }));
  });
}

async function subscribe(
  client: MqttClient,
  filter: string,
  qos: 0 | 1 | 2,
  broker: Parameters<typeof describeSuback>[0],
): Promise<string | undefined> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('no answer to the subscription')), TIMEOUT_MS).unref();
  });
  try {
    // rh 2: no retained messages (MQTT 5).
    const grants = await Promise.race([client.subscribeAsync(filter, { qos, rh: 2 }), late]);
    const [grant] = grants;
    if (grant === undefined || grant.qos >= qos) return undefined;
    return `the broker grants only QoS ${grant.qos} for ${filter}, ${qos} was asked for`;
  } catch (error) {
    return `${describeSuback(broker, error)} (${filter})`;
  }
}

function readTls(client: MqttClient): Pick<BrokerAnswer, 'tls'> {
  const { stream } = client;
  if (!(stream instanceof TLSSocket)) return {};
  const { valid_to: validTo } = stream.getPeerCertificate();
  return { tls: { version: stream.getProtocol() ?? 'TLS', validTo: new Date(validTo) } };
}
