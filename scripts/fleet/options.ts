import { parseArgs } from 'node:util';

import type { Playback, Scenario } from './tasks.ts';
import { parsePlayback, parseScenario } from './tasks.ts';
import { brokerUrl, UsageError } from './usage.ts';

/** What a fleet process is asked to do. */
export interface FleetOptions {
  readonly broker: string;
  readonly log: string;
  readonly task:
    | (Scenario & {
        readonly kind: 'once' | 'live';
        /** After the scenario the devices go on speaking until SIGTERM: silence is a fault. */
        readonly linger: boolean;
      })
    | (Playback & { readonly kind: 'recording' });
}

export const fleetUsage = `node scripts/fleet/main.ts --broker URL --log FILE.ndjson
  [--scenario once|live] [--linger] [--seed N] [--devices M] [--faults K]
  [--recording FILE.csv --device KEY --metric NAME [--speed N]]`;

/** @throws UsageError naming the option, the value and what is allowed */
export function parseFleetOptions(args: readonly string[]): FleetOptions {
  const values = readArguments(args);
  if (values.broker === undefined) throw new UsageError('--broker URL is missing');
  if (values.log === undefined) throw new UsageError('--log FILE is missing');
  const common = { broker: brokerUrl('--broker', values.broker), log: values.log };
  if (values.recording !== undefined) {
    const playback = parsePlayback(values.recording, values, 'recording-001');
    return { ...common, task: { kind: 'recording', ...playback } };
  }
  const kind = values.scenario ?? 'once';
  if (kind !== 'once' && kind !== 'live') {
    throw new UsageError(`--scenario ${kind}: expected once or live`);
  }
  const linger = values.linger === true;
  return { ...common, task: { kind, linger, ...parseScenario(values) } };
}

function readArguments(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        broker: text,
        log: text,
        scenario: text,
        linger: { type: 'boolean' },
        seed: text,
        devices: text,
        faults: text,
        recording: text,
        device: text,
        metric: text,
        speed: text,
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
