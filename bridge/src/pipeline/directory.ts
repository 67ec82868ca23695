import { attribute } from '../core/identity/attribute.ts';
import type { DeviceKey, EpochMs } from '../model/brand.ts';
import type { Clock } from '../ports/clock.ts';
import type { Directory, Identity } from '../ports/directory.ts';
import type { CopiedFacts, IdentityCopy } from '../ports/identity.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';

export interface DirectoryOptions {
  readonly copy: Pick<IdentityCopy, 'facts' | 'version' | 'completeAt'>;
  readonly clock: Clock;
  readonly counters: Pick<Counters, 'eventAttributed'>;
  readonly logger: Logger;
  /** So long after it was last current the copy is believed. */
  readonly trustForMs: number;
}

/** What is remembered of a device between two changes of the copy. */
interface Known {
  readonly facts: CopiedFacts;
  /** Where nobody keeps a timeline, the same for all times. */
  readonly always?: Identity;
}

/** Devices remembered: about 10 MB; beyond it the oldest go. */
const MAX_CACHED = 10_000;
const NOTHING: Identity = {};

/**
 * Knows whom a signal is about as of its time, from the copy. Where there is no copy to rely on it says nothing, and the
 * org finds out by itself from its own records; only that an alias stands for a device it says all the same, for the org
 * looks for keys alone.
 */
export function makeDirectory(options: DirectoryOptions): Directory {
  const { copy, clock, counters, logger, trustForMs } = options;
  const cache = new Map<DeviceKey, Known>();
  let version = -1;
  let isBroken = false;

  function recall(device: DeviceKey): Known {
    if (version !== copy.version()) {
      cache.clear();
      version = copy.version();
    }
    const cached = cache.get(device);
    if (cached !== undefined) return cached;
    const facts = copy.facts(device);
    const isTimeless = facts.installations.length === 0 && facts.ownerships.length === 0;
    const known = { facts, ...(isTimeless && { always: identityOf(facts, device, clock()) }) };
    const oldest = cache.keys().next();
    if (cache.size >= MAX_CACHED && oldest.done === false) cache.delete(oldest.value);
    cache.set(device, known);
    return known;
  }

  /** Undefined where nothing can be known. */
  function find(device: DeviceKey, at: EpochMs): Identity | undefined {
    if (copy.completeAt() === undefined) return undefined;
    try {
      const known = recall(device);
      isBroken = false;
      return known.always ?? identityOf(known.facts, device, at);
    } catch (error) {
      // A copy that cannot be read must hold nothing up.
      if (!isBroken) logger.error({ stage: 'deliver', err: error }, BROKEN);
      isBroken = true;
      return undefined;
    }
  }

  return {
    identify(device, at) {
      const identity = find(device, at);
      if (identity !== undefined && isCurrent(copy.completeAt(), clock(), trustForMs)) {
        counters.eventAttributed(identity.assetId === undefined ? 'unmatched' : 'matched');
        return identity;
      }
      counters.eventAttributed('left-to-org');
      return identity?.device === undefined ? NOTHING : { device: identity.device };
    },
  };
}

const BROKEN =
  'the copy of the devices cannot be read; the org finds out whom signals are about. Check the disk; delete identity.sqlite in dataDir to have it read again';

/** Whether a copy that was last current then may still be believed. */
export const isCurrent = (readAt: EpochMs | undefined, now: number, trustForMs: number): boolean =>
  readAt !== undefined && now - readAt <= trustForMs;

function identityOf(facts: CopiedFacts, device: DeviceKey, at: EpochMs): Identity {
  const { deviceId, installationId, assetId, accountId } = attribute(facts, device, at);
  const key = facts.devices.find(({ id }) => id === deviceId)?.key;
  return {
    ...(key !== undefined && key !== device && { device: key }),
    ...(installationId !== undefined && { installationId }),
    ...(assetId !== undefined && { assetId }),
    ...(accountId !== undefined && { accountId }),
  };
}
