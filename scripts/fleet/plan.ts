import { deviceTypes } from './deviceTypes.ts';
import type { DeviceType } from './deviceTypes.ts';
import type { Fault } from './faults.ts';
import { faultKinds, SHORTEST_FAULT_MS } from './faults.ts';
import type { Random } from './random.ts';

export interface PlannedDevice {
  readonly key: string;
  readonly type: DeviceType;
}

/** A burst of healthy messages from one device; it must not lead to any Case. */
export interface Storm {
  readonly device: string;
  readonly from: number;
  readonly to: number;
  readonly messages: number;
}

/** What happens when; all times in milliseconds from the start of the scenario. */
export interface Plan {
  readonly faults: readonly Fault[];
  readonly storm: Storm;
  readonly endMs: number;
}

/** Everything is healthy this long first, so that silence has something to miss. */
const WARM_UP_MS = 4000;
/** Faults begin within this time of each other; more would only lengthen the run. */
const SPREAD_MS = 6000;
/** After the last fault devices are healthy this long: episodes clear after 2 s of it. */
const TAIL_MS = 3000;
/** 1,200 messages in 2 s: 600 a second where the device's normal rate is 2. */
const STORM_MESSAGES = 1200;
const STORM_MS = 2000;
/**
 * The storm begins when every fault has been noticed (silence after 8 s and a tick). On a slow
 * disk the storm keeps the bridge busy for half a minute; a silence that begins and ends within
 * that time cannot be seen.
 */
const STORM_AFTER_MS = 10_500;

/** The devices of a fleet: types in turn, numbered per type (`pump-001`, `chiller-001`, …). */
export function listDevices(count: number): PlannedDevice[] {
  const total = new Map<string, number>();
  return Array.from({ length: count }, (_, index) => {
    const type = deviceTypes[index % deviceTypes.length] ?? deviceTypes[0];
    const number = (total.get(type.name) ?? 0) + 1;
    total.set(type.name, number);
    return { key: `${type.name}-${String(number).padStart(3, '0')}`, type };
  });
}

/**
 * The scenario of a seed: `faultCount` faults on as many different devices, every kind at
 * least once when there are four or more, and one storm on a device that stays healthy.
 *
 * @throws RangeError when no device would be left for the storm
 */
export function makePlan(
  devices: readonly PlannedDevice[],
  faultCount: number,
  random: Random,
): Plan {
  const order = random.shuffle(devices);
  const healthy = order[faultCount];
  if (healthy === undefined) {
    throw new RangeError(
      `${faultCount} faults need at least ${faultCount + 1} devices (one stays healthy for the ` +
        `message storm), but there are ${devices.length}`,
    );
  }
  const firstKinds = random.shuffle(faultKinds);
  const faults = order.slice(0, faultCount).map(({ key }, index): Fault => {
    const from = WARM_UP_MS + random.integer(0, SPREAD_MS);
    return {
      device: key,
      kind: firstKinds[index] ?? faultKinds[random.integer(0, 3)] ?? 'leak',
      from,
      to: from + SHORTEST_FAULT_MS + random.integer(1000, 4000),
    };
  });
  const lastStart = Math.max(WARM_UP_MS, ...faults.map((fault) => fault.from));
  const stormFrom = lastStart + STORM_AFTER_MS + random.integer(0, 1000);
  const storm: Storm = {
    device: healthy.key,
    from: stormFrom,
    to: stormFrom + STORM_MS,
    messages: STORM_MESSAGES,
  };
  const lastEnd = Math.max(storm.to, ...faults.map((fault) => fault.to));
  return { faults, storm, endMs: lastEnd + TAIL_MS };
}
