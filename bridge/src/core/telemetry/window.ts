import type { DeviceKey, EpochMs } from '../../model/brand.ts';
import type { Reading } from '../../model/reading.ts';
import { addReading, clearReadings, deviceAt, makeReadings } from '../../model/readings.ts';
import type { ReadingKind, Readings } from '../../model/readings.ts';
import { makeKeyTable, MOST_KEYS } from '../state/keyTable.ts';
import { makeBucketPool } from './bucketPool.ts';
import { HOLD_MS } from './buckets.ts';
import {
  BYTES_PER_DEVICE,
  bytesAtFirst,
  freeHeld,
  makeHeld,
  settle,
  take as takeLater,
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
  /**
   * The same for the readings from `first` until before `end`, one after the other, in less time: their devices are looked up
   * together, as for detection (`foresight.ts`).
   */
  addAll(readings: Readings, first: number, end: number): void;
  /** A reading of the past, from the log: as `addAll`, but makes nobody leave. False: no room left. */
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
  const keys = makeKeyTable();
  /* By the index of the key. */
  const held: (Held | undefined)[] = [];
  const found = new Int32Array(MOST_KEYS);
  /* Rises whenever a device comes or goes: what was found before may be otherwise now. */
  let changes = 0;
  const alone = makeReadings();
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

  function forget(index: number, one: Held): void {
    keys.remove(index);
    held[index] = undefined;
    changes += 1;
    freeHeld(one);
    used -= one.bytes;
  }

  /** All that is here, with its index. */
  function* all(): Generator<readonly [index: number, one: Held]> {
    for (let index = 0; index < held.length; index += 1) {
      const one = held[index];
      if (one !== undefined) yield [index, one];
    }
  }

  /** Those silent longest leave, at most those last heard at `latest`, until `enough` is left over. */
  function evict(latest: number, enough: number): void {
    const byLastWord = [...all()].toSorted(([, a], [, b]) => a.heardAt - b.heardAt);
    for (const [index, one] of byLastWord) {
      if (used <= enough || one.heardAt > latest) break;
      if (one === growing) continue;
      forget(index, one);
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

  /** Room for the device of one of these readings, which is not here. */
  function admit(readings: Readings, at: number): Held | undefined {
    const { metrics } = readings.kinds[at] as ReadingKind;
    const receivedAt = readings.times[at * 2 + 1] as number;
    const bytes = bytesAtFirst(metrics);
    if (askedFor.size > 0 && askedFor.delete(deviceAt(readings, at)))
      evict(Infinity, maxBytes - bytes);
    else if (used > maxBytes * NEWCOMERS_SHARE) {
      if (vacated < bytes) lookForRoom(bytes, receivedAt);
      if (vacated < bytes) return undefined;
      vacated -= bytes;
    }
    if (used + bytes > maxBytes) return undefined;
    const one = makeHeld(pool, receivedAt);
    held[keys.add(deviceAt(readings, at))] = one;
    changes += 1;
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

  function heldOf(device: DeviceKey): Held | undefined {
    const index = keys.find(device);
    return index < 0 ? undefined : held[index];
  }

  /** @param known where it is held, if it is */
  function take(readings: Readings, at: number, known: Held | undefined): void {
    const receivedAt = readings.times[at * 2 + 1] as number;
    if ((readings.times[at * 2] as number) < receivedAt - HOLD_MS) return;
    mayEvict = true;
    growing = undefined;
    const one = known ?? admit(readings, at);
    if (one === undefined) return;
    if (one.heardAt < receivedAt) one.heardAt = receivedAt;
    growing = one;
    takeLater(one, readings, at, mayGrow);
  }

  return {
    add(reading) {
      clearReadings(alone);
      addReading(alone, reading);
      take(alone, 0, heldOf(reading.device));
    },
    addAll(readings, first, end) {
      for (let from = first; from < end; from += MOST_KEYS) {
        const until = Math.min(from + MOST_KEYS, end);
        const before = changes;
        keys.findAll(readings, from, until, found);
        for (let at = from; at < until; at += 1) {
          const index = found[at - from] as number;
          if (changes !== before) take(readings, at, heldOf(deviceAt(readings, at)));
          else take(readings, at, index < 0 ? undefined : held[index]);
        }
      }
    },
    fill(reading) {
      if (reading.at < reading.receivedAt - HOLD_MS) return true;
      mayEvict = false;
      complete = true;
      growing = undefined;
      clearReadings(alone);
      addReading(alone, reading);
      const one = heldOf(reading.device) ?? admit(alone, 0);
      growing = one;
      if (one === undefined) return false;
      if (one.heardAt < reading.receivedAt) one.heardAt = reading.receivedAt;
      takeNow(one, reading, mayGrow);
      return complete;
    },
    forgetSilent(now) {
      for (const [index, one] of all()) {
        if (one.heardAt <= now - HOLD_MS) forget(index, one);
      }
    },
    metrics(device) {
      const one = heldOf(device);
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
    devices: () => keys.size(),
    evicted: () => evicted,
  };
}
