import { parseArgs } from 'node:util';

import { brokerUrl, positiveNumber, topicLevel, UsageError, wholeNumber } from './usage.ts';

/** What a fleet process is asked to do. */
export interface FleetOptions {
  readonly broker: string;
  readonly log: string;
  readonly task:
    | {
        readonly kind: 'once' | 'live';
        /** After the scenario the devices go on speaking until SIGTERM: silence is a fault. */
        readonly linger: boolean;
        readonly seed: number;
        readonly devices: number;
        readonly faults: number;
      }
    | {
        readonly kind: 'recording';
        readonly file: string;
        readonly device: string;
        readonly metric: string;
        readonly speed?: number;
      };
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
    const speed = positiveNumber('--speed', values.speed);
    return {
      ...common,
      task: {
        kind: 'recording',
        file: values.recording,
        device: topicLevel('--device', values.device ?? 'recording-001'),
        metric: topicLevel('--metric', values.metric ?? 'value'),
        ...(speed === undefined ? {} : { speed }),
      },
    };
  }
  const kind = values.scenario ?? 'once';
  if (kind !== 'once' && kind !== 'live') {
    throw new UsageError(`--scenario ${kind}: expected once or live`);
  }
  const devices = wholeNumber('--devices', values.devices, 12, 2, 2000);
  const faults = wholeNumber('--faults', values.faults, Math.min(6, devices - 1), 0, devices - 1);
  const seed = wholeNumber('--seed', values.seed, 1, 0, 2 ** 32 - 1);
  return { ...common, task: { kind, linger: values.linger === true, seed, devices, faults } };
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
