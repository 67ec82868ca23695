import type { DeviceKey } from '../model/brand.ts';
import type { Result } from '../model/result.ts';
import type { OrgFailure } from './publisher.ts';

/** Whom a device belongs to in the org; empty where the org does not know the device. */
export interface Identity {
  readonly assetId?: string;
  readonly accountId?: string;
}

/** Looks devices up in the org. */
export interface Directory {
  /** One identity per device asked for; an unknown device has an empty one. */
  lookup(
    devices: readonly DeviceKey[],
  ): Promise<Result<ReadonlyMap<DeviceKey, Identity>, OrgFailure>>;
}
