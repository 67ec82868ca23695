import type { EpisodeKey, EpochMs, EventKey } from '../../model/brand.ts';
import { severities } from '../../model/signal.ts';
import type { Phase, Signal } from '../../model/signal.ts';
import type { EpisodeEnd } from '../../ports/outbox.ts';
import { makeEventQueue } from './eventQueue.ts';
import type { EventQueue } from './eventQueue.ts';

/** An event on its way, as long as it has not ended. */
export interface OpenEvent {
  /** In the order of recording. */
  readonly id: number;
  readonly eventKey: EventKey;
  readonly episode: OpenEpisode;
  readonly phase: Phase;
  readonly sequence: number;
  /** 0 Critical to 3 Low. */
  readonly rank: number;
  readonly occurredAt: EpochMs;
  readonly detectedAt: EpochMs;
  readonly latencyClass: Signal['latencyClass'];
  /** Undefined: it is read when it is needed. */
  signal: Signal | undefined;
  /** Of the signal as JSON. */
  readonly chars: number;
  state: 'pending' | 'published';
  /** It may be on the event bus. */
  tried: boolean;
  attempts: number;
  publishes: number;
  refusals: number;
  /** 0: new. */
  retryAt: number;
  /** For others of its latency class; 0: it does not wait. */
  waitUntil: number;
  lastError: string | undefined;
  publishedAt: EpochMs | undefined;
  /** It was given away to be published, and how that ended is not known yet. */
  handed: boolean;
  /** Something of it is written beside its signal. */
  written: boolean;
  queue: EventQueue<OpenEvent> | undefined;
}

export interface OpenEpisode {
  readonly key: EpisodeKey;
  /** In the order of their sequence; never empty. */
  readonly events: OpenEvent[];
  /** The worst rank of what is pending. */
  worst: number;
  /** Whether the last that is pending is a Cleared. */
  over: boolean;
  /** Something of it was told, or may have been; undefined: nobody has looked. */
  told: boolean | undefined;
  /** The last that ended since the episode is in memory. */
  before: (EpisodeEnd & { readonly sequence: number }) | undefined;
}

export type Start = Omit<OpenEvent, 'episode' | 'queue'>;

/**
 * Of all signals that are in memory; beyond, they are read again when their turn comes. As objects they take several
 * times that; a burst of some 2,000 events is published without being read, an outage is not kept in memory.
 */
const MAX_CHARS = 2_000_000;

const byId = (a: OpenEvent, b: OpenEvent): number => a.id - b.id;
const byWait = (a: OpenEvent, b: OpenEvent): number => a.waitUntil - b.waitUntil || a.id - b.id;
const byRetry = (a: OpenEvent, b: OpenEvent): number => a.retryAt - b.retryAt || a.id - b.id;
const byPublished = (a: OpenEvent, b: OpenEvent): number =>
  (a.publishedAt ?? 0) - (b.publishedAt ?? 0) || a.id - b.id;

/** The events of an episode are all in memory, or none of them is. */
export type OpenEvents = ReturnType<typeof makeOpenEvents>;

/**
 * Events on their way, in memory: whose turn it is, and which of them is the most urgent. Nothing else of its
 * episode is on its way when an event has its turn, and nothing earlier is pending.
 */
