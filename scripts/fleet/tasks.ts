import { positiveNumber, topicLevel, UsageError, wholeNumber } from './usage.ts';

/** Simulated devices and what goes wrong with them. */
export interface Scenario {
  readonly seed: number;
  readonly devices: number;
  readonly faults: number;
}

/** A recording, and the device and metric it is played as. */
export interface Playback {
  readonly file: string;
  readonly device: string;
  readonly metric: string;
  /** Times real time; absent: as fast as the broker acknowledges. */
  readonly speed?: number;
}

/** Options as they were typed; undefined where they were not. */
type Typed<Name extends string> = Readonly<Partial<Record<Name, string | undefined>>>;

const DEFAULT_DEVICES = 12;
const DEFAULT_FAULTS = 6;

/** @throws UsageError naming the option, the value and what is allowed */
export function parseScenario(values: Typed<'seed' | 'devices' | 'faults'>): Scenario {
  const devices = wholeNumber('--devices', values.devices, DEFAULT_DEVICES, 2, 2000);
  const most = devices - 1;
  const seed = wholeNumber('--seed', values.seed, 1, 0, 2 ** 32 - 1);
  try {
    const faults = wholeNumber('--faults', values.faults, Math.min(DEFAULT_FAULTS, most), 0, most);
    return { seed, devices, faults };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message}, fewer than the ${devices} devices`);
  }
}

/** @throws UsageError naming the option, the value and what is allowed */
export function parsePlayback(
  file: string,
  values: Typed<'device' | 'metric' | 'speed'>,
  usualDevice: string,
): Playback {
  const speed = positiveNumber('--speed', values.speed);
  return {
    file,
    device: topicLevel('--device', values.device ?? usualDevice),
    metric: topicLevel('--metric', values.metric ?? 'value'),
    ...(speed === undefined ? {} : { speed }),
  };
}
