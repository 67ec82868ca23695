import { toEpochMs } from '../../model/brand.ts';
import type { EpisodeKey, EpochMs, EventKey } from '../../model/brand.ts';
import { severities } from '../../model/signal.ts';
import type { Phase, Severity, Signal } from '../../model/signal.ts';
import type { OutboxEntry, Unreceipted, WaitingEvent } from '../../ports/outbox.ts';
import { isFollowed } from './openEvents.ts';
import type { OpenEpisode, OpenEvent, Start } from './openEvents.ts';
import type { OutboxStatements } from './statements.ts';

type Row = Record<string, unknown>;

/** Until when a signal waits for others of its latency class; 0: it does not. The same whenever it is asked. */
export type WaitsUntil = (signal: Signal) => EpochMs;

/** 0 for Critical to 3 for Low. */
export const rankOf = (severity: Severity): number => severities.indexOf(severity);
const toSeverity = (rank: number): Severity => severities[rank] ?? 'Low';
const toText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
const toTime = (value: unknown): EpochMs | undefined =>
  typeof value === 'number' ? toEpochMs(value) : undefined;

/** Written by `record` from a Signal; nobody else writes this column. */
export const toSignal = (row: Row | undefined): Signal =>
  JSON.parse(String(row?.['signal'])) as Signal;

/** A signal that nothing has happened to. */
export function toNew(signal: Signal, id: number, chars: number, waitUntil: number): Start {
  const { eventKey, phase, sequence, severity, occurredAt, detectedAt, latencyClass } = signal;
  const rank = rankOf(severity);
  return {
    ...{ id, eventKey, phase, sequence, rank, occurredAt, detectedAt, latencyClass, signal, chars },
    state: 'pending',
    ...{ tried: false, attempts: 0, publishes: 0, refusals: 0, retryAt: 0, waitUntil },
    ...{ lastError: undefined, publishedAt: undefined, handed: false, written: false },
  };
}

/** As it was left in the file. */
export function toStart(row: Row, waitsUntil: WaitsUntil): Start {
  const isPublished = row['state'] === 'published';
  const signal = toSignal(row);
  const waitUntil = row['written'] === 1 ? Number(row['wait_until']) : waitsUntil(signal);
  return {
    ...toNew(signal, Number(row['id']), String(row['signal']).length, waitUntil),
    signal: isPublished ? undefined : signal,
    state: isPublished ? 'published' : 'pending',
    tried: row['tried'] === 1,
    attempts: Number(row['attempts']),
    publishes: Number(row['publishes']),
    refusals: Number(row['refusals']),
    retryAt: Number(row['retry_at']),
    lastError: toText(row['last_error']),
    publishedAt: toTime(row['published_at']),
    written: row['written'] === 1,
  };
}

/** Writes how an open event stands; aside, with what it is found by there. */
export function save(sql: OutboxStatements, event: OpenEvent, aside: boolean): void {
  const { id, state, attempts, publishes, refusals, retryAt, lastError, publishedAt } = event;
  // What was given away may be out by the time it is looked for again.
  const tried = event.tried || (aside && event.handed) ? 1 : 0;
  const { key, events, over } = event.episode;
  const known = [state, tried, attempts, publishes, refusals, retryAt, lastError ?? null] as const;
  const written = [id, ...known, publishedAt ?? null, event.waitUntil] as const;
  if (!aside) {
    sql.save.run(...written, 0, null, null, null, null, null, 0, 0);
    return;
  }
  const held = events.some((other) => other.state === 'published') || event !== events[0];
  const place = [event.sequence, priorityOf(event), held ? 1 : 0] as const;
  const mayBeUntold = event.episode.told !== true && !events.some(isOut);
  sql.save.run(...written, 1, event.eventKey, key, ...place, over ? 1 : 0, mayBeUntold ? 1 : 0);
}

/** It is on the event bus, or may be. */
export const isOut = ({ state, tried, handed }: OpenEvent): boolean =>
  state === 'published' || tried || handed;

/** The worst rank of what waits behind it, its own at least. */
const priorityOf = ({ sequence, rank, episode: { events } }: OpenEvent): number =>
  events.reduce(
    (worst, other) => (other.sequence > sequence ? Math.min(worst, other.rank) : worst),
    rank,
  );

export function toEntry(event: OpenEvent, signal: Signal, untold: boolean): OutboxEntry {
  const { attempts, publishes, retryAt } = event;
  return {
    ...{ signal, attempts, followed: isFollowed(event), untold },
    ...(publishes > 0 && { part: retryAt }),
  };
}

export function toUnreceipted(event: OpenEvent): Unreceipted {
  const { eventKey, episode, publishes, refusals, detectedAt, latencyClass } = event;
  return {
    ...{ eventKey, episodeKey: episode.key, publishedAt: event.publishedAt ?? toEpochMs(0) },
    ...{ publishes, refusals, detectedAt, severity: toSeverity(event.rank) },
    ...(latencyClass !== undefined && { latencyClass }),
  };
}

export function rowToUnreceipted(row: Row): Unreceipted {
  const latencyClass = row['latency_class'];
  return {
    eventKey: String(row['event_key']) as EventKey,
    episodeKey: String(row['episode_key']) as EpisodeKey,
    publishedAt: toEpochMs(Number(row['published_at'])),
    publishes: Number(row['publishes']),
    refusals: Number(row['refusals']),
    detectedAt: toEpochMs(Number(row['detected_at'])),
    severity: String(row['severity']) as Severity,
    ...(typeof latencyClass === 'string' && {
      latencyClass: latencyClass as NonNullable<Signal['latencyClass']>,
    }),
  };
}

/** Those that wait to be published, in the order of their sequence. */
export const toWaiting = ({ events }: OpenEpisode): WaitingEvent[] =>
  events
    .filter(({ state }) => state === 'pending')
    .map(({ eventKey, phase, sequence, rank, occurredAt, detectedAt, tried }) => {
      const severity = toSeverity(rank);
      return { eventKey, phase, sequence, severity, occurredAt, detectedAt, tried };
    });

export function toEnd(row: Row): NonNullable<OpenEpisode['before']> {
  return {
    phase: String(row['phase']) as Phase,
    severity: String(row['severity']) as Severity,
    sequence: Number(row['sequence']),
    acted: row['receipt'] === 'Acted',
  };
}
