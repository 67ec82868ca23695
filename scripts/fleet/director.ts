import type { Fault, FaultKind } from './faults.ts';
import { faultKinds, SHORTEST_FAULT_MS } from './faults.ts';
import type { Plan, Storm } from './plan.ts';
import type { Random } from './random.ts';

/** Decides what goes wrong when; times in milliseconds since the epoch. */
export interface Director {
  /** Lets time pass and returns what began since the last call. */
  advance(now: number): readonly Incident[];
  faultOf(device: string, now: number): Fault | undefined;
  stormAt(now: number): Storm | undefined;
  /** Everything that was planned has happened. */
  isDone(now: number): boolean;
}

export type Incident =
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'storm'; readonly storm: Storm };

const isActive = (span: { from: number; to: number }, now: number): boolean =>
  span.from <= now && now < span.to;

/** Plays a plan once, from `startedAt` on. */
export function playPlan(plan: Plan, startedAt: number): Director {
  const shift = <T extends { from: number; to: number }>(span: T): T => ({
    ...span,
    from: span.from + startedAt,
    to: span.to + startedAt,
  });
  const faults = plan.faults.map(shift);
  const storm = shift(plan.storm);
  let waiting: Incident[] = [
    ...faults.map((fault): Incident => ({ kind: 'fault', fault })),
    { kind: 'storm', storm },
  ];
  const startOf = (incident: Incident): number =>
    incident.kind === 'fault' ? incident.fault.from : incident.storm.from;

  return {
    advance: (now) => {
      const begun = waiting.filter((incident) => startOf(incident) <= now);
      waiting = waiting.filter((incident) => startOf(incident) > now);
      return begun;
    },
    faultOf: (device, now) =>
      faults.find((fault) => fault.device === device && isActive(fault, now)),
    // A storm that has begun is sent in full, also when the machine was too busy to keep up.
    stormAt: (now) => (storm.from <= now ? storm : undefined),
    isDone: (now) => now >= startedAt + plan.endMs,
  };
}

/** Time between two faults of a live fleet; each fault lasts 14 to 30 s. */
const FAULT_EVERY_MS = { low: 8_000, high: 20_000 };
/** Time between two message storms of a live fleet. */
const STORM_EVERY_MS = { low: 60_000, high: 150_000 };
/** A device is healthy this long before its next fault, so that every fault is its own episode. */
const REST_MS = 20_000;

/**
 * Faults at random for ever, on at most a quarter of the devices at a time; more by `inject`,
 * which takes a device key or `any` and answers with a line for a person.
 */
export function improvise(
  devices: readonly string[],
  startedAt: number,
  random: Random,
): Director & { inject(kind: FaultKind, device: string, seconds: number, now: number): string } {
  const latest = new Map<string, Fault>();
  const atOnce = Math.max(1, Math.floor(devices.length / 4));
  let nextFaultAt = startedAt + 6_000;
  let nextStormAt = startedAt + 30_000;
  let storm: Storm | undefined;
  let news: Incident[] = [];

  const begin = (fault: Fault): void => {
    latest.set(fault.device, fault);
    news.push({ kind: 'fault', fault });
  };
  const isRested = (device: string, now: number): boolean => {
    const fault = latest.get(device);
    return (fault === undefined || fault.to + REST_MS <= now) && storm?.device !== device;
  };
  const pick = (now: number): string | undefined =>
    random.shuffle(devices.filter((device) => isRested(device, now)))[0];

  return {
    advance: (now) => {
      if (storm !== undefined && storm.to <= now) storm = undefined;
      const active = [...latest.values()].filter((fault) => isActive(fault, now)).length;
      if (now >= nextFaultAt && active < atOnce) {
        const device = pick(now);
        const kind = faultKinds[random.integer(0, faultKinds.length - 1)];
        const lastsMs = SHORTEST_FAULT_MS + random.integer(0, 16_000);
        if (device !== undefined && kind !== undefined) {
          begin({ device, kind, from: now, to: now + lastsMs });
        }
        nextFaultAt = now + random.integer(FAULT_EVERY_MS.low, FAULT_EVERY_MS.high);
      }
      if (now >= nextStormAt) {
        const device = pick(now);
        if (device !== undefined) {
          storm = { device, from: now, to: now + 2_000, messages: 1_200 };
          news.push({ kind: 'storm', storm });
        }
        nextStormAt = now + random.integer(STORM_EVERY_MS.low, STORM_EVERY_MS.high);
      }
      const begun = news;
      news = [];
      return begun;
    },
    faultOf: (device, now) => {
      const fault = latest.get(device);
      return fault !== undefined && isActive(fault, now) ? fault : undefined;
    },
    stormAt: () => storm,
    isDone: () => false,
    inject: (kind, device, seconds, now) => {
      const target = device === 'any' ? pick(now) : device;
      if (target === undefined) return 'every device has or has just had a fault; try again soon';
      if (!devices.includes(target)) return `no device ${device}; known: ${devices.join(', ')}`;
      const running = latest.get(target);
      if (running !== undefined && isActive(running, now)) {
        return `${target} already has ${running.kind} until ${new Date(running.to).toISOString()}`;
      }
      const fault = { device: target, kind, from: now, to: now + seconds * 1000 };
      begin(fault);
      return `${kind} on ${target} until ${new Date(fault.to).toISOString()}`;
    },
  };
}
