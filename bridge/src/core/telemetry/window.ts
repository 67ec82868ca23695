import type { DeviceKey, EpochMs } from '../../model/brand.ts';
import type { Reading } from '../../model/reading.ts';
import { makeBucketPool } from './bucketPool.ts';
import { HOLD_MS } from './buckets.ts';
import {
  BYTES_PER_DEVICE,
  bytesAtFirst,
  freeHeld,
  makeHeld,
  settle,
  take,
  takeNow,
} from './held.ts';
import type { Held, HeldMetric } from './held.ts';

export type { HeldMetric } from './held.ts';

/**
 * The last hour of devices in memory, for the charts on the Asset page. Bounded. Devices that are
 * here keep their place while they speak, however many more there are: if every newcomer pushed
 * another out, nobody would have a chart. Room is made by devices that have been silent for ten
 * minutes, and for a device that somebody asks for. Nothing else depends on it.
 */
export interface TelemetryWindow {
  /** A reading as it comes; of its last hour only (by the time it was received). */
  add(reading: Reading): void;
  /** A reading of the past, from the log: as `add`, but makes nobody leave. False: no room left. */
  fill(reading: Reading): boolean;
  /** Forgets the devices that were last heard an hour ago or longer. */
  forgetSilent(now: EpochMs): void;
  /** The metrics held of a device, by name; none of one that is not here, whose next reading will be. */
  metrics(device: DeviceKey): readonly HeldMetric[];
  /** Memory in use, about. */
  bytes(): number;
  devices(): number;
  /** Devices that had to leave for want of memory, since the start. */
  evicted(): number;
}

/** Most devices speak more often; one that does not can still be asked for. */
const SILENT_MS = 600_000;
/** Beyond it newcomers wait for others to leave: those who are here need the rest to grow. */
const NEWCOMERS_SHARE = 0.5;
/** Freed at once beyond what is needed: sorting by last word costs the same for one or for many. */
const SPARE_SHARE = 0.05;
/** Where nobody could leave, looking again so soon would only cost: 10 ms for 30,000 devices. */
const LOOK_AGAIN_MS = 5_000;
/** People look at a few devices at a time. */
const MOST_ASKED_FOR = 200;

/** @param maxBytes all of it together, numbers and objects */
export function makeWindow(maxBytes: number): TelemetryWindow {
  const held = new Map<DeviceKey, Held>();
  const pool = makeBucketPool();
  const askedFor = new Set<DeviceKey>();
  let used = 0;
  let evicted = 0;
  let lookAgainAt = -Infinity;
  /* What silent devices left to newcomers. */
  let vacated = 0;
  /* Whose numbers are being taken in, whether others may leave for them, and whether all found room. */
  let growing: Held | undefined;
  let mayEvict = false;
  let complete = true;

  function forget(device: DeviceKey, one: Held): void {
    held.delete(device);
    freeHeld(one);
    used -= one.bytes;
  }

  /** Those silent longest leave, at most those last heard at `latest`, until `enough` is left over. */
  function evict(latest: number, enough: number): void {
    const byLastWord = [...held].toSorted(([, a], [, b]) => a.heardAt - b.heardAt);
    for (const [device, one] of byLastWord) {
      if (used <= enough || one.heardAt > latest) break;
      if (one === growing) continue;
      forget(device, one);
      evicted += 1;
    }
  }

  function makeRoom(bytes: number, now: number): boolean {
    if (used + bytes <= maxBytes) return true;
    if (!mayEvict || now < lookAgainAt) return false;
    evict(now - SILENT_MS, maxBytes - Math.max(bytes, maxBytes * SPARE_SHARE));
    if (used + bytes <= maxBytes) return true;
    lookAgainAt = now + LOOK_AGAIN_MS;
    return false;
  }

  /** Room for the first readings of a device that is not here. */
  function admit({ device, metrics, receivedAt }: Reading): Held | undefined {
    const bytes = bytesAtFirst(metrics);
    if (askedFor.size > 0 && askedFor.delete(device)) evict(Infinity, maxBytes - bytes);
    else if (used > maxBytes * NEWCOMERS_SHARE) {
      if (vacated < bytes) lookForRoom(bytes, receivedAt);
      if (vacated < bytes) return undefined;
      vacated -= bytes;
    }
    if (used + bytes > maxBytes) return undefined;
    const one = makeHeld(pool, receivedAt);
    held.set(device, one);
    used += BYTES_PER_DEVICE;
    return one;
  }

  function lookForRoom(bytes: number, now: number): void {
    if (!mayEvict || now < lookAgainAt) return;
    const before = used;
    evict(now - SILENT_MS, used - Math.max(bytes, maxBytes * SPARE_SHARE));
    vacated += before - used;
    if (vacated < bytes) lookAgainAt = now + LOOK_AGAIN_MS;
  }

  function mayGrow(bytes: number): boolean {
    const allowed = growing !== undefined && makeRoom(bytes, growing.heardAt);
    if (allowed && growing !== undefined) {
      used += bytes;
      growing.bytes += bytes;
    }
    complete &&= allowed;
    return allowed;
  }

  function find(reading: Reading): Held | undefined {
    growing = undefined;
    const one = held.get(reading.device) ?? admit(reading);
    if (one !== undefined && one.heardAt < reading.receivedAt) one.heardAt = reading.receivedAt;
    growing = one;
    return one;
  }

  return {
    add(reading) {
      if (reading.at < reading.receivedAt - HOLD_MS) return;
      mayEvict = true;
      const one = find(reading);
      if (one !== undefined) take(one, reading, mayGrow);
    },
    fill(reading) {
      if (reading.at < reading.receivedAt - HOLD_MS) return true;
      mayEvict = false;
      complete = true;
      const one = find(reading);
      if (one === undefined) return false;
      takeNow(one, reading, mayGrow);
      return complete;
    },
    forgetSilent(now) {
      for (const [device, one] of held) {
        if (one.heardAt <= now - HOLD_MS) forget(device, one);
      }
    },
    metrics(device) {
      const one = held.get(device);
      if (one === undefined) {
        askedFor.add(device);
        const [first] = askedFor;
        // It may be one that says nothing any more.
        if (askedFor.size > MOST_ASKED_FOR && first !== undefined) askedFor.delete(first);
        return [];
      }
      mayEvict = true;
      growing = one;
      settle(one, mayGrow);
      return [...one.metrics.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    bytes: () => used,
    devices: () => held.size,
    evicted: () => evicted,
  };
}
