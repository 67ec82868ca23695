import type { Signal } from '../../model/signal.ts';
import type { Receipt } from '../../ports/outbox.ts';
import type { OpenEvent } from './openEvents.ts';
import { END_ROWS, SIGNAL_ROWS } from './statements.ts';
import type { OutboxStatements } from './statements.ts';

export interface SignalRow {
  readonly id: number;
  readonly signal: Signal;
  readonly json: string;
}

export interface EndRow {
  readonly event: OpenEvent;
  readonly receipt: Receipt;
}

export function insertSignals(
  sql: OutboxStatements,
  rows: readonly SignalRow[],
  recordedAt: number,
): void {
  let next = 0;
  for (; next + SIGNAL_ROWS <= rows.length; next += SIGNAL_ROWS) {
    const values: (number | string)[] = [];
    for (const { id, json } of rows.slice(next, next + SIGNAL_ROWS))
      values.push(id, recordedAt, json);
    sql.insertSignals.run(...values);
  }
  for (const { id, json } of rows.slice(next)) sql.insertSignal.run(id, recordedAt, json);
}

/** How published events ended, in one row each whatever was written of them before. */
export function insertEnds(sql: OutboxStatements, rows: readonly EndRow[]): void {
  let next = 0;
  for (; next + END_ROWS <= rows.length; next += END_ROWS) {
    const values: (number | string | null)[] = [];
    for (const row of rows.slice(next, next + END_ROWS)) values.push(...valuesOf(row));
    sql.insertEnds.run(...values);
  }
  for (const row of rows.slice(next)) sql.insertEnd.run(...valuesOf(row));
}

function valuesOf({ event, receipt: { disposition, reason, at } }: EndRow) {
  const { id, attempts, publishes, refusals, lastError = null, publishedAt = null } = event;
  return [
    id,
    attempts,
    publishes,
    refusals,
    lastError,
    publishedAt,
    disposition,
    reason,
    at,
  ] as const;
}
