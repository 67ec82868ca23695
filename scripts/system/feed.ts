import mqtt from 'mqtt';
import type { IClientOptions, MqttClient } from 'mqtt';

/** Sends messages to a broker as devices would; `send` resolves when the broker has acknowledged. */
export interface Feed extends AsyncDisposable {
  send(topic: string, payload: string | Buffer): Promise<void>;
  /** A healthy start, then vibration far above its limit for `seconds` of device time. */
  bearingWear(device: string, from: number, seconds: number): Promise<void>;
  /** Healthy vibration for `seconds` of device time. */
  health(device: string, from: number, seconds: number): Promise<void>;
}

const SECOND = 1000;

export async function connectFeed(url: string, options: IClientOptions = {}): Promise<Feed> {
  const client: MqttClient = await mqtt.connectAsync(url, { ...options, protocolVersion: 4 });
  const send = async (topic: string, payload: string | Buffer): Promise<void> => {
    await client.publishAsync(topic, payload, { qos: 1 });
  };
  const vibration = async (device: string, at: number, value: number): Promise<void> => {
    const payload = { ts: new Date(at).toISOString(), metrics: { vibration: value } };
    await send(`plant/pump/${device}/telemetry`, JSON.stringify(payload));
  };
  const run = async (device: string, from: number, seconds: number, level: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await vibration(device, from + second * SECOND, level + 0.01 * (second % 7));
    }
  };
  return {
    send,
    health: (device, from, seconds) => run(device, from, seconds, 2.4),
    bearingWear: async (device, from, seconds) => {
      await run(device, from - 5 * SECOND, 5, 2.4);
      await run(device, from, seconds, 8.5);
    },
    [Symbol.asyncDispose]: () => client.endAsync(),
  };
}
