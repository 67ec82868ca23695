import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stringify } from 'yaml';

import type { Contender, Surroundings } from './contender.ts';

/** The same limit and hysteresis as the others have, at once: one reading beyond the limit is a fault. */
const policies = [
  {
    key: 'pump-vibration-high',
    name: 'Pump vibration too high',
    version: 1,
    match: { deviceType: 'pump', metric: 'vibration' },
    signalType: 'fault.vibration-high',
    severity: 'High',
    detector: { kind: 'threshold', direction: 'above', limit: 7.1, clear: 4.5 },
    openAfter: '0s',
    clearAfter: '0s',
    updateEvery: '15m',
  },
];

/** The bridge with a configuration as the example shows it. */
export async function makeOurs({
  world,
  state,
  brokerUrl,
  folder,
}: Surroundings): Promise<Contender> {
  const policiesFile = join(folder, 'policies.yaml');
  await writeFile(policiesFile, stringify(policies));
  const config = { ...world.bridgeConfig(brokerUrl, state), policiesFile };
  return { name: 'ours', start: () => world.startBridge(config) };
}
