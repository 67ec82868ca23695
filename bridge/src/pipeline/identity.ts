import { ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { toEpochMs } from '../model/brand.ts';
import type { DeviceKey, EpochMs } from '../model/brand.ts';
import type { Clock } from '../ports/clock.ts';
import { IDENTITY_KINDS } from '../ports/identity.ts';
import type {
  IdentityCopy,
  IdentityKind,
  IdentitySource,
  ReadUpTo,
  UnmatchedSignals,
} from '../ports/identity.ts';
import type { OrgFailure } from '../ports/publisher.ts';
import type { Logger } from '../ports/telemetry.ts';
import { backoffMs } from './backoff.ts';
import type { BackoffOptions } from './backoff.ts';
import type { OrgState } from './orgState.ts';
import { reattribute } from './reattribute.ts';
import { makeWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface IdentityOptions {
  readonly source: IdentitySource;
  readonly unmatched: UnmatchedSignals;
  readonly copy: IdentityCopy;
  /** Notified when the org says that something has changed. */
  readonly changed: Wakeup;
  readonly org: OrgState;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly backoff: BackoffOptions;
  readonly status: IdentityStatus;
  /** Between two looks when nothing is heard of changes; `EVERY_MS` unless a test cannot wait. */
  readonly everyMs?: number;
}

/** What the stage tells the others. */
export interface IdentityStatus {
  /** When everything had been read last; undefined before that happened in this run. */
  syncedAt: EpochMs | undefined;
}

/** Notices can be missed; so many API calls a day (288) can be spared. */
const EVERY_MS = 5 * 60_000;
/** Notices come in crowds when a steward loads a file: one look for all of them. */
const GATHER_MS = 1_000;
/**
 * A record becomes visible when its transaction ends and carries the stamp of its save: what is read again this far back
 * finds it. A transaction of an org ends after ten minutes of CPU and waiting at the latest; the package's own take seconds.
 */
const OVERLAP_MS = 10 * 60_000;

/**
 * Keeps the copy of the org's devices, timelines and Assets current: reads all of it at the first start, then what has
 * changed, when the org says so and every few minutes. Earlier signals of devices that somebody mapped meanwhile are
 * attributed then. While the org is away the copy stays as it is.
 */
export async function runIdentity(options: IdentityOptions, signal: AbortSignal): Promise<void> {
  const { copy, changed, org, clock, logger, backoff, status, everyMs = EVERY_MS } = options;
  const rest = makeWakeup();
  let failures = 0;
  /* Devices whose earlier signals have still to be looked at; after a start nobody knows which. */
  let learnt: Set<DeviceKey> | 'all' = 'all';
  while (!signal.aborted) {
    try {
      const before = copy.counts().devices;
      const synced = await syncIdentity(options, signal);
      if (synced.ok) {
        status.syncedAt = clock();
        if (learnt !== 'all') for (const device of synced.value) learnt.add(device);
        const { devices } = copy.counts();
        if (before === 0 && devices > 0)
          logger.info({ devices }, 'the devices of the org are known');
      }
      const ended = synced.ok ? await reattribute(options, learnt, signal) : synced;
      org.report('identity', ended);
      failures = ended.ok ? 0 : failures + 1;
      if (ended.ok) learnt = new Set();
    } catch (error) {
      failures += 1;
      logger.error({ stage: 'identity', err: error }, 'the copy of the devices cannot be written');
    }
    if (failures > 0) {
      await rest.wait(backoffMs(failures, Math.random(), backoff), signal);
      continue;
    }
    await changed.wait(everyMs, signal);
    await rest.wait(GATHER_MS, signal);
  }
}

/**
 * Reads what has changed since the last time, page by page; what was read stays read where a page fails. Answers the
 * names of the devices that something was learnt of; what was read again for the overlap counts again.
 */
export async function syncIdentity(
  { source, copy }: Pick<IdentityOptions, 'source' | 'copy'>,
  signal: AbortSignal,
): Promise<Result<ReadonlySet<DeviceKey>, OrgFailure>> {
  const learnt = new Set<DeviceKey>();
  const from = new Map<IdentityKind, ReadUpTo>();
  for (const [kind, { stamp }] of copy.upTo()) {
    from.set(kind, { stamp: back(stamp), id: '' });
  }
  let kinds: readonly IdentityKind[] = IDENTITY_KINDS;
  while (kinds.length > 0 && !signal.aborted) {
    const pages = await source.read(from, kinds);
    if (!pages.ok) return pages;
    for (const [kind, page] of pages.value) {
      copy.apply(kind, page);
      for (const change of page.changes) {
        for (const name of copy.namesAbout(change)) learnt.add(name);
      }
      if (page.upTo !== undefined) from.set(kind, page.upTo);
    }
    kinds = kinds.filter((kind) => pages.value.get(kind)?.more === true);
  }
  return ok(learnt);
}

function back(stamp: string): string {
  return new Date(toEpochMs(Date.parse(stamp) - OVERLAP_MS)).toISOString();
}