export function makeOpenEvents() {
  const byKey = new Map<EventKey, OpenEvent>();
  const episodes = new Map<EpisodeKey, OpenEpisode>();
  /** Those that have their turn: new ones by their urgency, of episodes that go on and that are over; then those to be tried again. */
  const fresh = severities.map(() => [makeEventQueue(byId), makeEventQueue(byId)] as const);
  const again = makeEventQueue(byRetry);
  /** New ones that wait for others of their class. */
  const waiting = makeEventQueue(byWait);
  const published = makeEventQueue(byPublished);
  let chars = 0;

  function forgetSignal(event: OpenEvent): void {
    if (event.signal === undefined) return;
    event.signal = undefined;
    chars -= event.chars;
  }
  function put(event: OpenEvent, queue: EventQueue<OpenEvent> | undefined): void {
    if (event.queue === queue) return;
    event.queue?.remove(event);
    event.queue = queue;
    queue?.add(event);
  }
  /** Nothing of the episode has its turn, while something of it is changed. */
  function withdraw({ events }: OpenEpisode): void {
    for (const event of events) put(event, undefined);
  }
  /** What has its turn now has its place in the right queue. */
  function arrange(episode: OpenEpisode): void {
    let head: OpenEvent | undefined;
    let isOut = false;
    let waitUntil = Infinity;
    episode.worst = severities.length - 1;
    for (const event of episode.events) {
      if (event.state === 'published') {
        isOut = true;
        put(event, published);
        continue;
      }
      head ??= event;
      if (event.rank < episode.worst) episode.worst = event.rank;
      if (event.waitUntil < waitUntil) waitUntil = event.waitUntil;
      episode.over = event.phase === 'Cleared';
    }
    if (head === undefined || isOut) return;
    head.waitUntil = waitUntil;
    if (head.retryAt > 0) put(head, again);
    else if (waitUntil > 0) put(head, waiting);
    else put(head, fresh[episode.worst]?.[episode.over ? 1 : 0]);
  }
  /** Those that have waited long enough have their turn, all of them where `all` is set. */
  function release(now: number, all: boolean): void {
    for (let event = waiting.at(0); event !== undefined; event = waiting.at(0)) {
      if (!all && event.waitUntil > now) return;
      put(event, undefined);
      event.waitUntil = 0;
      put(event, fresh[event.episode.worst]?.[event.episode.over ? 1 : 0]);
    }
  }
  function remove(event: OpenEvent): void {
    const { episode } = event;
    put(event, undefined);
    forgetSignal(event);
    byKey.delete(event.eventKey);
    episode.events.splice(episode.events.indexOf(event), 1);
    if (episode.events.length === 0) episodes.delete(episode.key);
  }

  return {
    get size() {
      return byKey.size;
    },
    published,
    waiting,
    release,
    episodes: () => episodes.values(),
    all: () => byKey.values(),
    find: (eventKey: EventKey) => byKey.get(eventKey),
    episode: (key: EpisodeKey) => episodes.get(key),
    /** Or only waits for others of its class, which may have come and gone. */
    isTurn: ({ queue }: OpenEvent): boolean => queue !== undefined && queue !== published,
    add(episodeKey: EpisodeKey, start: Start): OpenEvent {
      let episode = episodes.get(episodeKey);
      if (episode === undefined) {
        const [worst, over] = [start.rank, start.phase === 'Cleared'];
        const told = start.sequence === 0 && !start.tried ? false : undefined;
        episode = { key: episodeKey, events: [], worst, over, told, before: undefined };
        episodes.set(episodeKey, episode);
      }
      const event: OpenEvent = { ...start, episode, queue: undefined };
      byKey.set(event.eventKey, event);
      chars += event.signal === undefined ? 0 : event.chars;
      if (chars > MAX_CHARS) forgetSignal(event);
      withdraw(episode);
      let place = episode.events.length;
      for (let last = episode.events[place - 1]; place > 0; last = episode.events[place - 1]) {
        if (last === undefined || last.sequence <= event.sequence) break;
        place -= 1;
      }
      episode.events.splice(place, 0, event);
      arrange(episode);
      return event;
    },
    /** Its phase, severity and receipt are what the episode's next event finds as the one before. */
    end(event: OpenEvent, { acted }: { readonly acted: boolean }): void {
      const { episode, phase, sequence, rank } = event;
      if (episode.before === undefined || episode.before.sequence < sequence) {
        episode.before = { phase, sequence, severity: severities[rank] ?? 'Low', acted };
      }
      episode.told = true;
      withdraw(episode);
      remove(event);
      arrange(episode);
    },
    /** It is not published at all. */
    drop(event: OpenEvent): void {
      withdraw(event.episode);
      remove(event);
      arrange(event.episode);
    },
    /** No longer in memory. */
    forget(episode: OpenEpisode): void {
      for (const event of [...episode.events]) remove(event);
    },
    change(event: OpenEvent, changes: Partial<OpenEvent>): void {
      withdraw(event.episode);
      Object.assign(event, changes);
      if (event.state === 'published') forgetSignal(event);
      arrange(event.episode);
    },
    /** Whose turn it is, the most urgent first; of one urgency the new first, each oldest first. */
    due(now: number, limit: number, worstRank: number): OpenEvent[] {
      const due: OpenEvent[] = [];
      const tried: OpenEvent[] = [];
      for (const event of again) {
        if (event.retryAt > now) break;
        tried.push(event);
      }
      release(now, false);
      for (const [rank, queues] of fresh.entries()) {
        if (rank > worstRank) break;
        for (const queue of queues) {
          for (const event of queue) {
            if (due.length === limit) return due;
            due.push(event);
          }
        }
        for (const event of tried) {
          if (due.length === limit) return due;
          if (event.episode.worst === rank) due.push(event);
        }
      }
      return due;
    },
    /** How many have their turn, by rank. */
    ready(now: number): number[] {
      release(now, false);
      const counts = fresh.map(([on, over]) => on.size + over.size);
      for (const { retryAt, episode } of again) {
        if (retryAt > now) break;
        counts[episode.worst] = (counts[episode.worst] ?? 0) + 1;
      }
      return counts;
    },
  };
}

/** An Updated that was never tried, with later events of its episode behind it. */
export const isFollowed = ({ phase, tried, episode }: OpenEvent): boolean =>
  phase === 'Updated' && !tried && episode.events.length > 1;
