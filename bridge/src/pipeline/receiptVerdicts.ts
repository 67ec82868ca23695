import { CLOSE_MS, planParts } from '../core/delivery/parts.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EpochMs } from '../model/brand.ts';
import type { Receipt, Republish, Unreceipted } from '../ports/outbox.ts';
import type { OrgRecord } from '../ports/receipts.ts';
import { backoffMs } from './backoff.ts';
import type { UnroutedRow } from './unrouted.ts';

export interface VerdictOptions {
  readonly everyMs: number;
  /** An event the org does not know after this long is published again. */
  readonly missingAfterMs: number;
  /** A stored event without an end after this long is routed again. */
  readonly routeAgainAfterMs: number;
  /** After this many publishes a missing event is given up, with an alarm, and a refused one ends. */
  readonly maxPublishes: number;
}

/** What follows for events the org was asked about by key; those not named go on waiting. */
export interface Verdicts {
  readonly ended: readonly Receipt[];
  readonly again: readonly Republish[];
  /** Given up: they never got there. */
  readonly lost: readonly Receipt[];
  readonly unrouted: readonly UnroutedRow[];
}

const MAX_PAUSE_MS = 60_000;
/** Publishes beyond `maxPublishes`, for events that met others in their last one: the org was away when their turns came, say. */
const MOST_EXTRA = 3;

type Unstored = Unreceipted & { readonly refused?: Extract<OrgRecord, { disposition: 'Refused' }> };

/** Judges events by what the org has of them now: only who was asked for by key can be missing. */
export function judgeAsked(
  asked: readonly Unreceipted[],
  found: readonly OrgRecord[],
  now: EpochMs,
  options: VerdictOptions,
): Verdicts {
  const known = new Map(found.map((record) => [record.eventKey, record]));
  const isStored = ({ eventKey }: Unreceipted): boolean => {
    const disposition = known.get(eventKey)?.disposition;
    return disposition !== undefined && disposition !== 'Refused';
  };
  const wasAlone = ({ eventKey, publishedAt }: Unreceipted): boolean =>
    asked.every(
      (other) =>
        other.eventKey === eventKey ||
        Math.abs(other.publishedAt - publishedAt) > CLOSE_MS ||
        isStored(other),
    );
  const ended: Receipt[] = [];
  const unstored: Unstored[] = [];
  const lost: Receipt[] = [];
  const unrouted: UnroutedRow[] = [];
  for (const waiting of asked) {
    const { eventKey, publishes, refusals } = waiting;
    const record = known.get(eventKey);
    const waitedMs = now - waiting.publishedAt;
    if (record?.disposition === 'Received') {
      if (waitedMs >= options.routeAgainAfterMs) unrouted.push({ eventKey, id: record.id });
    } else if (record !== undefined && record.disposition !== 'Refused') {
      const { disposition, reason } = record;
      ended.push({ eventKey, disposition, reason, at: now });
    } else {
      // An earlier refusal stays on record; only one more answers what was published last.
      const isRefused = record !== undefined && record.refusals > refusals;
      if (!isRefused && waitedMs < options.missingAfterMs) continue;
      const left = options.maxPublishes - publishes;
      if (left > 0 || (left > -MOST_EXTRA && !wasAlone(waiting))) {
        unstored.push(record === undefined ? waiting : { ...waiting, refused: record });
      } else if (record !== undefined) {
        const reason = `${record.reason} (refused; published ${publishes} times, at last alone)`;
        ended.push({ eventKey, disposition: 'Failed', reason, at: now });
      } else {
        const reason =
          `published ${publishes} times, at last alone, and no Asset_Signal__c or Signal_Failure__c has its ` +
          'key: check that the flow Signal_EVT_Ingest is active and whether its user may create them';
        lost.push({ eventKey, disposition: 'Missing', reason, at: now });
      }
    }
  }
  return { ended, again: publishAgain(unstored, now, options), lost, unrouted };
}

/**
 * In parts, of which those that fail again get smaller. What was refused goes later each time, for what it met may
 * pass; what the org does not know has waited long enough.
 */
function publishAgain(
  unstored: readonly Unstored[],
  now: EpochMs,
  { everyMs, maxPublishes }: VerdictOptions,
): readonly Republish[] {
  const again: Republish[] = [];
  const byRefusals = Map.groupBy(unstored, ({ refused }) => refused?.refusals ?? 0);
  for (const [refusals, some] of byRefusals) {
    const pause = { firstMs: everyMs, maxMs: MAX_PAUSE_MS };
    const pauseMs = refusals === 0 ? 0 : backoffMs(refusals, Math.random(), pause);
    const turns = planParts(some, { from: toEpochMs(now + Math.ceil(pauseMs)), maxPublishes });
    for (const { eventKey, refused, refusals: before } of some) {
      const reason =
        refused === undefined
          ? 'the org did not know the event after it was published; published again'
          : `the org refused the event; published again, apart from others: ${refused.reason}`;
      const retryAt = turns.get(eventKey) ?? now;
      again.push({ eventKey, reason, at: now, retryAt, refusals: refused?.refusals ?? before });
    }
  }
  return again;
}
