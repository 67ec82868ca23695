import type { DatabaseSync } from 'node:sqlite';
import type { EventKey } from '../../model/brand.ts';
import type { EpisodeStory, Outbox } from '../../ports/outbox.ts';
import type { AsideEvents } from './asideEvents.ts';
import { inTransaction } from './database.ts';
import type { LateWrites } from './lateWrites.ts';
import { isFollowed } from './openEvents.ts';
import type { OpenEpisode, OpenEvent, OpenEvents } from './openEvents.ts';
import type { OpenStore } from './openStore.ts';
import { isOut, rankOf } from './outboxRows.ts';
import type { OutboxStatements } from './statements.ts';

/** Recommended most events of a request: with so many, none waits for company. Source: Pub/Sub API allocations. */
const FULL_REQUEST = 200;

/** Some ten milliseconds. */
const LOOK_UPS = 100;

type Parts = Pick<OpenStore, 'isUntold' | 'makeRoom' | 'suppressed' | 'tellStory'> & {
  readonly open: OpenEvents;
  readonly aside: AsideEvents;
  readonly late: LateWrites;
  readonly find: (eventKey: EventKey) => OpenEvent | undefined;
};

/** The part of the outbox that knows what waits for what, and ends what is not to be told. */
export function makeOutboxShedding(
  database: DatabaseSync,
  sql: OutboxStatements,
  { open, aside, late, find, ...store }: Parts,
) {
  /** The first of an episode that waits, where nothing of it is on its way. */
  const headOf = ({ events }: OpenEpisode): OpenEvent | undefined =>
    events.some(isOut) ? undefined : events[0];

  /** Whether it was told of is looked up in the file where the episode has not been in memory since: not for all at once. */
  let lookUps = 0;
  function isUntold(episode: OpenEpisode): boolean {
    if (episode.told === undefined && (lookUps -= 1) < 0) return false;
    return store.isUntold(episode);
  }
  function fits(head: OpenEvent, kind: 'ended' | 'open' | 'followed'): boolean {
    if (kind === 'followed') return isFollowed(head);
    if (kind === 'open') return !head.episode.over && head.phase !== 'Cleared';
    return head.episode.over && isUntold(head.episode);
  }

  const operations: Pick<Outbox, 'suppress' | 'waitingEpisodes'> = {
    async suppress(events) {
      const ended = events.flatMap((one) => {
        const event = find(one.eventKey);
        return event?.state === 'pending' && !event.tried ? [{ ...one, event }] : [];
      });
      if (ended.length === 0) return [];
      inTransaction(database, () => {
        for (const { event, why, reason, at } of ended) {
          sql.insertSuppressed.run(event.id, why, reason, at);
        }
      });
      store.suppressed();
      for (const { event } of ended) {
        open.drop(event);
        late.done(event);
      }
      return ended.map(({ eventKey }) => eventKey);
    },
    async waitingEpisodes({ severity, kind, before, limit }) {
      const rank = rankOf(severity);
      const brought =
        kind === 'followed' ? [] : aside.bringOldest(rank, kind === 'ended', before, limit);
      const found: OpenEvent[] = [];
      lookUps = LOOK_UPS;
      for (const episode of open.episodes()) {
        if (episode.worst !== rank) continue;
        const head = headOf(episode);
        if (head !== undefined && head.detectedAt < before && fits(head, kind)) found.push(head);
      }
      const chosen = found.toSorted((a, b) => a.id - b.id).slice(0, limit);
      const stories: EpisodeStory[] = chosen.map((head) => store.tellStory(head));
      const kept = new Set(chosen.map(({ episode }) => episode.key));
      store.makeRoom(brought.filter((key) => !kept.has(key)));
      return stories;
    },
  };
  return {
    operations,
    /** Ends the waiting for company where there is enough of it. */
    release(now: number): void {
      const inMemory = open.waiting.size;
      const missing = Math.max(FULL_REQUEST - inMemory, 1);
      if (missing > 1 && aside.size === 0) return;
      if (inMemory < FULL_REQUEST && aside.waits(now, missing) < missing) return;
      open.release(now, true);
      if (aside.size > 0) aside.release();
    },
  };
}
