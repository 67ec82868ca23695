import type { DeviceKey, EpochMs } from '../../model/brand.ts';
import type { Reading } from '../../model/reading.ts';
import { addReading, firstBytes, HOLD_MS, makeBuckets } from './buckets.ts';
import type { Buckets } from './buckets.ts';

/** What is held of one metric of one device. */
export interface HeldMetric {
  readonly name: string;
  /** The unit of the newest reading that had one. */
  readonly unit: string | undefined;
  readonly buckets: Buckets;
}

/**
 * The last hour of every device in memory, for the charts on the Asset page. Bounded: when the
 * memory is used up, the devices not heard of longest make room. Nothing else depends on it.
 */
export interface TelemetryWindow {
  /** A reading as it comes; of its last hour only (by the time it was received). */
  add(reading: Reading): void;
  /** A reading of the past, from the log: as `add`, but makes nobody leave. False: no room left. */
  fill(reading: Reading): boolean;
  /** Forgets the devices that were last heard an hour ago or longer. */
  forgetSilent(now: EpochMs): void;
  /** The metrics held of a device, by name; none of one that was never heard. */
  metrics(device: DeviceKey): readonly HeldMetric[];
  /** Memory in use, about. */
  bytes(): number;
  devices(): number;
  /** Devices that had to leave for want of memory, since the start. */
  evicted(): number;
}

interface Held {
  heardAt: number;
  bytes: number;
  readonly metrics: Map<string, { name: string; unit: string | undefined; buckets: Buckets }>;
}

/**
 * What objects take beside the numbers. Measured on Node 24 with 20,000 devices of one and of four
 * metrics: 1.5 KB a series (six typed arrays, the object, the map entry), 0.35 KB a device.
 */
const BYTES_PER_SERIES = 1_500;
const BYTES_PER_DEVICE = 400;
/** One device that invents names must not fill the memory; the detectors draw the same line. */
const MOST_METRICS = 1_000;
/** Freed at once beyond what is needed: sorting by last word costs the same for one or for many. */
const SPARE_SHARE = 0.05;

/** @param maxBytes all of it together, numbers and objects */
export function makeWindow(maxBytes: number): TelemetryWindow {
  const held = new Map<DeviceKey, Held>();
  let used = 0;
  let evicted = 0;

  function forget(device: DeviceKey, { bytes }: Held): void {
    held.delete(device);
    used -= bytes;
  }

  /** Room for this many more bytes of `device`, at the cost of others where that is allowed. */
  function makeRoom(device: DeviceKey, bytes: number, mayEvict: boolean): boolean {
    if (used + bytes <= maxBytes) return true;
    if (!mayEvict) return false;
    const wanted = maxBytes - Math.max(bytes, maxBytes * SPARE_SHARE);
    const byLastWord = [...held].toSorted(([, a], [, b]) => a.heardAt - b.heardAt);
    for (const [key, one] of byLastWord) {
      if (used <= wanted) break;
      if (key === device) continue;
      forget(key, one);
      evicted += 1;
    }
    return used + bytes <= maxBytes;
  }

  function take(reading: Reading, mayEvict: boolean): boolean {
    const { device, at, receivedAt, metrics, values } = reading;
    if (at < receivedAt - HOLD_MS) return true;
    let one = held.get(device);
    if (one === undefined) {
      if (!makeRoom(device, BYTES_PER_DEVICE, mayEvict)) return false;
      one = { heardAt: receivedAt, bytes: BYTES_PER_DEVICE, metrics: new Map() };
      held.set(device, one);
      used += BYTES_PER_DEVICE;
    }
    one.heardAt = Math.max(one.heardAt, receivedAt);
    const owner = one;
    let complete = true;
    const mayGrow = (bytes: number): boolean => {
      const allowed = makeRoom(device, bytes, mayEvict);
      complete &&= allowed;
      if (allowed) {
        used += bytes;
        owner.bytes += bytes;
      }
      return allowed;
    };
    for (const [index, name] of metrics.names.entries()) {
      let metric = one.metrics.get(name);
      if (metric === undefined) {
        if (one.metrics.size >= MOST_METRICS) continue;
        if (!mayGrow(BYTES_PER_SERIES + firstBytes)) continue;
        metric = { name, unit: undefined, buckets: makeBuckets() };
        one.metrics.set(name, metric);
      }
      const isNewest = at >= metric.buckets.lastAt;
      if (isNewest || metric.unit === undefined) metric.unit = metrics.units[index] ?? metric.unit;
      addReading(metric.buckets, at, values[index] as number, mayGrow);
    }
    return complete;
  }

  return {
    add: (reading) => void take(reading, true),
    fill: (reading) => take(reading, false),
    forgetSilent(now) {
      for (const [device, one] of held) {
        if (one.heardAt <= now - HOLD_MS) forget(device, one);
      }
    },
    metrics: (device) =>
      [...(held.get(device)?.metrics.values() ?? [])].toSorted((a, b) =>
        a.name < b.name ? -1 : 1,
      ),
    bytes: () => used,
    devices: () => held.size,
    evicted: () => evicted,
  };
}
