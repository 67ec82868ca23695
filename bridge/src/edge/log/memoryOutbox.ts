import type { EpisodeKey, EpochMs, EventKey } from '../../model/brand.ts';
import { err, ok } from '../../model/result.ts';
import { severities } from '../../model/signal.ts';
import type { Signal } from '../../model/signal.ts';
import type { StorageFailure } from '../../ports/log.ts';
import type {
  Outbox,
  OutboxEntry,
  Receipt,
  Settlement,
  SuppressReason,
  Unreceipted,
} from '../../ports/outbox.ts';

interface Row {
  readonly signal: Signal;
  state: 'pending' | 'published' | 'failed' | 'coalesced' | 'suppressed';
  tried: boolean;
  attempts: number;
  publishes: number;
  refusals: number;
  retryAt: number;
  /** For others of its latency class; 0: it does not wait. */
  waitUntil: number;
  lastError?: string;
  publishedAt?: EpochMs;
  receipt?: Omit<Receipt, 'disposition'> & {
    disposition: Receipt['disposition'] | 'Coalesced' | 'Shed';
  };
  why?: SuppressReason;
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

const isNew = ({ state, retryAt }: Row): boolean => state === 'pending' && retryAt === 0;
const isSilent = ({ state }: Row): boolean => state === 'coalesced' || state === 'suppressed';

function toUnreceipted({ signal, publishedAt, publishes, refusals }: Row): Unreceipted {
  const { eventKey, episodeKey, detectedAt, severity, latencyClass } = signal;
  return {
    ...{ eventKey, episodeKey, publishedAt: publishedAt ?? detectedAt, publishes, refusals },
    ...{ detectedAt, severity, ...(latencyClass !== undefined && { latencyClass }) },
  };
}

/** Recommended most events of a request: with so many, none waits for company. Source: Pub/Sub API allocations. */
const FULL_REQUEST = 200;

/** @param waitsUntil until when a signal waits for others of its class; absent: none does */
export function makeMemoryOutbox(waitsUntil: (signal: Signal) => number = () => 0): MemoryOutbox {
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
  const pendingOf = ({ signal }: Row): readonly Row[] =>
    episode(signal.episodeKey).filter(({ state }) => state === 'pending');
  const isOver = (row: Row): boolean => pendingOf(row).at(-1)?.signal.phase === 'Cleared';
  const waitOf = (row: Row): number => Math.min(...pendingOf(row).map((one) => one.waitUntil));
  /** Nothing of its episode was told, or may have been. */
  const isUntold = (row: Row): boolean => {
    const story = episode(row.signal.episodeKey);
    const before = story.filter(({ signal }) => signal.sequence < row.signal.sequence);
    const isBegun =
      before.length === 0 ? row.signal.sequence === 0 : before[0]?.state === 'suppressed';
    const silent = before.every(isSilent) && (before[0] ?? row).signal.sequence === 0;
    return isBegun && silent && !story.some((one) => one.tried || one.state === 'published');
  };
  /** Ends the waiting for company where there is enough of it. */
  function release(now: number): void {
    const heads = all().filter((row) => isNew(row) && !isHeldBack(row) && waitOf(row) > now);
    if (heads.length < FULL_REQUEST) return;
    for (const row of heads) row.waitUntil = 0;
  }
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
      const before = rows.size;
      for (const signal of progress.signals) {
        if (rows.has(signal.eventKey)) continue;
        const none = { tried: false, attempts: 0, publishes: 0, refusals: 0, retryAt: 0 };
        const row: Row = { signal, state: 'pending', ...none, waitUntil: waitsUntil(signal) };
        rows.set(signal.eventKey, row);
        const story = [...episode(signal.episodeKey), row];
        episodes.set(
          signal.episodeKey,
          story.toSorted((a, b) => a.signal.sequence - b.signal.sequence),
        );
      }
      return ok(rows.size - before);
    },
    async due(now, limit, atLeast = 'Low') {
      release(now);
      return all()
        .filter((row) => row.state === 'pending' && row.retryAt <= now && !isHeldBack(row))
        .filter((row) => !isNew(row) || waitOf(row) <= now)
        .filter((row) => priorityOf(row) <= severities.indexOf(atLeast))
        .toSorted(
          (a, b) =>
            priorityOf(a) - priorityOf(b) ||
            a.retryAt - b.retryAt ||
            (isNew(a) ? Number(isOver(a)) - Number(isOver(b)) : 0),
        )
        .slice(0, limit)
        .map((row): OutboxEntry => {
          const { signal, attempts, publishes, retryAt } = row;
          const untold = signal.phase === 'Cleared' && isUntold(row);
          const part = publishes > 0 ? { part: retryAt } : {};
          return { signal, attempts, followed: isFollowed(row), untold, ...part };
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
      const story = episode(of?.episodeKey).filter((row) => !isSilent(row));
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
            const { eventKey: key, phase, sequence, severity, occurredAt, detectedAt } = signal;
            return { eventKey: key, phase, sequence, severity, occurredAt, detectedAt, tried };
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
    async suppress(events) {
      const ended: EventKey[] = [];
      for (const { eventKey, why, reason, at } of events) {
        const row = rows.get(eventKey);
        if (row === undefined || row.state !== 'pending' || row.tried) continue;
        const receipt = { eventKey, disposition: 'Shed', reason, at } as const;
        Object.assign(row, { state: 'suppressed', why, receipt });
        ended.push(eventKey);
      }
      return ended;
    },
    async waitingEpisodes({ severity, kind, before, limit }) {
      const fits = (row: Row): boolean => {
        if (kind === 'followed') return isFollowed(row);
        if (kind === 'open') return !isOver(row) && row.signal.phase !== 'Cleared';
        return isOver(row) && isUntold(row);
      };
      const heads = all()
        .filter((row) => row.state === 'pending' && !row.tried && !isHeldBack(row))
        .filter((row) => priorityOf(row) === severities.indexOf(severity))
        .filter((row) => row.signal.detectedAt < before && fits(row))
        .slice(0, limit);
      return Promise.all(heads.map(({ signal }) => this.story(signal.eventKey)));
    },
    async settle(settlements) {
      settlements.forEach(settleOne);
    },
    async unreceipted(limit, skip = 0) {
      return waiting()
        .slice(skip, skip + limit)
        .map(toUnreceipted);
    },
    async awaiting(eventKeys) {
      return eventKeys.flatMap((key) => {
        const row = rows.get(key);
        return row !== undefined && isWaiting(row) ? [toUnreceipted(row)] : [];
      });
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
        suppressed: count('suppressed'),
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
