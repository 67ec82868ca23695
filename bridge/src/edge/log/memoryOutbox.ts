import type { EpisodeKey, EpochMs, EventKey } from '../../model/brand.ts';
import { err, ok } from '../../model/result.ts';
import { severities } from '../../model/signal.ts';
import type { Signal } from '../../model/signal.ts';
import type { StorageFailure } from '../../ports/log.ts';
import type { Outbox, OutboxEntry, Receipt, Settlement, Unreceipted } from '../../ports/outbox.ts';

interface Row {
  readonly signal: Signal;
  state: 'pending' | 'published' | 'failed' | 'coalesced';
  tried: boolean;
  attempts: number;
  publishes: number;
  refusals: number;
  retryAt: number;
  lastError?: string;
  publishedAt?: EpochMs;
  receipt?: Omit<Receipt, 'disposition'> & { disposition: Receipt['disposition'] | 'Coalesced' };
  overtakenBy?: EventKey;
}

/** An outbox in memory, for tests and trials: keeps the same promises until the process ends. */
export interface MemoryOutbox extends Outbox {
  /** Set to have every record refused, as a full disk does. */
  refuse: StorageFailure | undefined;
  row(eventKey: EventKey): Readonly<Row> | undefined;
  /** As after a kill: of what had its turn nobody knows whether it is on the event bus. */
  forgetWhatIsOut(): void;
}

const rankOf = ({ signal }: Row): number => severities.indexOf(signal.severity);
const isWaiting = (row: Row): boolean => row.state === 'published' && row.receipt === undefined;

