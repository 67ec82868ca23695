import { setTimeout as sleep } from 'node:timers/promises';

import mqtt from 'mqtt';

/** Publishes with QoS 1 and knows what the broker has acknowledged. */
export interface Publisher extends AsyncDisposable {
  /**
   * Sends one message; waits first while `window` messages are unacknowledged.
   * `onAcknowledged` is called once, when the broker has taken the message over.
   */
  send(topic: string, payload: string, onAcknowledged: () => void): Promise<void>;
  /** Waits until all is acknowledged, at most `timeoutMs`; returns how many are not. */
  settle(timeoutMs: number): Promise<number>;
  acknowledged(): number;
}

/** A broker that does not answer within this time is reported, not waited for. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connects with MQTT 3.1.1, which every broker speaks. After a lost connection what was not
 * acknowledged is sent again, so the broker may see a message twice, never not at all.
 *
 * @param window unacknowledged messages at a time, at least 1
 * @throws Error in plain words when the broker cannot be reached or refuses
 */
export async function connectPublisher(url: string, window: number): Promise<Publisher> {
  const client = mqtt.connect(url, {
    protocolVersion: 4,
    clientId: `fleet-${process.pid}-${Math.random().toString(36).slice(2, 8)}`,
    clean: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 500,
  });
  await firstConnection(client, url);
  // Later failures are repaired by reconnecting; without a listener they would end the process.
  client.on('error', (error) => console.error(`fleet: broker connection: ${error.message}`));

  let inFlight = 0;
  let acknowledged = 0;
  let wake: (() => void) | undefined;

  return {
    send: async (topic, payload, onAcknowledged) => {
      while (inFlight >= window) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      inFlight += 1;
      client.publish(topic, payload, { qos: 1 }, (error) => {
        inFlight -= 1;
        if (error === undefined || error === null) {
          acknowledged += 1;
          onAcknowledged();
        } else {
          console.error(`fleet: a message to ${topic} was not acknowledged: ${error.message}`);
        }
        wake?.();
        wake = undefined;
      });
    },
    settle: async (timeoutMs) => {
      for (let waited = 0; inFlight > 0 && waited < timeoutMs; waited += 20) await sleep(20);
      return inFlight;
    },
    acknowledged: () => acknowledged,
    [Symbol.asyncDispose]: () => client.endAsync(inFlight > 0),
  };
}

async function firstConnection(client: mqtt.MqttClient, url: string): Promise<void> {
  let lastError = 'no answer';
  const outcome = await new Promise<'connected' | 'failed'>((resolve) => {
    const timer = setTimeout(() => resolve('failed'), CONNECT_TIMEOUT_MS);
    client.once('connect', () => {
      clearTimeout(timer);
      resolve('connected');
    });
    client.on('error', (error: Error & { code?: number | string }) => {
      lastError = error.message === '' ? String(error.code ?? 'no answer') : error.message;
      // A refusal (wrong password, protocol) stays one; an absent broker may still come up.
      if (typeof error.code === 'number') {
        clearTimeout(timer);
        resolve('failed');
      }
    });
  });
  if (outcome === 'connected') {
    client.removeAllListeners('error');
    return;
  }
  await client.endAsync(true);
  throw new Error(
    `cannot connect to the MQTT broker at ${withoutPassword(url)}: ${lastError}. ` +
      `Check that it runs, and the address, user and password in the URL.`,
  );
}

/** A URL that can be shown: its password is replaced. */
export function withoutPassword(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.password === '') return url;
  parsed.password = '***';
  return parsed.href;
}
