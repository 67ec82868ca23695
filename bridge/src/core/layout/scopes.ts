import { toDeviceKey } from '../../model/brand.ts';
import type { DeviceKey } from '../../model/brand.ts';
import type { RecordId } from '../../model/identity.ts';
import type { Policy } from '../../model/policy.ts';
import type { DevicePlace } from '../policy/rules.ts';
import type { Scope } from './layout.ts';

/** What policies name of devices: themselves, their Assets, their Accounts. */
export interface Scopes {
  /** Undefined for a device of which no policy names anything. */
  of(device: DeviceKey): Scope | undefined;
  /** The scope of that name. Throws where it is none. */
  named(name: string): Scope;
  /** Whether policies name anything of any device. */
  readonly any: boolean;
}

/** The scopes of devices under these policies. */
export function makeScopes(
  policies: readonly Policy[],
  places: ReadonlyMap<string, DevicePlace>,
): Scopes {
  const devices = new Set<string>();
  const assets = new Set<RecordId>();
  const accounts = new Set<RecordId>();
  for (const { match } of policies) {
    if (match.device !== undefined) devices.add(match.device);
    if (match.assetId !== undefined) assets.add(match.assetId);
    if (match.accountId !== undefined) accounts.add(match.accountId);
  }
  const byName = new Map<string, Scope>();

  function intern(
    device: string | undefined,
    assetId: RecordId | undefined,
    accountId: RecordId | undefined,
  ): Scope {
    const name = JSON.stringify([device ?? null, assetId ?? null, accountId ?? null]);
    let scope = byName.get(name);
    if (scope === undefined) {
      scope = {
        device: device === undefined ? device : toDeviceKey(device),
        assetId,
        accountId,
        name,
      };
      byName.set(name, scope);
    }
    return scope;
  }

  return {
    any: devices.size + assets.size + accounts.size > 0,
    of(device) {
      const place = places.get(device);
      const assetId = place?.assetId;
      const accountId = place?.accountId;
      const isOnNamed = assetId !== undefined && assets.has(assetId);
      const isOfNamed = accountId !== undefined && accounts.has(accountId);
      const isNamed = devices.has(device);
      if (!isNamed && !isOnNamed && !isOfNamed) return undefined;
      return intern(
        isNamed ? device : undefined,
        isOnNamed ? assetId : undefined,
        isOfNamed ? accountId : undefined,
      );
    },
    named(name) {
      const parts = JSON.parse(name) as [string | null, RecordId | null, RecordId | null];
      return intern(parts[0] ?? undefined, parts[1] ?? undefined, parts[2] ?? undefined);
    },
  };
}
