import type { EpisodeKey, EventKey } from '../../model/brand.ts';
import type { Signal } from '../../model/signal.ts';
import { KEY_CHARS, KEY_ROWS } from './statements.ts';
import type { OutboxStatements } from './statements.ts';

/**
 * Keys that go into the index at once. They are hashes, so each goes to another page of it: with a hundred thousand
 * events there, ten of so many share a page that one alone would have to write.
 */
const AT_ONCE = 8_192;
/** Per recorded signal; more than one, so that all of them are in before as many have come again. */
const PER_SIGNAL = 2;

interface Key {
  readonly id: number;
  readonly episode: string;
  readonly sequence: number;
}

/** Keys that are not in the index, or not all of them. */
interface Collected {
  readonly events: Set<EventKey>;
  readonly keys: Key[];
}

const collect = (): Collected => ({ events: new Set(), keys: [] });
const bySorting = (a: Key, b: Key): number => {
  if (a.episode !== b.episode) return a.episode < b.episode ? -1 : 1;
  return a.sequence - b.sequence || a.id - b.id;
};

/** Knows which events were ever recorded and not pruned, also those of earlier runs. */
export interface KnownKeys {
  has(signal: Signal): boolean;
  /** What was recorded, once it is safe. */
  add(signal: Signal, id: number): void;
  /**
   * Brings some keys into the index, as part of the transaction that records this many signals; to be told when
   * that is committed.
   */
  index(signals: number): () => void;
  /** Ids of events of the episode that are not in the index yet. */
  recentOf(episodeKey: EpisodeKey): readonly number[];
}

export function makeKnownKeys(sql: OutboxStatements): KnownKeys {
  let recent = collect();
  /** On their way into the index, sorted; up to `done` they are in. */
  let sorted = collect();
  let done = 0;

  function add(eventKey: EventKey, episodeKey: string, sequence: number, id: number): void {
    recent.events.add(eventKey);
    recent.keys.push({ id, episode: episodeKey.slice(0, KEY_CHARS), sequence });
  }
  for (const row of sql.selectKeysBehind.iterate(Number(sql.getMark.get('key')?.['value']))) {
    const eventKey = String(row['event_key']) as EventKey;
    add(eventKey, String(row['episode_key']), Number(row['sequence']), Number(row['id']));
  }

  return {
    has: ({ eventKey, episodeKey, sequence }) =>
      recent.events.has(eventKey) ||
      sorted.events.has(eventKey) ||
      sql.findKey.get(episodeKey.slice(0, KEY_CHARS), sequence, eventKey) !== undefined,
    add: ({ eventKey, episodeKey, sequence }, id) => add(eventKey, episodeKey, sequence, id),
    index(signals) {
      if (sorted.keys.length === 0) {
        if (recent.keys.length < AT_ONCE) return () => undefined;
        sorted = recent;
        sorted.keys.sort(bySorting);
        recent = collect();
        done = 0;
      }
      const { keys } = sorted;
      const batches = Math.ceil((signals * PER_SIGNAL) / KEY_ROWS);
      const until = Math.min(done + batches * KEY_ROWS, keys.length);
      for (let from = done; from < until; from += KEY_ROWS) {
        const values: (string | number)[] = [];
        // Behind the last the last again, which changes nothing.
        for (let next = from; next < from + KEY_ROWS; next += 1) {
          const key = keys[Math.min(next, until - 1)];
          if (key !== undefined) values.push(key.episode, key.sequence, key.id);
        }
        sql.insertKeys.run(...values);
      }
      const isAll = until === keys.length;
      if (isAll) {
        sql.setMark.run('key', Math.max(...keys.map(({ id }) => id)));
        sql.addToMark.run('keys', keys.length);
      }
      return () => {
        done = until;
        if (isAll) sorted = collect();
      };
    },
    recentOf(episodeKey) {
      const episode = episodeKey.slice(0, KEY_CHARS);
      return [...sorted.keys, ...recent.keys]
        .filter((key) => key.episode === episode)
        .map(({ id }) => id);
    },
  };
}
