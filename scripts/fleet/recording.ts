import { setTimeout as sleep } from 'node:timers/promises';

import type { EvidenceLog } from './evidence.ts';
import type { Publisher } from './publisher.ts';

/** One row of a recording. */
export interface RecordedRow {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

const ISO_LIKE =
  /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** A time as recordings write it (`2013-07-04 00:00:00`, ISO 8601); without a zone it is UTC. */
export function parseTime(text: string): number | undefined {
  const match = ISO_LIKE.exec(text.trim());
  if (match === null) return undefined;
  const [, day = '', time = '00:00:00', zone = 'Z'] = match;
  const at = Date.parse(`${day}T${time}${zone.toUpperCase().replace(/^(...)(\d\d)$/, '$1:$2')}`);
  // Date.parse rolls 30 February over to March; a recording with such a day is damaged.
  const wall = Date.parse(`${day}T${time}Z`);
  const rolled = !Number.isNaN(wall) && new Date(wall).toISOString().slice(0, 10) !== day;
  return Number.isNaN(at) || rolled ? undefined : at;
}

/**
 * Reads a recording: a header with `timestamp` and `value` (other columns are ignored), then
 * one row per reading. Empty lines are skipped.
 *
 * @throws Error naming the file, the line and what is expected, before anything is sent
 */
export function parseRecording(text: string, file: string): RecordedRow[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = (lines[0] ?? '').split(',').map(unquote);
  const timeColumn = header.indexOf('timestamp');
  const valueColumn = header.indexOf('value');
  if (timeColumn < 0 || valueColumn < 0) {
    throw new Error(
      `${file} line 1: the header must name the columns timestamp and value, found ` +
        `"${(lines[0] ?? '').slice(0, 80)}"`,
    );
  }
  const rows: RecordedRow[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const cells = line.split(',').map(unquote);
    const bad = (what: string): Error => new Error(`${file} line ${index + 1}: ${what}`);
    if (cells.length !== header.length) {
      throw bad(`${cells.length} columns where the header has ${header.length}`);
    }
    const at = parseTime(cells[timeColumn] ?? '');
    if (at === undefined) {
      throw bad(
        `"${cells[timeColumn]}" is not a time; expected YYYY-MM-DD HH:MM:SS or ISO 8601 ` +
          `(no zone means UTC)`,
      );
    }
    const cell = cells[valueColumn] ?? '';
    const value = Number(cell);
    if (cell === '' || !Number.isFinite(value)) throw bad(`"${cell}" is not a finite number`);
    rows.push({ at, value });
  }
  if (rows.length === 0) throw new Error(`${file}: there is no row below the header`);
  return rows;
}

const unquote = (cell: string): string => cell.trim().replace(/^"(.*)"$/, '$1');

export interface RecordingRun {
  readonly rows: readonly RecordedRow[];
  readonly device: string;
  readonly metric: string;
  /** Times real time; undefined: as fast as the broker acknowledges. */
  readonly speed?: number;
  readonly publisher: Publisher;
  readonly evidence: EvidenceLog;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Sends one message per row, in order, to `recordings/{device}/telemetry`. */
export async function playRecording(run: RecordingRun): Promise<void> {
  const { rows, device, metric, speed, publisher, evidence, now, signal } = run;
  const topic = `recordings/${device}/telemetry`;
  const startedAt = now();
  const firstAt = rows[0]?.at ?? 0;
  for (const [index, { at, value }] of rows.entries()) {
    if (speed !== undefined) {
      const waitMs = startedAt + (at - firstAt) / speed - now();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
    if (signal.aborted) return;
    const ts = new Date(at).toISOString();
    const seq = index + 1;
    await publisher.send(topic, JSON.stringify({ ts, seq, metrics: { [metric]: value } }), () =>
      evidence.add({ kind: 'reading', device, topic, ts, seq }),
    );
  }
}
