import type { SQLOutputValue } from 'node:sqlite';

import type { Clock } from '../clock.ts';
import type { RunWatcher } from '../flow/watch.ts';
import type { RecordStore } from '../store/records.ts';
import type { FlowRun } from './run.ts';
import { watchRuns, type EndedRun } from './watchRuns.ts';

/** A run as kept, with its number: higher is newer. */
export interface StoredRun extends FlowRun {
  readonly number: number;
}

export interface RunFilter {
  readonly flow?: string | undefined;
  /** Only runs that were set off by this record or event, or whose values name the record. */
  readonly touched?: string | undefined;
  /** Only runs that failed, were refused or undone, or took a fault path. */
  readonly troubledOnly?: boolean | undefined;
  readonly transaction?: string | undefined;
  /** All parts of one interview of a screen flow, each from one screen to the next. */
  readonly interview?: string | undefined;
}

/** The last runs of flows, in the org's file. */
export interface FlowRuns {
  /** Undefined when nothing is to be kept, so that flows pay nothing for it. */
  readonly watcher: RunWatcher | undefined;
  /** Newest first. */
  list(filter: RunFilter, max: number): StoredRun[];
  read(number: number): StoredRun | undefined;
  /** Names of the flows that have runs. */
  flows(): string[];
  /** Writes what waits; before the store closes. */
  close(): void;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS flow_run (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  flow TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  troubled INTEGER NOT NULL,
  json TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS flow_run_touched (
  record TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (record, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS flow_run_touched_number ON flow_run_touched (number);
`;

/** Runs wait this long to be written together, so that a burst of events pays for few writes. */
const WRITE_AFTER_MS = 200;

/**
 * Keeps the last `most` runs of flows. They are written after the transactions they report on,
 * also of those that were undone; runs of the last moment before a `kill -9` are lost.
 * @param most 0 keeps nothing and records nothing
 */
export function makeFlowRuns(store: RecordStore, clock: Clock, most: number): FlowRuns {
  const { sql } = store;
  sql.exec(SCHEMA);
  const put = sql.prepare(
    'INSERT INTO flow_run (flow, transaction_id, troubled, json) VALUES (?, ?, ?, ?)',
  );
  const touch = sql.prepare('INSERT INTO flow_run_touched (record, number) VALUES (?, ?)');
  const past = "(SELECT seq FROM sqlite_sequence WHERE name = 'flow_run') - ?";
  const forget = sql.prepare(`DELETE FROM flow_run WHERE number <= ${past}`);
  const forgetTouched = sql.prepare(`DELETE FROM flow_run_touched WHERE number <= ${past}`);
  const select = sql.prepare(`SELECT number, json FROM flow_run WHERE (?1 IS NULL OR flow = ?1)
    AND (?2 IS NULL OR number IN (SELECT number FROM flow_run_touched WHERE record = ?2))
    AND (?3 = 0 OR troubled = 1) AND (?4 IS NULL OR transaction_id = ?4)
    AND (?5 IS NULL OR json_extract(json, '$.interview') = ?5) ORDER BY number DESC LIMIT ?6`);
  const one = sql.prepare('SELECT number, json FROM flow_run WHERE number = ?');
  const names = sql.prepare('SELECT DISTINCT flow FROM flow_run ORDER BY flow');

  let waiting: EndedRun[] = [];
  let timer: NodeJS.Timeout | undefined;

  function write(): void {
    clearTimeout(timer);
    timer = undefined;
    const ended = waiting.slice(-most);
    waiting = [];
    if (ended.length === 0) return;
    store.transaction(() => {
      for (const { run, committed } of ended) {
        const kept: FlowRun = {
          ...run,
          end: isGood(run) && !committed ? 'undone' : run.end,
        };
        const troubled = !isGood(kept) || kept.faults > 0;
        const { lastInsertRowid } = put.run(
          kept.flow,
          kept.transaction,
          Number(troubled),
          JSON.stringify(kept),
        );
        for (const id of kept.touched) touch.run(id, lastInsertRowid);
      }
      forget.run(most);
      forgetTouched.run(most);
    });
  }

  function keep(ended: EndedRun): void {
    waiting.push(ended);
    // Twice as many as are kept, so that what is too old is dropped now and then, not each time.
    if (waiting.length > 2 * most) waiting = waiting.slice(-most);
    timer ??= setTimeout(write, WRITE_AFTER_MS).unref();
  }

  return {
    watcher: most === 0 ? undefined : watchRuns(store, clock, keep),
    list({ flow, touched, troubledOnly, transaction, interview }, max) {
      write();
      return select
        .all(
          flow ?? null,
          touched ?? null,
          Number(troubledOnly === true),
          transaction ?? null,
          interview ?? null,
          max,
        )
        .map(toRun);
    },
    read(number) {
      write();
      const row = one.get(number);
      return row === undefined ? undefined : toRun(row);
    },
    flows: () => names.all().map((row) => String(row['flow'])),
    close: write,
  };
}

function isGood({ end }: FlowRun): boolean {
  return end === 'completed' || end === 'waiting';
}

/** Written by this org, so its shape is known. */
function toRun(row: Record<string, SQLOutputValue>): StoredRun {
  const run = JSON.parse(String(row['json'])) as FlowRun;
  return { ...run, number: Number(row['number']) };
}
