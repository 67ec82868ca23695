import { makeRandom } from '../../../bridge/src/core/fixtures/random.ts';
import * as plan from './plan.ts';
import type { Fault, Metric } from './plan.ts';
import { HOUR, STEP } from './times.ts';

/** One message of a device, as it is meant to be. */
export interface Message {
  /** No two messages have the same, but for repeats of one. */
  readonly id: number;
  readonly topic: string;
  readonly payload: string;
  /** Why it belongs into quarantine; absent: it is a reading. */
  readonly kind?: string;
}

/** Writes the messages of the day. */
export interface Telemetry {
  /** Those that are sent at this hour, in order. */
  at(hour: number): readonly Message[];
  /** Of `FORGETFUL`: far too high, and older than what was heard. */
  old(): readonly Message[];
  /** Messages that nobody can read, of each kind some. */
  garbage(hour: number): readonly Message[];
}

const HEALTHY: Readonly<Record<Metric, number>> = { vibration: 2.4, pressure: 5, temperature: 55 };
/** Deviation of a healthy value; the limits are far away. */
const NOISE: Readonly<Record<Metric, number>> = { vibration: 0.15, pressure: 0.1, temperature: 2 };
const METRICS = ['vibration', 'pressure', 'temperature'] as const;
const YESTERDAY = -17;

export const keyOf = (device: Fault['device']): string =>
  typeof device === 'string' ? device : `pump-${String(device).padStart(4, '0')}`;

/** When a device measures at this hour: each has a moment of its own within the minute before. */
export function measuredAt(start: number, device: Fault['device'], hour: number): number {
  const own = typeof device === 'string' ? 7 : (device * 37) % 600;
  return start + hour * HOUR - own * 100;
}

export function makeTelemetry(start: number, seed: number): Telemetry {
  const random = makeRandom(seed);
  let lastId = 0;
  const faults = Map.groupBy(plan.FAULTS, ({ device }) => device);

  function reading(device: Fault['device'], hour: number, others = {}): Message {
    lastId += 1;
    const metrics = Object.fromEntries(
      METRICS.map((metric) => [metric, HEALTHY[metric] + NOISE[metric] * random.normal()]),
    );
    for (const { metric, from, to, value, worseAt = to } of faults.get(device) ?? []) {
      if (hour >= from && hour < to) metrics[metric] = hour >= worseAt ? plan.CRITICAL : value;
    }
    const ts = new Date(measuredAt(start, device, hour)).toISOString();
    const payload = JSON.stringify({ n: lastId, ts, metrics: { ...metrics, ...others } });
    return { id: lastId, topic: `plant/pump/${keyOf(device)}/telemetry`, payload };
  }

  return {
    at(hour) {
      const everybody = [
        ...Array.from({ length: plan.DEVICES }, (_, device) => device),
        ...Object.values(plan.UNKNOWN),
      ];
      return everybody.flatMap((device) =>
        hoursSent(device, hour).map((at) => reading(device, at)),
      );
    },
    old: () =>
      plan.FORGETFUL.map((device) => reading(device, plan.AT.lateData - 3, { vibration: 20 })),
    garbage(hour) {
      const message = (kind: string, write: (id: number, ts: string) => string): Message => {
        lastId += 1;
        const ts = new Date(start + hour * HOUR).toISOString();
        const topic = `plant/pump/${keyOf(lastId % plan.DEVICES)}/telemetry`;
        return { id: lastId, topic, payload: write(lastId, ts), kind };
      };
      const whole = (id: number, ts: string, rest: object = {}): string =>
        JSON.stringify({ n: id, ts, metrics: { vibration: 2 }, ...rest });
      const later = (hours: number): string =>
        new Date(start + (hour + hours) * HOUR).toISOString();
      return Array.from({ length: 8 }, () => [
        message('malformed', (id, ts) => whole(id, ts).slice(0, -4)),
        message('missing-field', (id) => JSON.stringify({ n: id, metrics: { vibration: 2 } })),
        message('missing-field', (id, ts) => whole(id, ts, { metrics: undefined })),
        message('wrong-type', (id, ts) => whole(id, ts, { metrics: { vibration: 'high' } })),
        message('out-of-range', (id, ts) => whole(id, ts, { metrics: { temperature: 4_000 } })),
        message('clock-skew', (id) => whole(id, later(1))),
        message('clock-skew', (id) => whole(id, later(-8 * 24))),
        message('too-large', (id, ts) => whole(id, ts, { padding: 'x'.repeat(70_000) })),
      ]).flat();
    },
  };
}

/** Of which hours a device sends readings at this hour. */
function hoursSent(device: Fault['device'], hour: number): readonly number[] {
  if (typeof device === 'string') return [hour];
  const { devices, from, to } = plan.OFFLINE;
  if (plan.LOGGERS.includes(device)) {
    return hour === plan.AT.lateData ? hoursBetween(YESTERDAY, hour) : [];
  }
  if (!devices.some((one) => one === device) || hour < from || hour > to) return [hour];
  return hour === to ? hoursBetween(from, to) : [];
}

/** Both included. */
const hoursBetween = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.round((to - from) / STEP) + 1 }, (_, index) => from + index * STEP);
