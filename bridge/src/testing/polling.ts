import { makeMemoryReceipts } from '../edge/salesforce/memoryReceipts.ts';
import { toEpochMs } from '../model/brand.ts';
import type { EventKey } from '../model/brand.ts';
import { toRecordId } from '../model/identity.ts';
import { makeLatencyWatch } from '../pipeline/latency.ts';
import { latencyDefaults } from '../core/govern/latencyClass.ts';
import { makeReceiptPoll } from '../pipeline/receiptPoll.ts';
import type { PollOptions } from '../pipeline/receiptPoll.ts';
import { makeUnrouted } from '../pipeline/unrouted.ts';

/** The place before the first row. */
export const NOWHERE = '[[0,""],[0,""]]';

type Given = Omit<PollOptions, 'receipts' | 'unrouted' | 'latency'>;

/** Receipts of an org in memory, asked for one question at a time. */
export function makePolling(given: Given, { page = 2_000, place = NOWHERE } = {}) {
  const org = makeMemoryReceipts({ page });
  const { clock, counters, logger, routeAgainAfterMs } = given;
  const unrouted = makeUnrouted({ receipts: org, clock, logger, routeAgainAfterMs });
  const latency = makeLatencyWatch({ rules: latencyDefaults, clock, counters, logger });
  const options = { ...given, receipts: org, unrouted, latency };
  let rows = 0;
  const nextId = (prefix: string) =>
    toRecordId(`${prefix}${String((rows += 1)).padStart(15, '0')}`);
  return {
    ...{ org, unrouted, latency },
    poll: makeReceiptPoll(options, place),
    /** Another process goes on from there. */
    restart: (from: string | undefined) => makeReceiptPoll(options, from),
    /** The org saves how it stands with an event. */
    save: (
      eventKey: EventKey,
      disposition: 'Received' | 'Acted' | 'Suppressed' | 'Failed',
      savedAt: number = clock(),
    ): void => {
      const id = org.signals.get(eventKey)?.id ?? nextId('a0S');
      const at = toEpochMs(Math.floor(savedAt / 1_000) * 1_000);
      org.signals.set(eventKey, { id, eventKey, disposition, reason: '', savedAt: at });
    },
    /** The org could not store it, once more. */
    refuse: (eventKey: EventKey, reason = 'DUPLICATE_VALUE'): void => {
      const savedAt = toEpochMs(Math.floor(clock() / 1_000) * 1_000);
      org.failures.push({ id: nextId('a0F'), eventKey, stage: 'Ingest', reason, savedAt });
    },
  };
}
