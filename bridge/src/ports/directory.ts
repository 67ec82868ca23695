import type { DeviceKey, EpochMs } from '../model/brand.ts';
import type { RecordId } from '../model/identity.ts';

/** What the bridge says of whom a signal is about; what is absent is left to the org. */
export interface Identity {
  /** The key of the device, where it spoke under another of its names. */
  readonly device?: DeviceKey;
  readonly installationId?: RecordId;
  readonly assetId?: RecordId;
  readonly accountId?: RecordId;
}

/** Knows devices, and whose they were when. */
export interface Directory {
  /** As of `at`. It asks nobody, so it is there while the org is not. */
  identify(device: DeviceKey, at: EpochMs): Identity;
}
