import type { DeviceKey, EpochMs } from '../model/brand.ts';
import type { Result } from '../model/result.ts';
import type { StorageFailure } from './log.ts';

/** A device that is put aside. */
export interface Aside {
  /** Listening clock at which it has something to say by itself; `Infinity` where it has not. */
  readonly dueAt: number;
  /** Opaque. */
  readonly state: string;
}

/**
 * Devices that were silent for so long that they are on disk and not in memory.
 *
 * What is on disk follows the states of detection: changes belong to the next state that is kept
 * (`stage`, `write`, then that state is committed), and a start goes back to what belonged to
 * the state it begins from (`restore`). So a crash at any point neither loses a device nor has it twice.
 */
export interface Attic {
  /** Takes a device out; undefined where it is not there. */
  take(device: DeviceKey): Aside | undefined;
  put(device: DeviceKey, aside: Aside): void;
  /** Devices whose time has come; they stay until they are taken. */
  due(listenedAt: EpochMs): readonly DeviceKey[];
  /** Devices in it. */
  readonly size: number;
  /** How many more may be put before the next state is kept; they wait in memory until then. */
  readonly room: number;
  /** All changes up to now belong to the state of this sequence, which is being drafted. */
  stage(sequence: number): void;
  /** Writes what was staged; to be on disk before that state is committed. Where it fails it stays staged. */
  write(): Promise<Result<void, StorageFailure>>;
  /** Forgets what only states before this one would need. */
  prune(oldest: number): Promise<void>;
  /** At start: goes back to what belonged to the state of this sequence; undefined where there is none. */
  restore(sequence: number | undefined): void;
}
