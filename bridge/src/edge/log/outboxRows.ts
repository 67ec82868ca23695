import { toEpochMs } from '../../model/brand.ts';
import type { EpisodeKey, EventKey } from '../../model/brand.ts';
import { severities } from '../../model/signal.ts';
import type { Phase, Severity, Signal } from '../../model/signal.ts';
import type { EpisodeEnd, OutboxEntry, Unreceipted, WaitingEvent } from '../../ports/outbox.ts';

type Row = Record<string, unknown>;

/** 0 for Critical to 3 for Low. */
export const rankOf = (severity: Severity): number => severities.indexOf(severity);
const toSeverity = (rank: unknown): Severity => severities[Number(rank)] ?? 'Low';

/** Rows that are due, with what decides their order: the worse first, then the new before the tried. */
export function toOrderedEntry(row: Row) {
  const entry: OutboxEntry = {
    // Written by `record` from a Signal; nobody else writes this column.
    signal: JSON.parse(String(row['signal'])) as Signal,
    attempts: Number(row['attempts']),
    alone: Number(row['refusals']) > 0,
    followed: row['followed'] === 1,
  };
  return entry;
}

export function toUnreceipted(row: Row): Unreceipted {
  return {
    eventKey: String(row['event_key']) as EventKey,
    episodeKey: String(row['episode_key']) as EpisodeKey,
    publishedAt: toEpochMs(Number(row['published_at'])),
    publishes: Number(row['publishes']),
    refusals: Number(row['refusals']),
  };
}

export function toWaiting(row: Row): WaitingEvent {
  return {
    eventKey: String(row['event_key']) as EventKey,
    phase: String(row['phase']) as Phase,
    sequence: Number(row['sequence']),
    severity: toSeverity(row['rank']),
    occurredAt: toEpochMs(Number(row['occurred_at'])),
    tried: row['tried'] === 1,
  };
}

export function toEnd(row: Row): EpisodeEnd {
  return {
    phase: String(row['phase']) as Phase,
    severity: toSeverity(row['rank']),
    acted: row['receipt'] === 'Acted',
  };
}
