import type { DeviceKey, EpochMs } from '../model/brand.ts';
import type { Reading } from '../model/reading.ts';
import type { Signal } from '../model/signal.ts';

/**
 * Detection and episodes of all devices, by the policies it was made with.
 *
 * Deterministic: the same state and the same calls give the same signals with the same keys,
 * so replaying the log after a crash repeats what was said, never says something new.
 */
export interface Engine {
  /** One valid reading, in log order. A reading not newer than the device's last per metric changes nothing but `lastSeen`. */
  accept(reading: Reading): readonly Signal[];
  /** `listenedAt` advances only while the bridge is connected and awake; judges silence. */
  tick(listenedAt: EpochMs): readonly Signal[];
  /** State changed since the last call, as JSON by device; empties the set. */
  takeDirty(): ReadonlyMap<DeviceKey, string>;
  /** Puts back what `takeDirty` gave; at start only. */
  restore(device: DeviceKey, state: string): void;
}
