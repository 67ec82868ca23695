import { z } from 'zod';

/** Rows up to here have been read, in the order of modification stamp and id. */
export interface RowPlace {
  /** ISO 8601 with milliseconds and Z, by the clock of the org. */
  readonly stamp: string;
  readonly id: string;
}

/** Where reading goes on, for each of the two kinds of rows. */
export interface ReceiptPlaces {
  readonly signals: RowPlace;
  readonly failures: RowPlace;
}

/** Rows with nothing before them. */
export const BEGINNING: RowPlace = { stamp: '1970-01-01T00:00:00.000Z', id: '' };

/**
 * A row carries the time of its save and is seen when its transaction ends. The package's own take a second or two, of 200
 * signals; ten cover a slow org, and what comes later yet is asked for by key.
 */
const OVERLAP_MS = 10_000;
/** Of that, rows at most: 200 cost 0.3 ms each time, and an org that works off a backlog writes thousands in ten seconds. */
const OVERLAP_ROWS = 200;

const place = z.object({ stamp: z.iso.datetime(), id: z.string() });
const places = z.object({ signals: place, failures: place });

export const writePlaces = (kept: ReceiptPlaces): string => JSON.stringify(kept);

/** Undefined where the text is none of ours: then reading begins anew. */
export function readPlaces(text: string | undefined): ReceiptPlaces | undefined {
  if (text === undefined) return undefined;
  try {
    return places.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Where the next look begins after these rows: behind the last one where more are there already, else as far before it as a
 * row may become visible late.
 *
 * @param from where this look began; undefined: it took the newest row alone
 * @param rows in the order of stamp and id
 */
export function nextPlace(
  from: RowPlace | undefined,
  rows: readonly RowPlace[],
  more: boolean,
): RowPlace {
  const last = rows.at(-1);
  if (last === undefined) return from ?? BEGINNING;
  if (more) return { stamp: toIso(last.stamp), id: last.id };
  const back = { stamp: toIso(last.stamp, OVERLAP_MS), id: '' };
  const early = rows.at(-1 - OVERLAP_ROWS);
  const bounds = [back];
  if (early !== undefined) bounds.push({ stamp: toIso(early.stamp), id: early.id });
  if (from !== undefined) bounds.push(from);
  return bounds.reduce((latest, one) => (isBefore(latest, one) ? one : latest));
}

const isBefore = (a: RowPlace, b: RowPlace): boolean =>
  a.stamp === b.stamp ? a.id < b.id : a.stamp < b.stamp;

/** The API writes +0000, which RFC 3339 does not know. */
const toIso = (stamp: string, backMs = 0): string =>
  new Date(Date.parse(stamp.replace(/\+0000$/, 'Z')) - backMs).toISOString();
