import type { DeviceKey } from '../../model/brand.ts';
import { err, ok } from '../../model/result.ts';
import type { Aside, Attic } from '../../ports/attic.ts';
import type { StorageFailure } from '../../ports/log.ts';

/** What became of devices: put aside, or taken. */
export type Changes = ReadonlyMap<DeviceKey, Aside | undefined>;

/** Where devices are kept across starts, each for the sequences from which to which it is there. */
export interface AtticRows {
  get(device: DeviceKey): Aside | undefined;
  has(device: DeviceKey): boolean;
  due(listenedAt: number): readonly DeviceKey[];
  /** Devices that are there now. */
  count(): number;
  /** Ends the rows of these devices with `sequence`, and begins those of the devices that were put. */
  change(sequence: number, changes: Changes): Promise<void>;
  /** Drops rows that ended at or before it. */
  prune(oldest: number): Promise<void>;
  restore(sequence: number | undefined): void;
}

/**
 * Devices put aside between two states wait in memory, about 2 KB each: 20,000 of them are let go with a
 * snapshot, so a million have left after some 50.
 */
const MOST_WAITING = 20_000;

/** An attic whose changes wait in memory until they are written into `rows`. */
export function makeLayeredAttic(
  rows: AtticRows,
  toFailure: (error: unknown) => StorageFailure,
): Attic {
  let recent = new Map<DeviceKey, Aside | undefined>();
  let staged: Map<DeviceKey, Aside | undefined> | undefined;
  let sequence = 0;
  let size = rows.count();

  function find(device: DeviceKey): Aside | undefined {
    if (recent.has(device)) return recent.get(device);
    if (staged?.has(device) === true) return staged.get(device);
    return rows.get(device);
  }
  const isBelow = (device: DeviceKey): boolean =>
    staged?.has(device) === true ? staged.get(device) !== undefined : rows.has(device);

  return {
    take(device) {
      if (size === 0) return undefined;
      const aside = find(device);
      if (aside === undefined) return undefined;
      size -= 1;
      if (isBelow(device)) recent.set(device, undefined);
      else recent.delete(device);
      return aside;
    },
    put(device, aside) {
      if (find(device) === undefined) size += 1;
      recent.set(device, aside);
    },
    due(listenedAt) {
      if (size === 0) return [];
      const devices: DeviceKey[] = [];
      const note = (aside: Aside | undefined, device: DeviceKey): void => {
        if (aside !== undefined && aside.dueAt <= listenedAt) devices.push(device);
      };
      recent.forEach(note);
      staged?.forEach((aside, device) => {
        if (!recent.has(device)) note(aside, device);
      });
      for (const device of rows.due(listenedAt)) {
        if (!recent.has(device) && staged?.has(device) !== true) devices.push(device);
      }
      return devices;
    },
    get size() {
      return size;
    },
    get room() {
      return Math.max(MOST_WAITING - recent.size - (staged?.size ?? 0), 0);
    },
    stage(next) {
      // What an earlier stage could not write goes with this one.
      staged = new Map([...(staged ?? []), ...recent]);
      recent = new Map();
      sequence = next;
    },
    async write() {
      try {
        if (staged !== undefined && staged.size > 0) await rows.change(sequence, staged);
        staged = undefined;
        return ok(undefined);
      } catch (error) {
        return err(toFailure(error));
      }
    },
    prune: (oldest) => rows.prune(oldest),
    restore(at) {
      rows.restore(at);
      size = rows.count();
    },
  };
}
