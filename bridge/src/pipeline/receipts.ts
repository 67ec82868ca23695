import { toEpochMs } from '../model/brand.ts';
import type { EpochMs, EventKey } from '../model/brand.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox, Receipt, Republish, Unreceipted } from '../ports/outbox.ts';
import type { OrgRecord, Receipts } from '../ports/receipts.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import { backoffMs } from './backoff.ts';
import type { Breaker } from './breaker.ts';
import type { OrgState } from './orgState.ts';
import type { Pace } from './pace.ts';
import { makeWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export interface ReceiptOptions {
  readonly outbox: Outbox;
  readonly receipts: Receipts;
  readonly org: OrgState;
  readonly breaker: Breaker;
  /** Told how many events have ended, so that as many more may go. */
  readonly pace: Pace;
  /** Notified when a receipt has let the next phase of an episode go. */
  readonly recorded: Wakeup;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
  readonly everyMs: number;
  /** An event the org does not know after this long is published again. */
  readonly missingAfterMs: number;
  /** After this many publishes a missing event is given up, with an alarm, and a refused one ends. */
  readonly maxPublishes: number;
}

/** Keys per poll; the edge makes one API call of it. */
const KEYS_PER_POLL = 200;
/** A full poll of which this share has ended is followed at once by the next: it was worth its call. */
const WORTH_SHARE = 0.5;
const MAX_PAUSE_MS = 60_000;
/** Routing runs in an asynchronous path that promises no time; minutes of waiting mean trouble. */
const STALLED_AFTER_MS = 5 * 60_000;

/**
 * Fourth stage: asks the org what became of what was published. A publish result is not an
 * action: only the receipt ends an event and lets the next phase of its episode go.
 */
export async function runReceipts(options: ReceiptOptions, signal: AbortSignal): Promise<void> {
  const { outbox, breaker, clock, everyMs } = options;
  const rest = makeWakeup();
  let refusals = 0;
  let skip = 0;
  const alarmed = new Set<EventKey>();
  while (!signal.aborted) {
    let pauseMs = everyMs;
    try {
      // Windows take turns, so that events which wait for long never hide the others.
      let asked = await outbox.unreceipted(KEYS_PER_POLL, skip);
      if (asked.length === 0 && skip > 0)
        asked = await outbox.unreceipted(KEYS_PER_POLL, (skip = 0));
      const ended = asked.length === 0 ? 0 : await pollReceipts(options, asked, alarmed);
      skip += asked.length - (ended ?? 0);
      if (ended === undefined) pauseMs = Math.max(breaker.until() - clock(), 1);
      else if (ended >= KEYS_PER_POLL * WORTH_SHARE) pauseMs = 0;
      refusals = 0;
    } catch (error) {
      refusals += 1;
      pauseMs = backoffMs(refusals, Math.random(), { firstMs: everyMs, maxMs: MAX_PAUSE_MS });
      options.logger.error({ stage: 'receipts', err: error }, 'receipts could not be written');
    }
    if (pauseMs > 0) await rest.wait(pauseMs, signal);
  }
}

/**
 * One question to the org about these events; answers how many of them wait no longer, and
 * undefined where it did not reply.
 *
 * @param alarmed events whose routing takes too long and was complained about; kept by the caller
 */
export async function pollReceipts(
  options: ReceiptOptions,
  asked: readonly Unreceipted[],
  alarmed: Set<EventKey> = new Set(),
): Promise<number | undefined> {
  const { outbox, org, breaker, pace, recorded, counters, logger } = options;
  const found = await options.receipts.find(asked.map(({ eventKey }) => eventKey));
  org.report('receipts', found);
  if (!found.ok) {
    breaker.failed(found.error);
    return undefined;
  }
  breaker.succeeded();
  const { ended, again, lost, stalled } = judge(options, asked, found.value);
  await outbox.receive([...ended, ...lost]);
  await outbox.republish(again);
  for (const { disposition } of [...ended, ...lost]) counters.receiptSeen(disposition);
  for (const { eventKey, reason } of lost) {
    logger.error({ stage: 'receipts', eventKey }, `an event never arrived in the org: ${reason}`);
  }
  for (const { eventKey } of [...ended, ...again]) alarmed.delete(eventKey);
  const fresh = stalled.filter(({ eventKey }) => !alarmed.has(eventKey));
  for (const { eventKey } of fresh) alarmed.add(eventKey);
  if (fresh.length > 0) {
    logger.error(
      { stage: 'receipts', events: fresh.length, eventKey: fresh[0]?.eventKey },
      'the org has signals it does not route, and their next phases wait: check its paused and ' +
        'failed flow interviews, and that the flow Signal_AfterCreate_Route is active',
    );
  }
  pace.received(ended.length);
  const gone = ended.length + again.length + lost.length;
  if (gone > 0) recorded.notify();
  return gone;
}

/** Sorts waiting events: ended, to be published again, and given up; the rest keeps waiting. */
function judge(
  options: ReceiptOptions,
  asked: readonly Unreceipted[],
  records: readonly OrgRecord[],
) {
  const now = options.clock();
  const known = new Map(records.map((record) => [record.eventKey, record]));
  const ended: Receipt[] = [];
  const again: Republish[] = [];
  const lost: Receipt[] = [];
  const stalled: Unreceipted[] = [];
  for (const waiting of asked) {
    const { eventKey, publishes, refusals } = waiting;
    const record = known.get(eventKey);
    const late = now - waiting.publishedAt >= options.missingAfterMs;
    if (record === undefined || record.disposition === 'Refused') {
      // An earlier refusal stays on record; only one more answers what was published last.
      const refused = record !== undefined && record.refusals > refusals;
      if (!refused && !late) continue;
      if (publishes < options.maxPublishes) again.push(toRepublish(options, waiting, record, now));
      else if (record !== undefined) {
        const reason = `${record.reason} (refused; published ${publishes} times)`;
        ended.push({ eventKey, disposition: 'Failed', reason, at: now });
      } else {
        const reason =
          `published ${publishes} times and no Asset_Signal__c or Signal_Failure__c has its ` +
          'key: check that the flow Signal_EVT_Ingest is active and whether its user may create them';
        lost.push({ eventKey, disposition: 'Missing', reason, at: now });
      }
      continue;
    }
    const { disposition, reason } = record;
    if (disposition !== 'Received') ended.push({ eventKey, disposition, reason, at: now });
    else if (now - waiting.publishedAt >= STALLED_AFTER_MS) stalled.push(waiting);
  }
  return { ended, again, lost, stalled };
}

/**
 * What the org does not know is repeated at once. What it refused is repeated alone and later each
 * time, so that the repeats of a whole refused batch do not meet in the org's next batch again.
 */
function toRepublish(
  { everyMs }: ReceiptOptions,
  { eventKey, refusals: before }: Unreceipted,
  record: OrgRecord | undefined,
  now: EpochMs,
): Republish {
  if (record?.disposition !== 'Refused') {
    const reason = 'the org did not know the event after it was published; published again';
    return { eventKey, reason, at: now, retryAt: now, refusals: before };
  }
  const { refusals } = record;
  const pauseMs = backoffMs(refusals, Math.random(), { firstMs: everyMs, maxMs: MAX_PAUSE_MS });
  const reason = `the org refused the event; published again, alone: ${record.reason}`;
  return { eventKey, reason, at: now, retryAt: toEpochMs(now + pauseMs), refusals };
}
