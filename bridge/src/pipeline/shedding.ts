import { carriedWithin, chooseShed, overloadOf, shedSteps } from '../core/govern/shed.ts';
import type { Candidate, SheddingOptions, ShedStep } from '../core/govern/shed.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EpochMs } from '../model/brand.ts';
import { severities } from '../model/signal.ts';
import type { Severity } from '../model/signal.ts';
import type { Clock } from '../ports/clock.ts';
import type { EpisodeStory, Outbox, Suppressed, SuppressReason } from '../ports/outbox.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import type { Governor } from './governor.ts';
import { perEvent } from './ledger.ts';
import { coalesceStories, notBegun } from './overtaken.ts';

export interface SheddingParts {
  readonly outbox: Outbox;
  readonly governor: Pick<Governor, 'room' | 'status'>;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
  readonly options: SheddingOptions;
}

/** Decides what is not published because more waits than the budgets can carry. */
export interface Shedding {
  /** Looks at it every few seconds; answers how many events it has ended, or 0 at once. */
  shed(): Promise<number>;
}

const LOOK_MS = 5_000;
/** Episodes at once: some ten milliseconds. */
const AT_ONCE = 500;
/** What is Critical has its turn anyway. */
const COALESCED: readonly Severity[] = ['Low', 'Medium', 'High'];

/** To be asked where nothing is on its way to the event bus. */
export function makeShedding(parts: SheddingParts): Shedding {
  const { outbox, governor, clock, logger, options } = parts;
  let lookedAt = -Infinity;
  let isShort = false;

  async function overload(now: EpochMs): Promise<number> {
    const supplies = governor.status().filter(({ name }) => perEvent.some((one) => one === name));
    if (supplies.length === 0) return 0;
    const carried = { Critical: 0, High: 0, Medium: 0, Low: 0 };
    for (const severity of severities) {
      carried[severity] = carriedWithin(governor.room(severity), supplies, options.beyondMs);
    }
    return overloadOf(await outbox.ready(now), carried);
  }
  function tell(missing: number): void {
    const was = isShort;
    isShort = missing > 0;
    if (isShort && !was) {
      logger.warn(
        { stage: 'shed', events: missing },
        `more signals wait than the budgets of the org can carry in ${inHours(options.beyondMs)}: those that matter least ` +
          'are suppressed, each with its reason (npm run bridge -- suppressed list); raise salesforce.budget, or make ' +
          'policies less talkative',
      );
    } else if (was && !isShort) {
      logger.info({ stage: 'shed' }, 'the budgets can carry what waits again');
    }
  }

  return {
    async shed() {
      const now = clock();
      // A clock that was set back looks at once.
      if (Math.abs(now - lookedAt) < LOOK_MS) return 0;
      // A disk that refuses holds up this, and not what can be published until the next look.
      lookedAt = now;
      const missing = await overload(now);
      tell(missing);
      let ended = 0;
      if (missing > 0) {
        ended += await coalesceWaiting(parts);
        ended += await suppressSome(parts, missing);
      }
      // There may be more of what was asked for.
      if (ended >= AT_ONCE) lookedAt = -Infinity;
      return ended;
    },
  };
}

/** First what later events say as well, although its turn has not come. */
async function coalesceWaiting(parts: SheddingParts): Promise<number> {
  const { outbox, clock } = parts;
  let ended = 0;
  for (const severity of COALESCED) {
    const query = { kind: 'followed', severity, before: clock(), limit: AT_ONCE } as const;
    ended += await coalesceStories(parts, await outbox.waitingEpisodes(query));
  }
  return ended;
}

/** Then step by step, until as many episodes are ended as find no room. */
async function suppressSome(parts: SheddingParts, missing: number): Promise<number> {
  const { outbox, clock, options } = parts;
  let [left, ended] = [Math.min(missing, AT_ONCE), 0];
  for (const step of shedSteps) {
    if (left === 0) break;
    const now = clock();
    const before = step.kind === 'open' ? toEpochMs(now - options.unresolvedMs) : now;
    const stories = await outbox.waitingEpisodes({ ...step, before, limit: left });
    const shed = stories.flatMap((story) => toSuppressed(step, story, before, now, options));
    ended += await suppress(parts, shed);
    left -= stories.length;
  }
  return ended;
}

type Shed = Suppressed & Pick<Candidate, 'severity'>;

function toSuppressed(
  step: ShedStep,
  { waiting }: EpisodeStory,
  before: EpochMs,
  at: EpochMs,
  { beyondMs, unresolvedMs }: SheddingOptions,
): readonly Shed[] {
  const short = `and more waits than the budgets of the org can carry in ${inHours(beyondMs)}`;
  const [why, reason]: readonly [SuppressReason, string] =
    step.kind === 'ended'
      ? ['over-before-told', `the episode was over before anybody was told of it, ${short}`]
      : ['waited-too-long', `it waited for more than ${inHours(unresolvedMs)}, ${short}`];
  return chooseShed(step, waiting, before).map(({ eventKey, severity, phase }, index) => {
    if (index === 0 && phase === 'Cleared') return { eventKey, severity, ...notBegun, at };
    return { eventKey, severity, why, reason: `not published: ${reason}`, at };
  });
}

/** Ends these, and counts those that were ended. */
export async function suppress(
  { outbox, counters }: Pick<SheddingParts, 'outbox' | 'counters'>,
  shed: readonly Shed[],
): Promise<number> {
  if (shed.length === 0) return 0;
  const ended = new Set(await outbox.suppress(shed));
  for (const { eventKey, why, severity } of shed) {
    if (ended.has(eventKey)) counters.eventsSuppressed(why, severity, 1);
  }
  return ended.size;
}

const inHours = (ms: number): string =>
  ms >= 3_600_000 ? `${Math.round(ms / 360_000) / 10} h` : `${Math.round(ms / 6_000) / 10} min`;
