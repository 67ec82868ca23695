import { setImmediate as nextTurn } from 'node:timers/promises';

import { toEpochMs } from '../model/brand.ts';
import type { DeviceKey } from '../model/brand.ts';
import { ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Clock } from '../ports/clock.ts';
import { IDENTITY_KINDS } from '../ports/identity.ts';
import type {
  ChangePage,
  IdentityCopy,
  IdentityKind,
  IdentitySource,
  ReadUpTo,
} from '../ports/identity.ts';
import type { OrgFailure } from '../ports/publisher.ts';

/**
 * How much to read. `news`: what was saved since the last time, give or take some seconds. `all news`: also what became
 * visible late. `everything`: to find what was deleted and is no longer told.
 */
export type Extent = 'news' | 'all news' | 'everything';

export interface SyncOptions {
  readonly source: IdentitySource;
  readonly copy: IdentityCopy;
  readonly clock: Clock;
}

/** Reads from the org into the copy; one call at a time. */
export type IdentitySync = (
  extent: Extent,
  signal: AbortSignal,
) => Promise<Result<Learnt, OrgFailure>>;

/** Names of devices; `all` where they would be too many to list. */
export type Learnt = ReadonlySet<DeviceKey> | 'all';

/**
 * A record becomes visible when its transaction ends and carries the stamp of its save: what is read again this far back
 * finds it. A transaction of an org ends after ten minutes of CPU and waiting at the latest; the package's own take seconds.
 */
const LATEST_MS = 10 * 60_000;
/** Covers the package's own transactions; the rest is found by the next look at `all news`. */
const USUAL_MS = 30_000;
/** Changes of one transaction of the copy: 250 take about 5 ms, in which nothing else goes on. */
const AT_ONCE = 250;
/** Names listed at most: what is done with them is done for all devices where there are half as many. */
const MOST_NAMES = 1_000;

/**
 * Makes what brings a copy up to date, page by page; what was read stays read where a page fails. It answers the names of
 * the devices that something was learnt of.
 */
export function makeIdentitySync({ source, copy, clock }: SyncOptions): IdentitySync {
  const late = makeLateness();

  async function keep(
    kind: IdentityKind,
    { changes, upTo }: ChangePage,
    learnt: Set<DeviceKey>,
  ): Promise<void> {
    for (let from = 0; from < changes.length || from === 0; from += AT_ONCE) {
      const isLast = from + AT_ONCE >= changes.length;
      const some = { changes: changes.slice(from, from + AT_ONCE) };
      for (const name of copy.apply(kind, { ...some, upTo: isLast ? upTo : undefined })) {
        if (learnt.size < MOST_NAMES) learnt.add(name);
      }
      await nextTurn();
    }
  }

  return async (extent, signal) => {
    const begun = clock();
    const learnt = new Set<DeviceKey>();
    const from = new Map<IdentityKind, ReadUpTo>();
    if (extent === 'everything') copy.beginComparison();
    else {
      for (const [kind, place] of copy.upTo()) from.set(kind, late.from(kind, place, extent));
    }
    let kinds: readonly IdentityKind[] = IDENTITY_KINDS;
    while (kinds.length > 0 && !signal.aborted) {
      const pages = await source.read(from, kinds);
      if (!pages.ok) return pages;
      for (const [kind, page] of pages.value) {
        await keep(kind, page, learnt);
        if (page.upTo !== undefined) from.set(kind, page.upTo);
      }
      kinds = kinds.filter((kind) => pages.value.get(kind)?.more === true);
    }
    if (signal.aborted) return ok(learnt);
    if (extent === 'everything') {
      for (const name of copy.endComparison(begun)) {
        if (learnt.size < MOST_NAMES) learnt.add(name);
      }
    }
    copy.markComplete(begun);
    late.read(copy.upTo(), extent !== 'news', begun, clock());
    return ok(learnt.size < MOST_NAMES ? learnt : 'all');
  };
}

/** Knows what may still become visible behind where a kind was read up to, so that a crowd saved at once is not read again for ever. */
function makeLateness() {
  const reached = new Map<IdentityKind, { place: string; at: number; isSettled: boolean }>();
  return {
    from(kind: IdentityKind, place: ReadUpTo, extent: Extent): ReadUpTo {
      const known = reached.get(kind);
      if (known?.place === nameOf(place) && known.isSettled) return place;
      const backMs = extent === 'news' ? USUAL_MS : LATEST_MS;
      const stamp = new Date(toEpochMs(Date.parse(place.stamp) - backMs)).toISOString();
      return { stamp, id: '' };
    },
    read(
      upTo: ReadonlyMap<IdentityKind, ReadUpTo>,
      isThorough: boolean,
      begun: number,
      ended: number,
    ): void {
      for (const [kind, place] of upTo) {
        const known = reached.get(kind);
        if (known?.place !== nameOf(place)) {
          reached.set(kind, { place: nameOf(place), at: ended, isSettled: false });
        } else if (isThorough && begun - known.at >= LATEST_MS) known.isSettled = true;
      }
    },
  };
}

const nameOf = ({ stamp, id }: ReadUpTo): string => `${stamp} ${id}`;