export function makeMemoryOutbox(): MemoryOutbox {
  const rows = new Map<EventKey, Row>();

  const all = (): Row[] => [...rows.values()];
  const episodes = new Map<EpisodeKey, Row[]>();
  /** In the order of their sequence. */
  const episode = (key: EpisodeKey | undefined): readonly Row[] =>
    (key === undefined ? undefined : episodes.get(key)) ?? [];
  const isHeldBack = (row: Row): boolean =>
    episode(row.signal.episodeKey).some(
      (other) =>
        isWaiting(other) ||
        (other.state === 'pending' && other.signal.sequence < row.signal.sequence),
    );
  /** Of the worst that waits of its episode: what has to go before something severe is as urgent. */
  const priorityOf = ({ signal }: Row): number =>
    Math.min(
      ...episode(signal.episodeKey)
        .filter(({ state }) => state === 'pending')
        .map(rankOf),
    );
  const waiting = (): Row[] =>
    all()
      .filter(isWaiting)
      .toSorted((a, b) => (a.publishedAt ?? 0) - (b.publishedAt ?? 0));
  const isFollowed = ({ signal, tried }: Row): boolean =>
    signal.phase === 'Updated' &&
    !tried &&
    episode(signal.episodeKey).some(
      (other) => other.state === 'pending' && other.signal.sequence > signal.sequence,
    );

  function revive(eventKey: EventKey): void {
    for (const row of rows.values()) {
      if (row.overtakenBy !== eventKey) continue;
      row.state = 'pending';
      delete row.receipt;
      delete row.overtakenBy;
    }
  }
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
        row.tried = true;
        row.retryAt = settlement.retryAt;
        row.lastError = settlement.reason;
        return;
      case 'failed':
        row.state = 'failed';
        row.attempts += 1;
        row.lastError = settlement.reason;
        revive(settlement.eventKey);
    }
  }

  return {
    refuse: undefined,
    row: (eventKey) => rows.get(eventKey),
    forgetWhatIsOut() {
      for (const row of all()) row.tried ||= row.state === 'pending' && !isHeldBack(row);
    },
    async record(progress) {
      if (this.refuse !== undefined) return err(this.refuse);
      for (const signal of progress.signals) {
        if (rows.has(signal.eventKey)) continue;
        const none = { tried: false, attempts: 0, publishes: 0, refusals: 0, retryAt: 0 };
        const row: Row = { signal, state: 'pending', ...none };
        rows.set(signal.eventKey, row);
        const story = [...episode(signal.episodeKey), row];
        episodes.set(
          signal.episodeKey,
          story.toSorted((a, b) => a.signal.sequence - b.signal.sequence),
        );
      }
      return ok(undefined);
    },
    async due(now, limit, atLeast = 'Low') {
      return all()
        .filter((row) => row.state === 'pending' && row.retryAt <= now && !isHeldBack(row))
        .filter((row) => priorityOf(row) <= severities.indexOf(atLeast))
        .toSorted((a, b) => priorityOf(a) - priorityOf(b) || a.retryAt - b.retryAt)
        .slice(0, limit)
        .map((row): OutboxEntry => {
          const { signal, attempts, refusals } = row;
          return { signal, attempts, alone: refusals > 0, followed: isFollowed(row) };
        });
    },
    async ready(now) {
      const due = await this.due(now, rows.size);
      const ranks = due.flatMap(({ signal }) => rows.get(signal.eventKey) ?? []).map(priorityOf);
      const count = (rank: number): number => ranks.filter((one) => one === rank).length;
      return { Critical: count(0), High: count(1), Medium: count(2), Low: count(3) };
    },
    async story(eventKey) {
      const of = rows.get(eventKey)?.signal;
      const story = episode(of?.episodeKey).filter(({ state }) => state !== 'coalesced');
      const before = story.findLast(({ signal }) => signal.sequence < (of?.sequence ?? 0));
      return {
        before:
          before === undefined
            ? undefined
            : {
                phase: before.signal.phase,
                severity: before.signal.severity,
                acted: before.receipt?.disposition === 'Acted',
              },
        waiting: story
          .filter(({ state }) => state === 'pending')
          .map(({ signal, tried }) => {
            const { eventKey: key, phase, sequence, severity, occurredAt } = signal;
            return { eventKey: key, phase, sequence, severity, occurredAt, tried };
          }),
      };
    },
    async coalesce(overtaken) {
      let ended = 0;
      for (const { eventKey, by, reason, at } of overtaken) {
        const row = rows.get(eventKey);
        if (row === undefined || row.state !== 'pending' || row.tried) continue;
        const receipt = { eventKey, disposition: 'Coalesced', reason, at } as const;
        Object.assign(row, { state: 'coalesced', overtakenBy: by, receipt });
        ended += 1;
      }
      return ended;
    },
    async settle(settlements) {
      settlements.forEach(settleOne);
    },
    async unreceipted(limit, skip = 0) {
      return waiting()
        .slice(skip, skip + limit)
        .flatMap(({ signal: { eventKey, episodeKey }, publishedAt, publishes, refusals }) =>
          publishedAt === undefined
            ? []
            : [{ eventKey, episodeKey, publishedAt, publishes, refusals } satisfies Unreceipted],
        );
    },
    inFlight: async (since) =>
      waiting().filter(({ publishedAt }) => (publishedAt ?? 0) >= since).length,
    async receive(receipts) {
      for (const receipt of receipts) {
        const row = rows.get(receipt.eventKey);
        if (row === undefined || !isWaiting(row)) continue;
        row.receipt = receipt;
        const { disposition } = receipt;
        if (disposition === 'Missing' || disposition === 'Failed') revive(receipt.eventKey);
      }
    },
    async republish(events) {
      for (const { eventKey, reason, retryAt, refusals } of events) {
        const row = rows.get(eventKey);
        if (row === undefined || !isWaiting(row)) continue;
        Object.assign(row, { state: 'pending', tried: true, retryAt, lastError: reason, refusals });
      }
    },
    async counts() {
      const count = (state: Row['state']): number =>
        all().filter((row) => row.state === state).length;
      return {
        pending: count('pending'),
        unreceipted: waiting().length,
        failed: count('failed'),
        coalesced: count('coalesced'),
      };
    },
    async prune(before) {
      const old = [...rows].filter(
        ([, { receipt }]) => receipt !== undefined && receipt.at < before,
      );
      for (const [key, row] of old) {
        rows.delete(key);
        const { episodeKey } = row.signal;
        episodes.set(
          episodeKey,
          episode(episodeKey).filter((other) => other !== row),
        );
      }
      return old.length;
    },
  };
}
