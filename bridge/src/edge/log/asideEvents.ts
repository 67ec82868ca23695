import type { EpisodeKey, EventKey } from '../../model/brand.ts';
import type { Signal } from '../../model/signal.ts';
import type { Unreceipted } from '../../ports/outbox.ts';
import type { OpenEpisode, OpenEvent, OpenEvents } from './openEvents.ts';
import { rankOf, rowToUnreceipted, save, toSignal, toStart } from './outboxRows.ts';
import type { WaitsUntil } from './outboxRows.ts';
import type { OutboxStatements } from './statements.ts';

/** Keys that are remembered, so that no index is needed for them. */
const ASKED = 5_000;

/** Open events there is no room for in memory: the file alone knows of them. */
export interface AsideEvents {
  readonly size: number;
  readonly published: number;
  /** An event whose episode is aside is brought into memory with all of it. */
  find(eventKey: EventKey): OpenEvent | undefined;
  /** Into memory, all that is open of them. */
  bring(episodeKeys: readonly EpisodeKey[]): void;
  has(episodeKey: EpisodeKey): boolean;
  /** Those that are published, longest waiting first. */
  unreceipted(limit: number, skip: number): Unreceipted[];
  /** Of an episode that is not in memory. */
  add(signal: Signal, id: number, waitUntil: number): void;
  put(episode: OpenEpisode): void;
  /** After a transaction with `add` came to nothing. */
  count(): void;
  /** How many have their turn, by rank. */
  ready(now: number): number[];
  /** How many that have their turn wait for others of their class, at most `limit`. */
  waits(now: number, limit: number): number;
  /** They wait no longer. */
  release(): void;
  /** Brings the oldest episodes of this rank into memory of which nothing was tried, as far as they are that old; answers which. */
  bringOldest(rank: number, isOver: boolean, before: number, limit: number): EpisodeKey[];
  /** Brings those into memory that belong among the first `limit` that are due. */
  bringDue(now: number, limit: number, worstRank: number): void;
}

/** @param transact runs in a transaction; `add` is part of the caller's */
export function makeAsideEvents(
  sql: OutboxStatements,
  open: OpenEvents,
  transact: <T>(work: () => T) => T,
  waitsUntil: WaitsUntil,
): AsideEvents {
  let size = 0;
  let published = 0;
  function count(): void {
    const row = sql.countAside.get();
    size = Number(row?.['n']);
    published = Number(row?.['published']);
  }
  count();

  function bring(episodeKeys: readonly EpisodeKey[]): void {
    if (size === 0 || episodeKeys.length === 0) return;
    const rows = transact(() => episodeKeys.flatMap((key) => sql.takeAside.all(key)));
    for (const { id } of rows) {
      const row = sql.selectEvent.get(Number(id));
      if (row === undefined) continue;
      const { episodeKey } = toSignal(row);
      const start = toStart(row, waitsUntil);
      open.add(episodeKey, start);
      size -= 1;
      if (start.state === 'published') published -= 1;
    }
  }
  /** Of those that were asked for last, whose receipts may come. */
  const asked = new Map<EventKey, EpisodeKey>();
  function episodeOf(eventKey: EventKey): EpisodeKey | undefined {
    const known = asked.get(eventKey);
    if (known !== undefined || size === 0) return known;
    const row = sql.findAside.get(eventKey);
    return row === undefined ? undefined : (String(row['episode_key']) as EpisodeKey);
  }

  return {
    get size() {
      return size;
    },
    get published() {
      return published;
    },
    find(eventKey) {
      const episodeKey = episodeOf(eventKey);
      if (episodeKey !== undefined) bring([episodeKey]);
      return open.find(eventKey);
    },
    count,
    bring,
    unreceipted(limit, skip) {
      if (published <= skip) return [];
      const waiting = sql.selectAsidePublished.all(limit, skip).map(rowToUnreceipted);
      if (asked.size > ASKED) asked.clear();
      for (const { eventKey, episodeKey } of waiting) asked.set(eventKey, episodeKey);
      return waiting;
    },
    has: (episodeKey) => size > 0 && sql.isEpisodeAside.get(episodeKey) !== undefined,
    add({ eventKey, episodeKey, phase, sequence, severity }, id, waitUntil) {
      const rank = rankOf(severity);
      const held = sql.isEpisodeAside.get(episodeKey) !== undefined && sequence > 0 ? 1 : 0;
      const over = phase === 'Cleared' ? 1 : 0;
      if (held) sql.follow.run(episodeKey, rank, waitUntil, over);
      const place = [sequence, rank, waitUntil, over, 1, held] as const;
      sql.insertAside.run(id, eventKey, episodeKey, ...place);
      size += 1;
    },
    waits: (now, limit) =>
      size === published ? 0 : Number(sql.countAsideWaits.get(now, limit)?.['n']),
    release: () => void transact(() => sql.releaseAside.run()),
    bringOldest(rank, isOver, before, limit) {
      if (size === published) return [];
      const rows = sql.selectAsideWaiting.all(rank, isOver ? 1 : 0, limit);
      const keys = rows
        .filter((row) => Number(row['detected_at']) < before)
        .map((row) => String(row['episode_key']) as EpisodeKey);
      bring(keys);
      return keys;
    },
    put(episode) {
      transact(() => {
        for (const event of episode.events) save(sql, event, true);
      });
      size += episode.events.length;
      published += episode.events.filter(({ state }) => state === 'published').length;
      open.forget(episode);
    },
    ready(now) {
      const counts = [0, 0, 0, 0];
      if (size === published) return counts;
      for (const { priority, n } of [
        ...sql.countAsideNew.all(now),
        ...sql.countAsideAgain.all(now),
      ]) {
        counts[Number(priority)] = (counts[Number(priority)] ?? 0) + Number(n);
      }
      return counts;
    },
    bringDue(now, limit, worstRank) {
      if (size === published) return;
      const inMemory = open.due(now, limit, worstRank);
      const last = inMemory.length < limit ? undefined : inMemory.at(-1);
      const goesBefore = (row: Record<string, unknown>): boolean => {
        if (last === undefined) return true;
        const by = Number(row['priority']) - last.episode.worst;
        const retryAt = Number(row['retry_at']);
        if (by !== 0 || retryAt !== last.retryAt)
          return by < 0 || (by === 0 && retryAt < last.retryAt);
        const over = Number(row['ended']) - (last.episode.over ? 1 : 0);
        if (retryAt === 0 && over !== 0) return over < 0;
        return Number(row['id']) < last.id;
      };
      const rows = sql.selectAsideNew.all(worstRank, now, limit).filter(goesBefore);
      rows.push(...sql.selectAsideAgain.all(now, worstRank, limit).filter(goesBefore));
      bring([...new Set(rows.map((row) => String(row['episode_key']) as EpisodeKey))]);
    },
  };
}
