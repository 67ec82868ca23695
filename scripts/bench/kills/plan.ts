import type { Random } from '../../fleet/random.ts';

/** What the injector breaks: each kind is one policy's business, and no two of them meet on a device. */
export const FAULTS = ['bearing-wear', 'leak'] as const;
export type FaultKind = (typeof FAULTS)[number];

/** Policies that see these faults, and two that must see nothing: outages are no device's silence. */
export const POLICIES = [
  'pump-vibration-high',
  'pump-pressure-low',
  'pump-temperature-stuck',
  'pump-silent',
];

export const deviceKey = (index: number): string => `pump-${String(index + 1).padStart(4, '0')}`;
export const topicOf = (device: string): string => `plant/pump/${device}/telemetry`;

export interface NumberedMessage {
  readonly sequence: number;
  readonly payload: string;
}

/**
 * A pump's message, healthy but for the fault. Values move within what no policy minds; the number goes through
 * everything, so that each message can be found again by anyone.
 *
 * @param at milliseconds since 1970; or a text that is no time, for a message that belongs into quarantine
 */
export function messageOf(
  sequence: number,
  at: number | string,
  fault: FaultKind | undefined,
  random: Random,
): NumberedMessage {
  const near = (value: number, spread: number): number =>
    Number((value + spread * random.normal()).toFixed(3));
  const metrics = {
    vibration: fault === 'bearing-wear' ? near(9, 0.1) : near(2.4, 0.1),
    pressure: fault === 'leak' ? near(2, 0.1) : near(5.2, 0.1),
    temperature: near(61, 0.5),
  };
  const ts = typeof at === 'number' ? new Date(at).toISOString() : at;
  return { sequence, payload: JSON.stringify({ seq: sequence, ts, metrics }) };
}

/** The number in a payload, wherever it was found. */
export function sequenceOf(text: string): number | undefined {
  const digits = /"seq":(\d+)/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
