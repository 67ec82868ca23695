import { makeRandom } from '../../../bridge/src/core/fixtures/random.ts';
import { STEP } from './times.ts';

/** What happens in the day, and when: hours since it began, in steps of a quarter of an hour. */

export const DEVICES = 1_000;
export const CUSTOMERS = 40;
export type Metric = 'vibration' | 'pressure' | 'temperature';

/** A device in trouble: readings from `from` on, before `to`, have this value. */
export interface Fault {
  /** Its number, 0 to DEVICES - 1; or of a device nobody knows. */
  readonly device: number | string;
  readonly metric: Metric;
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** From then on it is Critical. */
  readonly worseAt?: number;
}

/** Hours at which people and machines do something. */
export const AT = {
  sale: 3,
  swap: 5,
  lateData: 7,
  repeats: 8,
  cut: 8.5,
  orgDown: 9,
  orgUp: 10,
  short: 12,
  mapped: 15,
  policy: 15,
  badPolicy: 15.5,
  garbage: 16,
  restart: 18.5,
} as const;
export const END = 24;

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** The Assets of these devices are sold. */
export const SOLD = range(0, 20);
/** Each two of these change places. */
export const SWAPPED = range(20, 30);
/** They keep their readings and send them once a day, those of yesterday among them. */
export const LOGGERS = range(0, 5);
/** They have no network for a while and send what they kept, in order. */
export const OFFLINE = { devices: [20, 21], from: 3.5, to: AT.lateData } as const;
/** They find an old reading and send it though newer ones are there. */
export const FORGETFUL = range(900, 940);
/** Readings of these are sent twice: their acknowledgement came too late. */
export const REPEATING = range(500, 800);
/** The steward says where the first of these is; nobody says it of the second. */
export const UNKNOWN = { mapped: 'pump-x001', never: 'pump-x002' } as const;
/** In a hall the pressure falls while pumps elsewhere break. */
export const HALL = range(80, 280);
export const BROKEN = range(280, 290);

const VIBRATION = 8.5;
export const CRITICAL = 12;
const PRESSURE = 2;
/** Too hot before the policy is changed, and not after. */
export const WARM = 85;
const HOT = 99;
export const LIMITS = { before: 80, after: 95, clearBefore: 70, clearAfter: 90 } as const;

const vibration = (device: number, from: number, to: number, worseAt?: number): Fault => ({
  ...{ device, metric: 'vibration', from, to, value: VIBRATION },
  ...(worseAt !== undefined && { worseAt }),
});
const pressure = (device: number | string, from: number, to: number): Fault => ({
  ...{ device, metric: 'pressure', from, to, value: PRESSURE },
});
const temperature = (device: number, from: number, to: number, value: number): Fault => ({
  ...{ device, metric: 'temperature', from, to, value },
});

/** Faults of an ordinary day, anywhere, by chance. */
function everyday(seed: number): readonly Fault[] {
  const random = makeRandom(seed);
  return range(400, 460).map((device) => {
    const from = 1 + STEP * random.below(19 / STEP);
    const to = from + STEP * (2 + random.below(8));
    if (random.next() < 0.4) return pressure(device, from, to);
    return vibration(device, from, to, random.next() < 0.3 ? from + 2 * STEP : undefined);
  });
}

/** Any will do. */
const SEED = 7;

export const FAULTS: readonly Fault[] = [
  ...everyday(SEED),
  // Before the sale, across it, and after it.
  ...range(5, 10).map((device) => vibration(device, 1, 2)),
  ...range(10, 15).map((device) => pressure(device, 2.5, 4)),
  ...range(15, 20).map((device) => vibration(device, 6, 7)),
  // What was not sent before it was history: with the owner of yesterday, and of today.
  ...LOGGERS.map((device) => vibration(device, -10, -9)),
  ...LOGGERS.map((device) => pressure(device, 4, 5)),
  // Before the swap (two of these tell it hours later), across it, and after it.
  ...SWAPPED.map((device) => vibration(device, 3.75, 4.25)),
  ...range(22, 26).map((device) => pressure(device, 4.5, 6)),
  ...SWAPPED.map((device) => vibration(device, 8, 8.75)),
  // While the org is away: it begins and ends, begins, gets worse, ends.
  ...range(30, 50).map((device) => vibration(device, 9, 9.5)),
  ...range(50, 65).map((device) => vibration(device, 9, 12, 9.75)),
  ...range(65, 80).map((device) => pressure(device, 7.5, 9.25)),
  // More at once than may be told.
  ...HALL.map((device) => pressure(device, AT.short, AT.short + 1.5)),
  ...BROKEN.map((device) => ({ ...vibration(device, AT.short, 14), value: CRITICAL })),
  // Around the change of the policy.
  ...range(300, 306).map((device) => temperature(device, 11, 13, WARM)),
  ...range(306, 310).map((device) => temperature(device, 14, 18, WARM)),
  ...range(310, 320).map((device) => temperature(device, 16, 18, WARM)),
  ...range(320, 324).map((device) => temperature(device, 17, 19, HOT)),
  ...Object.values(UNKNOWN).map((device) => pressure(device, 11, 17)),
];
