import type { DeviceKey, EpochMs } from '../model/brand.ts';
import type { Policy } from '../model/policy.ts';
import type { Reading } from '../model/reading.ts';
import type { Signal } from '../model/signal.ts';
import { makeDevice } from './device.ts';
import type { Device } from './device.ts';
import { readDevice, writeDevice } from './deviceState.ts';

/**
 * Detection and episodes of all devices, by the policies it was made with.
 *
 * Deterministic: the same state and the same calls give the same signals with the same keys,
 * so replaying the log after a crash repeats what was said, never says something new. For that
 * the caller commits, in one transaction: the log position up to which it has called `accept`,
 * the signals it got, what `takeDirty` gave, and the `listenedAt` of its last call.
 *
 * `listenedAt` is a clock of the caller's in milliseconds that only advances while the bridge is
 * connected to its broker and awake. Its zero does not matter, but it must never go back and must
 * go on after a restart from where the last commit left it: then an outage of the bridge or the
 * broker is no device's silence. Where it does go back, quiet time is counted anew from there.
 */
export interface Engine {
  /**
   * One valid reading, in log order. A value that is not newer (device time) than the last of the
   * same device and metric is not judged; it still ends the device's silence.
   * `listenedAt`: the clock above when the message was received; one that is a tick old makes
   * silence noticed that much sooner. Replaying the log, pass the committed one for every message.
   * The first 1,000 metrics of a device are judged, further ones are not.
   */
  accept(reading: Reading, listenedAt: EpochMs): readonly Signal[];
  /**
   * Judges silence; call it about once a second while listening. `now` is the bridge's clock (that
   * of `receivedAt`), used only to say when it was noticed. A device that was never heard is not
   * silent. The silence begins with the last `receivedAt`, which is the start in the keys.
   */
  tick(listenedAt: EpochMs, now: EpochMs): readonly Signal[];
  /** State changed since the last call, as JSON by device; empties the set. */
  takeDirty(): ReadonlyMap<DeviceKey, string>;
  /**
   * Puts back what `takeDirty` gave; at start only. State of policies that no longer exist is
   * dropped. Throws, naming the device, where the text is not such a state.
   */
  restore(device: DeviceKey, state: string): void;
}

/** An engine that knows nothing yet. Policy keys must be unique; throws where they are not. */
export function makeEngine(policies: readonly Policy[]): Engine {
  const doubled = policies.find(
    ({ key }, index) => policies.findIndex((other) => other.key === key) !== index,
  );
  if (doubled !== undefined) throw new Error(`the policy key "${doubled.key}" is used twice`);
  const devices = new Map<DeviceKey, Device>();
  const dirty = new Set<DeviceKey>();
  return {
    accept(reading, listenedAt) {
      const device = devices.get(reading.device) ?? makeDevice(reading.device, policies, undefined);
      devices.set(reading.device, device);
      dirty.add(reading.device);
      return device.accept(reading, listenedAt);
    },
    tick(listenedAt, now) {
      const all: Signal[] = [];
      for (const [key, device] of devices) {
        const { signals, changed } = device.tick(listenedAt, now);
        if (changed) dirty.add(key);
        all.push(...signals);
      }
      return all;
    },
    takeDirty() {
      const states = new Map<DeviceKey, string>();
      for (const key of dirty) {
        const device = devices.get(key);
        if (device !== undefined) states.set(key, writeDevice(device.save()));
      }
      dirty.clear();
      return states;
    },
    restore(key, state) {
      try {
        devices.set(key, makeDevice(key, policies, readDevice(state)));
      } catch (cause) {
        throw new Error(`the saved state of device "${key}" cannot be read`, { cause });
      }
    },
  };
}
