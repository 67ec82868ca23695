/** How many events of one class were acted on in time, of late; a few numbers whatever comes. */
export interface LatencyShare {
  /** Since when the present half is counted. */
  readonly since: number;
  readonly within: number;
  readonly all: number;
  /** The half before it. */
  readonly withinBefore: number;
  readonly allBefore: number;
}

/** The last ten minutes at least, twenty at most: long enough for a class that speaks seldom, short enough to show that it is over. */
export const HALF_MS = 10 * 60_000;
/** A class is kept while this part of its events is: one of twenty may meet a restart or a slow minute of the org. */
export const KEPT_SHARE = 0.95;

export const noLatencies: LatencyShare = {
  since: 0,
  within: 0,
  all: 0,
  withinBefore: 0,
  allBefore: 0,
};

/** As time passes, halves are forgotten. */
export function at(share: LatencyShare, now: number): LatencyShare {
  const passed = now - share.since;
  if (passed < HALF_MS) return share;
  const { within: withinBefore, all: allBefore } = share;
  const fresh = { ...noLatencies, since: now };
  return passed < 2 * HALF_MS ? { ...fresh, withinBefore, allBefore } : fresh;
}

export function counted(share: LatencyShare, isWithin: boolean, now: number): LatencyShare {
  const current = at(share, now);
  return { ...current, within: current.within + (isWithin ? 1 : 0), all: current.all + 1 };
}

/** 0 to 1; undefined where nothing was counted of late. */
export function shareOf({
  within,
  all,
  withinBefore,
  allBefore,
}: LatencyShare): number | undefined {
  const count = all + allBefore;
  return count === 0 ? undefined : (within + withinBefore) / count;
}
