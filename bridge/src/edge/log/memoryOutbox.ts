import { toLogPosition } from '../../model/brand.ts';
import type { DeviceKey, EpochMs, EventKey, LogPosition } from '../../model/brand.ts';
import { err, ok } from '../../model/result.ts';
import type { Signal } from '../../model/signal.ts';
import type { StorageFailure } from '../../ports/log.ts';
import type { Outbox, Receipt, Settlement } from '../../ports/outbox.ts';

interface Row {
  readonly signal: Signal;
  state: 'pending' | 'published' | 'failed';
  attempts: number;
  publishes: number;
  refusals: number;
  retryAt: number;
  lastError?: string;
  publishedAt?: EpochMs;
  receipt?: Receipt;
}

/** An outbox in memory, for tests and trials: keeps the same promises until the process ends. */
export interface MemoryOutbox extends Outbox {
  /** Set to have every record refused, as a full disk does. */
  refuse: StorageFailure | undefined;
  row(eventKey: EventKey): Readonly<Row> | undefined;
}

export function makeMemoryOutbox(): MemoryOutbox {
  const rows = new Map<EventKey, Row>();
  const states = new Map<DeviceKey, string>();
  let cursor: LogPosition = toLogPosition(0);
  let listenedAt: EpochMs | undefined;

  const isOpen = (row: Row): boolean =>
    row.state === 'pending' || (row.state === 'published' && row.receipt === undefined);
  const isHeldBack = ({ signal }: Row): boolean =>
    [...rows.values()].some(
      (other) =>
        other.signal.episodeKey === signal.episodeKey &&
        other.signal.sequence < signal.sequence &&
        isOpen(other),
    );
  const waiting = (): Row[] =>
    [...rows.values()].filter((row) => row.state === 'published' && isOpen(row));

  function settleOne(settlement: Settlement): void {
    const row = rows.get(settlement.eventKey);
    if (row === undefined || row.state !== 'pending') return;
    switch (settlement.kind) {
      case 'published':
        row.state = 'published';
        row.attempts += 1;
        row.publishes += 1;
        row.publishedAt = settlement.at;
        return;
      case 'retry':
        row.attempts += settlement.counted ? 1 : 0;
        row.retryAt = settlement.retryAt;
        row.lastError = settlement.reason;
        return;
      case 'failed':
        row.state = 'failed';
        row.attempts += 1;
        row.lastError = settlement.reason;
    }
  }

  return {
    refuse: undefined,
    row: (eventKey) => rows.get(eventKey),
    async record(progress) {
      if (this.refuse !== undefined) return err(this.refuse);
      for (const signal of progress.signals) {
        if (rows.has(signal.eventKey)) continue;
        const none = { attempts: 0, publishes: 0, refusals: 0, retryAt: 0 };
        rows.set(signal.eventKey, { signal, state: 'pending', ...none });
      }
      const { snapshot } = progress;
      for (const [device, state] of snapshot?.states ?? []) states.set(device, state);
      cursor = toLogPosition(Math.max(cursor, snapshot?.cursor ?? 0));
      listenedAt = snapshot?.listenedAt ?? listenedAt;
      return ok(undefined);
    },
    async restore() {
      const copy = new Map(states);
      return { cursor, states: copy, ...(listenedAt !== undefined && { listenedAt }) };
    },
    cursor: async () => cursor,
    async due(now, limit) {
      return [...rows.values()]
        .filter((row) => row.state === 'pending' && row.retryAt <= now && !isHeldBack(row))
        .toSorted((a, b) => a.retryAt - b.retryAt)
        .slice(0, limit)
        .map(({ signal, attempts, refusals }) => ({ signal, attempts, alone: refusals > 0 }));
    },
    async settle(settlements) {
      settlements.forEach(settleOne);
    },
    async unreceipted(limit) {
      return waiting()
        .toSorted((a, b) => (a.publishedAt ?? 0) - (b.publishedAt ?? 0))
        .slice(0, limit)
        .flatMap(({ signal: { eventKey, episodeKey }, publishedAt, publishes, refusals }) =>
          publishedAt === undefined
            ? []
            : [{ eventKey, episodeKey, publishedAt, publishes, refusals }],
        );
    },
    async receive(receipts) {
      for (const receipt of receipts) {
        const row = rows.get(receipt.eventKey);
        if (row !== undefined && row.state === 'published') row.receipt ??= receipt;
      }
    },
    async republish(events) {
      const waitingRows = waiting();
      for (const { eventKey, reason, retryAt, refusals } of events) {
        const row = waitingRows.find(({ signal }) => signal.eventKey === eventKey);
        if (row === undefined) continue;
        Object.assign(row, { state: 'pending', retryAt, lastError: reason, refusals });
      }
    },
    async counts() {
      const count = (state: Row['state']): number =>
        [...rows.values()].filter((row) => row.state === state).length;
      return {
        pending: count('pending'),
        unreceipted: waiting().length,
        failed: count('failed'),
      };
    },
    async prune(before) {
      const old = [...rows].filter(
        ([, { receipt }]) => receipt !== undefined && receipt.at < before,
      );
      for (const [key] of old) rows.delete(key);
      return old.length;
    },
  };
}
