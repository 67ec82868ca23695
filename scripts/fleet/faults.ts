/** What can go wrong with a machine of the fleet. */
export const faultKinds = ['bearing-wear', 'leak', 'stuck', 'silence'] as const;
export type FaultKind = (typeof faultKinds)[number];

export const isFaultKind = (text: string): text is FaultKind =>
  faultKinds.some((kind) => kind === text);

/**
 * Shortest fault that every starter policy is sure to notice, with room for a slow machine:
 * silence needs 8 s without a message and is judged once a second; a stuck sensor needs
 * 8 equal readings (4 s) held for 2 s.
 */
export const SHORTEST_FAULT_MS = 14_000;

/** Vibration climbs to about 13 mm/s: past 7.1 (open) and 11 (escalate), back below 4.5. */
const BEARING_WEAR_RISE = 10.5;
/** A worn bearing warms the machine a little; nothing like a fault of its own. */
const BEARING_WEAR_HEAT = 1.5;
/** Pressure falls to 40 %: pump 2.0, chiller 2.8, compressor 4.0 bar, a third below each limit. */
const LEAK_LOSS = 0.6;
/** Side effects of a leak as a share of the healthy value, small on purpose. */
const LEAK_SIDE_EFFECTS: Readonly<Record<string, number>> = {
  flow: -0.06,
  power: 0.03,
  current: 0.04,
};

/** One fault of one device; times in milliseconds of the same clock. */
export interface Fault {
  readonly device: string;
  readonly kind: FaultKind;
  readonly from: number;
  readonly to: number;
}

/**
 * Time from nothing to full strength. Wear comes slowly: vibration passes 7.1 after 5 s, and
 * 11 only after 9 s, when the episode is already open, so that it is seen to escalate.
 */
const RISE_MS = {
  'bearing-wear': 11_000,
  leak: 4000,
  stuck: 1,
  silence: 1,
} as const satisfies Record<FaultKind, number>;
const FALL_MS = 3000;

/** How strong a fault is at `now`: rises, holds, fades in the last 3 s; 0 outside of its time. */
function strength(fault: Fault, now: number): number {
  const rise = (now - fault.from) / RISE_MS[fault.kind];
  const fall = (fault.to - now) / FALL_MS;
  return Math.max(0, Math.min(1, rise, fall));
}

/**
 * What the sensors show under a fault, or undefined when nothing is sent at all.
 *
 * @param frozen the readings at the moment the fault began; a stuck sensor repeats these
 */
export function underFault(
  fault: Fault,
  now: number,
  healthy: ReadonlyMap<string, number>,
  frozen: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> | undefined {
  const share = strength(fault, now);
  const shown = new Map(healthy);
  const change = (metric: string, by: (value: number) => number): void => {
    const value = shown.get(metric);
    if (value !== undefined) shown.set(metric, by(value));
  };
  switch (fault.kind) {
    case 'bearing-wear':
      change('vibration', (value) => value + BEARING_WEAR_RISE * share);
      change('temperature', (value) => value + BEARING_WEAR_HEAT * share);
      return shown;
    case 'leak':
      change('pressure', (value) => value * (1 - LEAK_LOSS * share));
      for (const [metric, effect] of Object.entries(LEAK_SIDE_EFFECTS)) {
        change(metric, (value) => value * (1 + effect * share));
      }
      return shown;
    case 'stuck':
      change('temperature', (value) => frozen.get('temperature') ?? value);
      return shown;
    case 'silence':
      return undefined;
  }
}
