import mqtt from 'mqtt';

import type { Message } from './telemetry.ts';

/** A message the broker has acknowledged. */
export interface Sent extends Pick<Message, 'id' | 'kind'> {
  /** Milliseconds since 1970, when it was acknowledged. */
  readonly at: number;
}

/** Sends what devices say, and keeps a list of its own. */
export interface Sender extends AsyncDisposable {
  /** Resolves when the broker has acknowledged all of them; they arrive in this order. */
  send(messages: readonly Message[]): Promise<void>;
  /** In order; a message that was sent twice stands there twice. */
  readonly sent: readonly Sent[];
}

/** @param now the clock of the day */
export async function startSender(url: string, now: () => number): Promise<Sender> {
  const client = await mqtt.connectAsync(url, { protocolVersion: 4 });
  const sent: Sent[] = [];
  return {
    sent,
    async send(messages) {
      const publishing = messages.map(async ({ id, topic, payload, kind }) => {
        await client.publishAsync(topic, payload, { qos: 1 });
        sent.push({ id, at: now(), ...(kind !== undefined && { kind }) });
      });
      await Promise.all(publishing);
    },
    [Symbol.asyncDispose]: () => client.endAsync(),
  };
}
