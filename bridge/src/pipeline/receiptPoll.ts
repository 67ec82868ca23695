import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventKey } from '../model/brand.ts';
import type { RecordId } from '../model/identity.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox, Receipt, Unreceipted } from '../ports/outbox.ts';
import { MOST_KEYS } from '../ports/receipts.ts';
import type { EndedRecord, FailedRow, Receipts } from '../ports/receipts.ts';
import type { Counters, Logger } from '../ports/telemetry.ts';
import type { Breaker } from './breaker.ts';
import type { LatencyWatch } from './latency.ts';
import type { OrgState } from './orgState.ts';
import type { Pace } from './pace.ts';
import { judgeAsked } from './receiptVerdicts.ts';
import type { VerdictOptions } from './receiptVerdicts.ts';
import type { Unrouted } from './unrouted.ts';
import type { Wakeup } from './wakeup.ts';

export interface PollOptions extends VerdictOptions {
  readonly outbox: Outbox;
  readonly receipts: Receipts;
  readonly unrouted: Unrouted;
  readonly latency: LatencyWatch;
  readonly org: OrgState;
  readonly breaker: Breaker;
  /** Told how many events have ended, so that as many more may go. */
  readonly pace: Pace;
  /** Notified when a receipt has let the next phase of an episode go. */
  readonly recorded: Wakeup;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly logger: Logger;
}

/** `more`: the next question will be worth its call at once. */
export type PollOutcome = 'nothing waits' | 'no answer' | 'asked' | 'more';

/** One question after the other, each an API call. */
export interface ReceiptPoll {
  /** Everything the answer says is written down when it returns. @throws where it could not be */
  ask(): Promise<PollOutcome>;
  /** Up to where everything is taken in. */
  place(): string | undefined;
}

/** By then the pages have shown what became of nearly every event; the rest is asked for by key, in the same call. */
const ASK_AFTER_MS = 10_000;
/** Rows of a page taken in at once: a millisecond, then readings have their turn. */
const AT_ONCE = 250;
/** A full page of which so many were waited for is followed at once by the next. */
const WORTH_ROWS = 200;

/** @param start where an earlier process left off */
export function makeReceiptPoll(options: PollOptions, start: string | undefined): ReceiptPoll {
  const { outbox, receipts, unrouted, latency, org, breaker, pace, recorded } = options;
  const { clock, counters, logger } = options;
  let place = start;
  /** Of the window of events that are asked for by key: they take turns, so that those that wait for long hide no others. */
  let skip = 0;
  let hinted: readonly EventKey[] = [];
  let seenFailures: ReadonlySet<RecordId> = new Set();

  /** Longest waiting first; `none`: nothing waits at all. */
  async function chooseAsked(): Promise<readonly Unreceipted[] | 'none'> {
    let window = await outbox.unreceipted(MOST_KEYS, skip);
    if (window.length === 0 && skip > 0) window = await outbox.unreceipted(MOST_KEYS, (skip = 0));
    if (window.length === 0) return 'none';
    const overdueAt = clock() - Math.min(ASK_AFTER_MS, options.missingAfterMs);
    const overdue = window.filter(({ publishedAt }) => publishedAt <= overdueAt);
    skip = overdue.length < window.length ? 0 : skip + window.length;
    const told = hinted.length === 0 ? [] : await outbox.awaiting(hinted);
    const known = new Set(told.map(({ eventKey }) => eventKey));
    const asked = [...told, ...overdue.filter(({ eventKey }) => !known.has(eventKey))];
    return asked.slice(0, MOST_KEYS);
  }

  async function end(ended: readonly (readonly [Unreceipted, Receipt])[]): Promise<void> {
    if (ended.length === 0) return;
    await outbox.receive(ended.map(([, receipt]) => receipt));
    for (const [event, { eventKey, disposition, at }] of ended) {
      counters.receiptSeen(disposition);
      unrouted.ended(eventKey);
      if (disposition === 'Acted' || disposition === 'Suppressed') latency.acted(event, at);
    }
  }

  /** Answers which of these were waited for. */
  async function takePage(records: readonly EndedRecord[]): Promise<ReadonlySet<EventKey>> {
    const taken = new Set<EventKey>();
    for (let from = 0; from < records.length; from += AT_ONCE) {
      if (from > 0) await nextTurn();
      const some = new Map(records.slice(from, from + AT_ONCE).map((one) => [one.eventKey, one]));
      const waiting = await outbox.awaiting([...some.keys()]);
      const at = clock();
      await end(
        waiting.flatMap((event) => {
          const record = some.get(event.eventKey);
          return record === undefined ? [] : [[event, { ...record, at }] as const];
        }),
      );
      pace.received(waiting.length);
      if (waiting.length > 0) recorded.notify();
      for (const { eventKey } of waiting) taken.add(eventKey);
    }
    return taken;
  }

  /** Failures that were not in the last answer, of events that wait. */
  async function takeHints(failed: readonly FailedRow[], asked: ReadonlySet<EventKey>) {
    const fresh = failed.filter(({ id }) => !seenFailures.has(id)).map(({ eventKey }) => eventKey);
    const open = [...hinted.filter((key) => !asked.has(key)), ...fresh];
    seenFailures = new Set(failed.map(({ id }) => id));
    const waiting = open.length === 0 ? [] : await outbox.awaiting([...new Set(open)]);
    hinted = waiting.map(({ eventKey }) => eventKey);
  }

  return {
    place: () => place,
    async ask() {
      const asked = await chooseAsked();
      if (asked === 'none') return 'nothing waits';
      const eventKeys = asked.map(({ eventKey }) => eventKey);
      const answer = await receipts.read({ place, eventKeys });
      org.report('receipts', answer);
      if (!answer.ok) {
        breaker.failed(answer.error);
        return 'no answer';
      }
      breaker.succeeded();
      const { ended: page, failed, found, more } = answer.value;
      const taken = await takePage(page);

      const open = asked.filter(({ eventKey }) => !taken.has(eventKey));
      const verdicts = judgeAsked(open, found, clock(), options);
      const byKey = new Map(open.map((event) => [event.eventKey, event]));
      const toEnd = [...verdicts.ended, ...verdicts.lost].flatMap((receipt) => {
        const event = byKey.get(receipt.eventKey);
        return event === undefined ? [] : [[event, receipt] as const];
      });
      await end(toEnd);
      await outbox.republish(verdicts.again);
      for (const { eventKey } of verdicts.again) unrouted.ended(eventKey);
      for (const { eventKey, reason } of verdicts.lost) {
        logger.error(
          { stage: 'receipts', eventKey },
          `an event never arrived in the org: ${reason}`,
        );
      }
      await takeHints(failed, new Set(eventKeys));
      pace.received(verdicts.ended.length);
      const gone = toEnd.length + verdicts.again.length;
      if (gone > 0) recorded.notify();
      skip = Math.max(0, skip - taken.size - gone);
      place = answer.value.place;

      const routed = await unrouted.ask(verdicts.unrouted);
      if (!routed.ok) {
        org.report('receipts', routed);
        breaker.failed(routed.error);
        return 'no answer';
      }
      const isWorth = (more && taken.size >= WORTH_ROWS) || gone >= MOST_KEYS / 2;
      return isWorth || hinted.length > 0 ? 'more' : 'asked';
    },
  };
}
