import type { EpisodeKey, EventKey } from '../../model/brand.ts';
import type { Signal } from '../../model/signal.ts';
import type { OpenEpisode, OpenEvent, OpenEvents } from './openEvents.ts';
import { rankOf, save, toStart } from './outboxRows.ts';
import type { OutboxStatements } from './statements.ts';

/** Open events there is no room for in memory: the file alone knows of them. */
export interface AsideEvents {
  readonly size: number;
  readonly published: number;
  /** An event whose episode is aside is brought into memory with all of it. */
  find(eventKey: EventKey): OpenEvent | undefined;
  /** Into memory, all that is open of it. */
  bring(episodeKey: EpisodeKey): void;
  has(episodeKey: EpisodeKey): boolean;
  /** Of an episode that is not in memory. */
  add(signal: Signal, id: number): void;
  put(episode: OpenEpisode): void;
  /** After a transaction with `add` came to nothing. */
  count(): void;
  /** Brings those into memory that belong among the first `limit` that are due. */
  bringDue(now: number, limit: number, worstRank: number): void;
}

/** @param transact runs in a transaction; `add` is part of the caller's */
export function makeAsideEvents(
  sql: OutboxStatements,
  open: OpenEvents,
  transact: <T>(work: () => T) => T,
): AsideEvents {
  let size = 0;
  let published = 0;
  function count(): void {
    const row = sql.countAside.get();
    size = Number(row?.['n']);
    published = Number(row?.['published']);
  }
  count();

  function bring(episodeKey: string): void {
    if (size === 0) return;
    const ids = transact(() => sql.takeAside.all(episodeKey));
    for (const { id } of ids) {
      const row = sql.selectEvent.get(Number(id));
      if (row === undefined) continue;
      const start = toStart(row);
      open.add(episodeKey as EpisodeKey, start);
      size -= 1;
      if (start.state === 'published') published -= 1;
    }
  }

  return {
    get size() {
      return size;
    },
    get published() {
      return published;
    },
    find(eventKey) {
      const row = size === 0 ? undefined : sql.findAside.get(eventKey);
      if (row === undefined) return undefined;
      bring(String(row['episode_key']));
      return open.find(eventKey);
    },
    count,
    bring,
    has: (episodeKey) => size > 0 && sql.isEpisodeAside.get(episodeKey) !== undefined,
    add({ eventKey, episodeKey, sequence, severity }, id) {
      const rank = rankOf(severity);
      const held = sequence > 0 && sql.isEpisodeAside.get(episodeKey) !== undefined;
      sql.raisePriority.run(episodeKey, rank);
      const none = [0, 0, 0, 0, 0, null, null] as const;
      const found = [1, eventKey, episodeKey, sequence, rank] as const;
      sql.save.run(id, 'pending', ...none, ...found, held ? 1 : 0);
      size += 1;
    },
    put(episode) {
      transact(() => {
        for (const event of episode.events) save(sql, event, true);
      });
      size += episode.events.length;
      published += episode.events.filter(({ state }) => state === 'published').length;
      open.forget(episode);
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
        return Number(row['id']) < last.id;
      };
      const rows = sql.selectAsideNew.all(worstRank, limit).filter(goesBefore);
      rows.push(...sql.selectAsideAgain.all(now, worstRank, limit).filter(goesBefore));
      for (const row of rows) bring(String(row['episode_key']));
    },
  };
}
