import type { DeviceType } from './deviceTypes.ts';
import type { Fault } from './faults.ts';
import { underFault } from './faults.ts';
import { makeMachine } from './machine.ts';
import type { Random } from './random.ts';

/** One telemetry message, ready to be published. */
export interface Message {
  readonly device: string;
  readonly topic: string;
  /** ISO 8601 with milliseconds, UTC; strictly rising per device. */
  readonly ts: string;
  /** 1 for a device's first message, then rising by one per message sent. */
  readonly seq: number;
  readonly payload: string;
}

/** A device that speaks: a machine, its clock and its counter. */
export interface Device {
  readonly key: string;
  readonly type: string;
  /**
   * The message for `now` (milliseconds since the epoch), or undefined when the device is
   * silent. Call it in order of time.
   */
  speak(now: number, fault: Fault | undefined): Message | undefined;
}

/** Time between two messages of a device. */
export const DEVICE_PERIOD_MS = 500;

export function makeDevice(key: string, type: DeviceType, random: Random): Device {
  const machine = makeMachine(type, random);
  const topic = `plant/${type.name}/${key}/telemetry`;
  let seq = 0;
  let lastAt: number | undefined;
  let healthy = machine.measure(DEVICE_PERIOD_MS / 1000);
  let frozen: { readonly fault: Fault; readonly values: ReadonlyMap<string, number> } | undefined;

  return {
    key,
    type: type.name,
    speak: (now, fault) => {
      const at = lastAt === undefined ? now : Math.max(now, lastAt + 1);
      const passedMs = lastAt === undefined ? DEVICE_PERIOD_MS : at - lastAt;
      lastAt = at;
      if (fault !== undefined && frozen?.fault !== fault) frozen = { fault, values: healthy };
      healthy = machine.measure(passedMs / 1000);
      const shown =
        fault === undefined || frozen === undefined
          ? healthy
          : underFault(fault, at, healthy, frozen.values);
      if (shown === undefined) return undefined;
      seq += 1;
      const ts = new Date(at).toISOString();
      const metrics = Object.fromEntries([...shown].map(([name, value]) => [name, round(value)]));
      return { device: key, topic, ts, seq, payload: JSON.stringify({ ts, seq, metrics }) };
    },
  };
}

/** Three decimals: finer than any limit, coarse enough to read. */
const round = (value: number): number => Math.round(value * 1000) / 1000;
