import type { DeviceKey, EpochMs } from '../../model/brand.ts';
import type {
  AssetRecord,
  Attribution,
  DeviceRecord,
  Installation,
  Ownership,
  RecordId,
} from '../../model/identity.ts';
import { momentOf } from './timeline.ts';

/** All that is known of one device key; `devices` are those whose key or alias it is. */
export interface IdentityFacts {
  readonly devices: readonly DeviceRecord[];
  /** Of the devices. */
  readonly installations: readonly Installation[];
  /** Of the Assets these name. */
  readonly ownerships: readonly Ownership[];
  readonly assets: readonly AssetRecord[];
}

/**
 * Whom something that `device` said at `at` is about: the Asset it was on then, and who owned that then.
 *
 * Timelines win over what is true now; only where nobody keeps one, the present Asset of the device and the present
 * Account of the Asset count for all times. Overlaps and gaps are never guessed away. The flows
 * `Signal_BeforeCreate_ResolvePlace` and `…_ResolveOwner` of the package decide the same for what is left out here.
 */
export function attribute(facts: IdentityFacts, device: DeviceKey, at: EpochMs): Attribution {
  const { devices } = facts;
  // A key is unique in the org; an alias may stand at two devices by mistake, or be the key of a third.
  const named = devices.filter(({ key }) => key === device);
  const candidates = named.length > 0 ? named : devices;
  const [record] = candidates;
  if (record === undefined) return { doubts: [`the org does not know the device ${device}`] };
  if (candidates.length > 1) {
    const keys = candidates.map(({ key }) => key).toSorted();
    return { doubts: [`${device} is an alias of ${keys.join(' and of ')}`] };
  }
  const place = placeOf(facts, record, at);
  if (place.assetId === undefined) return { deviceId: record.id, ...place };
  const owner = ownerOf(facts, place.assetId, at);
  return {
    deviceId: record.id,
    ...place,
    ...owner,
    doubts: [...place.doubts, ...owner.doubts],
  };
}

type Place = Pick<Attribution, 'installationId' | 'assetId' | 'doubts'>;

function placeOf(
  { installations }: IdentityFacts,
  { id, key, assetId }: DeviceRecord,
  at: EpochMs,
): Place {
  const moment = momentOf(
    installations.filter(({ deviceId }) => deviceId === id),
    at,
  );
  switch (moment.kind) {
    case 'one': {
      const { id: installationId, assetId: on } = moment.span;
      if (on !== undefined) return { installationId, assetId: on, doubts: [] };
      return { installationId, doubts: [`the Asset that ${key} was on has been deleted`] };
    }
    case 'unkept':
      if (assetId !== undefined) return { assetId, doubts: [] };
      return { doubts: [`${key} is on no Asset`] };
    case 'gap':
      return { doubts: [`${key} was on no Asset at that time`] };
    case 'overlap':
      return { doubts: [`${key} was on ${moment.spans.length} Assets at that time`] };
  }
}

function ownerOf(
  { ownerships, assets }: IdentityFacts,
  assetId: RecordId,
  at: EpochMs,
): Pick<Attribution, 'accountId' | 'doubts'> {
  const moment = momentOf(
    ownerships.filter((ownership) => ownership.assetId === assetId),
    at,
  );
  switch (moment.kind) {
    case 'one': {
      const { accountId } = moment.span;
      if (accountId !== undefined) return { accountId, doubts: [] };
      return { doubts: ['the Account that owned the Asset has been deleted'] };
    }
    case 'unkept': {
      const accountId = assets.find(({ id }) => id === assetId)?.accountId;
      // An Asset of nobody is not in doubt: the org has it so.
      return { ...(accountId !== undefined && { accountId }), doubts: [] };
    }
    case 'gap':
      return { doubts: ['the Asset was owned by nobody at that time'] };
    case 'overlap':
      return { doubts: [`the Asset was owned by ${moment.spans.length} Accounts at that time`] };
  }
}
