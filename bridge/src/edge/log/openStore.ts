import type { DatabaseSync } from 'node:sqlite';
import type { EpisodeKey, EventKey } from '../../model/brand.ts';
import type { EpisodeStory } from '../../ports/outbox.ts';
import { makeAsideEvents } from './asideEvents.ts';
import { inTransaction } from './database.ts';
import { makeKnownKeys } from './knownKeys.ts';
import { makeLateWrites } from './lateWrites.ts';
import { makeOpenEvents } from './openEvents.ts';
import type { OpenEpisode, OpenEvent } from './openEvents.ts';
import { isOut, save, toEnd, toSignal, toStart, toWaiting } from './outboxRows.ts';
import type { WaitsUntil } from './outboxRows.ts';
import type { OutboxStatements } from './statements.ts';

export interface OpenStoreOptions {
  readonly maxOpen: number;
  readonly waitsUntil: WaitsUntil;
  readonly elapsedMs: () => number;
  /** A transaction that the power can take away. */
  readonly unflushed: <T>(work: () => T) => T;
}

/** The mark that says whether the last bridge on this file came to its end. */
const STOPPED = 'stopped';
/** What nobody was told of. */
const SILENT: ReadonlySet<string> = new Set(['suppressed', 'coalesced']);

/** Open events of the outbox, in memory as far as there is room, the rest in the file; as a crash has left them. */
export function makeOpenStore(
  database: DatabaseSync,
  sql: OutboxStatements,
  { maxOpen, waitsUntil, elapsedMs, unflushed }: OpenStoreOptions,
) {
  const open = makeOpenEvents();
  const aside = makeAsideEvents(sql, open, unflushed, waitsUntil);
  const known = makeKnownKeys(sql);
  let lastId = Number(sql.lastId.get()?.['id']);
  const late = makeLateWrites(sql, () => lastId, unflushed, elapsedMs);
  let version = Number(sql.dataVersion.get()?.['data_version']);

  const tell = (id: number, at: number, what: string, reason: string): void => {
    sql.addHistory.run(id, at, what, reason);
    sql.trimHistory.run(id);
  };
  function bringRow(row: Record<string, unknown> | undefined): void {
    if (row === undefined) return;
    const { episodeKey } = toSignal(row);
    if (open.episode(episodeKey) === undefined) aside.bring([episodeKey]);
    const event = open.add(episodeKey, toStart(row, waitsUntil));
    if (!event.written) late.changed(event);
  }
  const bring = (ids: readonly number[]): void => {
    for (const id of ids) bringRow(sql.selectEvent.get(id));
  };
  /** What an operator wants published again. */
  function takeRedriven(): void {
    const rows = sql.selectRedriven.all();
    if (rows.length === 0) return;
    unflushed(() => sql.takeRedriven.run());
    bring(rows.map(({ id }) => Number(id)));
  }
  /**
   * Killed while events were on their way, the bridge cannot know which: all that had their turn. After a stop it knows.
   */
  function start(): void {
    const wasStopped = Number(sql.getMark.get(STOPPED)?.['value'] ?? 0) === 1;
    for (const row of sql.selectOpen.iterate()) bringRow(row);
    const mark = Number(sql.getMark.get('state')?.['value']);
    for (const row of sql.selectUnwritten.iterate(mark)) bringRow(row);
    const mayBeOut = [...open.all()].filter(
      (event) => !wasStopped && open.isTurn(event) && event.retryAt === 0 && !event.tried,
    );
    inTransaction(database, () => {
      sql.putMark.run(STOPPED, 0);
      for (const event of mayBeOut) {
        event.tried = true;
        save(sql, event, false);
        event.written = true;
        late.done(event);
      }
    });
    takeRedriven();
  }
  start();
  let hasSuppressed = sql.hasSuppressed.get() !== undefined;

  /** What came before the first that is open was all suppressed, but for what that says as much as. */
  function wasSuppressed({ key, events }: OpenEpisode): boolean {
    const first = events[0]?.sequence ?? 0;
    const rows = known.recentOf(key).map((id) => sql.selectState.get(id, key, first));
    const before = [...sql.selectStates.all(key, first), ...rows].filter(
      (row) => row !== undefined,
    );
    const isBegun = before.some((row) => row['sequence'] === 0 && row['state'] === 'suppressed');
    return isBegun && before.every((row) => SILENT.has(String(row['state'])));
  }

  return {
    ...{ open, aside, known, late, tell, bring },
    /** Of the newest event. */
    lastId: () => lastId,
    recorded: (events: number): void => void (lastId += events),
    find: (eventKey: EventKey): OpenEvent | undefined =>
      open.find(eventKey) ?? aside.find(eventKey),
    /** Whether a program beside the bridge has changed something; cheap. */
    lookAtFile(): void {
      const current = Number(sql.dataVersion.get()?.['data_version']);
      if (current === version) return;
      takeRedriven();
      version = current;
    },
    /** How the event before this one ended. */
    findBefore(episode: OpenEpisode, sequence: number): OpenEpisode['before'] {
      if (episode.before !== undefined && episode.before.sequence < sequence) return episode.before;
      const rows = known.recentOf(episode.key).map((id) => sql.selectEnd.get(id));
      return [sql.selectBefore.get(episode.key, sequence), ...rows]
        .flatMap((row) => (row === undefined ? [] : [toEnd(row)]))
        .filter((end) => end.sequence < sequence)
        .sort((a, b) => b.sequence - a.sequence)[0];
    },
    /** What waits of the episode of an event, and the last before that. */
    tellStory(event: OpenEvent): EpisodeStory {
      const before = this.findBefore(event.episode, event.sequence);
      if (before === undefined) return { before, waiting: toWaiting(event.episode) };
      const { phase, severity, acted } = before;
      return { before: { phase, severity, acted }, waiting: toWaiting(event.episode) };
    },
    suppressed: (): void => void (hasSuppressed = true),
    /** Nothing of the episode was ever told, nor may it have been. */
    isUntold(episode: OpenEpisode): boolean {
      if (episode.events.some(isOut)) return false;
      episode.told ??= !hasSuppressed || !wasSuppressed(episode);
      return !episode.told;
    },
    /** Writes everything as it stands, at a stop; what was given away may be out. */
    close(): void {
      late.writeAll();
      const given = [...open.all()].filter(({ state, handed }) => state === 'pending' && handed);
      inTransaction(database, () => {
        for (const event of given) save(sql, { ...event, tried: true }, false);
        sql.putMark.run(STOPPED, 1);
      });
    },
    /** Those in memory although there is no room go aside, until something of their episode is due. */
    makeRoom(episodes: Iterable<EpisodeKey>): void {
      for (const key of episodes) {
        const episode = open.episode(key);
        if (open.size <= maxOpen || episode === undefined) continue;
        const events = [...episode.events];
        if (events.some(({ handed }) => handed)) continue;
        try {
          aside.put(episode);
        } catch {
          // A full disk: told by who records; they stay in memory.
          return;
        }
        for (const event of events) late.done(event);
      }
    },
  };
}

export type OpenStore = ReturnType<typeof makeOpenStore>;
