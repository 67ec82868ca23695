import type { DeviceKey } from '../model/brand.ts';
import type {
  AssetRecord,
  DeviceRecord,
  Installation,
  Ownership,
  RecordId,
} from '../model/identity.ts';
import type { Result } from '../model/result.ts';
import type { OrgFailure } from './publisher.ts';

/** What the org keeps of identity, in the order it is read: nothing names what comes after it. */
export const IDENTITY_KINDS = [
  'device',
  'installation',
  'ownership',
  'device-asset',
  'installation-asset',
] as const;

/**
 * The records of one query: devices, installations, ownerships, and the Assets that devices and installations name,
 * for their Accounts.
 */
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

/** How a record stands in the org; deleted ones are told by their id alone. */
export type IdentityChange =
  | { readonly kind: 'device'; readonly record: DeviceRecord }
  | { readonly kind: 'installation'; readonly record: Installation }
  | { readonly kind: 'ownership'; readonly record: Ownership }
  | { readonly kind: 'asset'; readonly record: AssetRecord }
  | { readonly kind: 'deleted'; readonly id: RecordId };

/**
 * Up to where changes of one kind have been read: the modification stamp of the last record, as the org writes it, and
 * its id. Changes are read in the order of both.
 */
export interface ReadUpTo {
  readonly stamp: string;
  readonly id: string;
}

/** Some changes, in order, and where to go on; the end of what there is when `more` is false. */
export interface ChangePage {
  readonly changes: readonly IdentityChange[];
  readonly upTo: ReadUpTo | undefined;
  readonly more: boolean;
}

/** Reads what has changed in the org. */
export interface IdentitySource {
  /** Changes of each kind behind where it was read up to; those not named are read from the beginning. */
  read(
    from: ReadonlyMap<IdentityKind, ReadUpTo>,
    kinds: readonly IdentityKind[],
  ): Promise<Result<ReadonlyMap<IdentityKind, ChangePage>, OrgFailure>>;
}

/** All that the copy knows of one name; see `core/identity/attribute.ts`. */
export interface CopiedFacts {
  readonly devices: readonly DeviceRecord[];
  readonly installations: readonly Installation[];
  readonly ownerships: readonly Ownership[];
  readonly assets: readonly AssetRecord[];
}

/**
 * The org's devices, installations, ownerships and Assets, on this machine: it answers while the org is down, and takes
 * the same memory however many there are. It can be read again from the org, so losing it costs only API calls.
 */
export interface IdentityCopy {
  /** All of a page and where it ends, or nothing of it. The same change twice is as once. */
  apply(kind: IdentityKind, page: ChangePage): void;
  upTo(): ReadonlyMap<IdentityKind, ReadUpTo>;
  /** By device key or alias. */
  facts(name: DeviceKey): CopiedFacts;
  counts(): { readonly devices: number; readonly installations: number };
  /** Forgets everything; what follows is read from the beginning. */
  clear(): void;
}
