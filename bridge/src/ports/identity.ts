import type { DeviceKey, EpochMs } from '../model/brand.ts';
import type {
  AssetRecord,
  Attribution,
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

/** A signal that the org has and that lacks its Asset or its Account. */
export interface UnmatchedSignal {
  readonly id: RecordId;
  readonly device: DeviceKey;
  readonly occurredAt: EpochMs;
  readonly assetId?: RecordId;
  readonly accountId?: RecordId;
}

/** Whom a signal was about after all; only what was missing is given. */
export interface LateAttribution extends Pick<
  Attribution,
  'deviceId' | 'installationId' | 'assetId' | 'accountId'
> {
  readonly id: RecordId;
}

/** Signals in the org whose device nobody had mapped when they came. */
export interface UnmatchedSignals {
  /** The newest first, older than `before`, at most 2,000; of these device keys, or of all devices. */
  find(
    before: RecordId | undefined,
    devices: readonly DeviceKey[] | 'all',
  ): Promise<Result<readonly UnmatchedSignal[], OrgFailure>>;
  /** Writes them; answers how many were taken. What was deleted or refused meanwhile stays as it is. */
  write(attributions: readonly LateAttribution[]): Promise<Result<number, OrgFailure>>;
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
  /**
   * All of a page and where it ends, or nothing of it. The same change twice is as once. Answers the names of the devices
   * that something new was learnt of, those they had before among them.
   */
  apply(kind: IdentityKind, page: Omit<ChangePage, 'more'>): ReadonlySet<DeviceKey>;
  upTo(): ReadonlyMap<IdentityKind, ReadUpTo>;
  /** By device key or alias. */
  facts(name: DeviceKey): CopiedFacts;
  /** Names of the devices that are or were on these Assets, or on Assets that these Accounts own or owned. */
  namesOn(assets: Iterable<RecordId>, accounts: Iterable<RecordId>): ReadonlySet<DeviceKey>;
  /** Another number whenever `facts` may answer something else. */
  version(): number;
  counts(): { readonly devices: number; readonly installations: number };
  /** When all that the org had was here, by this machine's clock; undefined before the first time. */
  completeAt(): EpochMs | undefined;
  /** The first time counts as a comparison, too. */
  markComplete(at: EpochMs): void;
  /** When the copy was last held against all of the org: deletions that the org has forgotten are found only so. */
  comparedAt(): EpochMs | undefined;
  /** Notes from now on what is applied; a comparison that was begun before is forgotten, as at a restart. */
  beginComparison(): void;
  /** Drops what was not applied since, and answers as `apply`. To be called when all of the org has been. */
  endComparison(at: EpochMs): ReadonlySet<DeviceKey>;
  /** Forgets everything; what follows is read from the beginning. */
  clear(): void;
}
