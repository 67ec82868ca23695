import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

import type { Places } from './contestant.ts';

/**
 * A detector of each kind, each on a metric of its own, and silence on the device; limits and times like those of the starter
 * policies. Only the vibration ever goes beyond its limit: the others judge every value and have nothing to say, so
 * that what must arrive can be counted.
 */
const policies = [
  {
    ...about('vibration', 'High'),
    signalType: 'fault.vibration-high',
    detector: {
      kind: 'threshold',
      direction: 'above',
      limit: 7.1,
      clear: 4.5,
      escalate: { limit: 11, severity: 'Critical' },
    },
  },
  {
    ...about('pressure', 'Medium'),
    signalType: 'anomaly.range',
    // Learns fast, so that it judges while it is measured; noise never goes one range beyond its range.
    detector: { kind: 'range-novelty', learn: 30, margin: 1 },
  },
  {
    ...about('temperature', 'Medium'),
    signalType: 'fault.sensor-stuck',
    detector: { kind: 'stuck', repeats: 8 },
  },
  {
    ...about('flow', 'Low'),
    signalType: 'anomaly.shift',
    detector: { kind: 'level-shift', learn: 30, factor: 10 },
  },
  {
    ...about(undefined, 'Medium'),
    signalType: 'connectivity.silent',
    // Longer than any pause between two parts of a benchmark.
    detector: { kind: 'silence', after: '1h' },
  },
];

function about(metric: string | undefined, severity: string) {
  return {
    key: `pump-${metric ?? 'silent'}`,
    name: `Pump ${metric ?? 'silent'}`,
    match: { deviceType: 'pump', ...(metric !== undefined && { metric }) },
    severity,
    openAfter: '0s',
    clearAfter: '0s',
    updateEvery: '15m',
  };
}

export interface OursOptions {
  readonly charts: boolean;
}

/** Writes the configuration of the bridge into the folder and answers its path; the state goes to `data` beside it. */
export async function writeOursConfig(
  { url, org, folder }: Places,
  { charts }: OursOptions,
): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const config = {
    dataDir: 'data',
    http: { port: 0 },
    mqtt: { url, clientId: 'bench' },
    mappings: [
      {
        name: 'fleet',
        topic: 'plant/{deviceType}/{device}/telemetry',
        time: { path: 'ts', format: 'iso' },
        metrics: { path: 'metrics' },
        units: { vibration: 'mm/s', pressure: 'bar', temperature: '°C', flow: 'm3/h' },
      },
    ],
    policiesFile: 'policies.yaml',
    telemetry: { enabled: charts },
    salesforce: {
      loginUrl: org.loginUrl,
      clientId: 'bench',
      username: 'bridge@example.com',
      privateKeyFile: 'org.key',
      pubsub: { endpoint: org.endpoint, caFile: org.caFile },
      // As often as it can be asked: the end of an episode waits for the receipt of its beginning.
      receipts: { every: '200ms' },
      // A benchmark publishes in a minute what an org takes in weeks.
      budget: { signalRowsPerDay: { limit: 1_000_000_000 } },
    },
  };
  const file = join(folder, 'bridge.yaml');
  await writeFile(join(folder, 'org.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(join(folder, 'policies.yaml'), stringify(policies));
  await writeFile(file, stringify(config));
  return file;
}
