import { stringify } from 'yaml';

export interface BridgePlaces {
  /** May carry user and password; they leave the URL here. */
  readonly brokerUrl: string;
  /** Names the bridge's session at the broker; another for each run. */
  readonly mqttClientId: string;
  readonly dataDir: string;
  readonly policiesFile: string;
  readonly instanceUrl: string;
  readonly pubsubEndpoint: string;
  readonly pubsubCaFile: string;
  readonly clientId: string;
  readonly username: string;
  readonly privateKeyFile: string;
  /** After this long a published event that the org does not know is published again. */
  readonly missingAfterSeconds: number;
}

/** The environment variable that carries the broker's password to the bridge. */
export const PASSWORD_VARIABLE = 'DEMO_MQTT_PASSWORD';

/** The configuration file of the demo's bridge and what its environment must hold. */
export function makeBridgeConfig(places: BridgePlaces): {
  readonly yaml: string;
  readonly env: Readonly<Record<string, string>>;
} {
  const broker = new URL(places.brokerUrl);
  const username = decodeURIComponent(broker.username);
  const password = decodeURIComponent(broker.password);
  const common = {
    qos: 1,
    time: { path: 'ts', format: 'iso' },
    metrics: { path: 'metrics' },
  };
  const config = {
    dataDir: places.dataDir,
    http: { host: '127.0.0.1', port: 0 },
    mqtt: {
      url: `${broker.protocol}//${broker.host}`,
      // 3.1.1: the embedded broker speaks nothing newer.
      protocolVersion: 4,
      clientId: places.mqttClientId,
      ...(username === '' ? {} : { username }),
      ...(password === '' ? {} : { password: `\${${PASSWORD_VARIABLE}}` }),
    },
    mappings: [
      {
        name: 'fleet',
        topic: 'plant/{deviceType}/{device}/telemetry',
        ...common,
        units: {
          vibration: 'mm/s',
          pressure: 'bar',
          temperature: '°C',
          flow: 'm3/h',
          power: 'kW',
          current: 'A',
        },
      },
      {
        name: 'recordings',
        topic: 'recordings/{device}/telemetry',
        ...common,
        recorded: true,
      },
    ],
    policiesFile: places.policiesFile,
    salesforce: {
      loginUrl: places.instanceUrl,
      clientId: places.clientId,
      username: places.username,
      privateKeyFile: places.privateKeyFile,
      pubsub: { endpoint: places.pubsubEndpoint, caFile: places.pubsubCaFile },
      receipts: { every: '500ms', missingAfter: `${places.missingAfterSeconds}s` },
    },
  };
  return {
    yaml: stringify(config),
    env: password === '' ? {} : { [PASSWORD_VARIABLE]: password },
  };
}
