import type { Blocks } from './blocks.ts';
import type { Column } from './column.ts';

/** How many points of a series an event shows; enough to see the way there. */
export const MAX_POINTS = 20;
/**
 * Memory for points: a tenth of what a million devices take in all. Devices get theirs in the order they come, the first
 * 25,000 of four metrics; further ones get what others give back, and else their events show the present point only.
 */
const MAX_BYTES = 32 * 1024 * 1024;
/** A device that invents names must not take the points of all others. */
const MAX_SERIES = 100;

/** One point as `[milliseconds, value]`. */
export type Point = readonly [at: number, value: number];

/*
 * The rings of a device are one block: how many there are, how often each was written (from `MAX_POINTS` on only the
 * remainder counts), then `MAX_POINTS` rows of one point each, so that what came together stands together.
 */
const SERIES = 0;
const COUNTS = 1;

/** The last points of the series of devices, for evidence. */
export interface Rings {
  /** Where the rings of a device are; 0 where it has none. */
  placeOf(index: number): number;
  /** Keeps a point; nothing where the series has no ring. Points come in the order of time. */
  add(place: number, series: number, at: number, value: number): void;
  /** Reads where `add` will look first; for memory to be near by then. The number means nothing. */
  touch(place: number): number;
  /** Reads where the next point will go. The number means nothing. */
  touchNext(place: number): number;
  /** Oldest first; undefined where the series has no ring. */
  points(index: number, series: number): readonly Point[] | undefined;
  /** Gives a device rings for so many series, where there is room; those it has keep their points. */
  reserve(index: number, series: number): void;
  /** Takes them back. */
  drop(index: number): void;
  /** To be called for every device after the memory was loaded: counts what is in use. */
  count(index: number): void;
}

/** Rings in `blocks`, found by `places`. */
export function makeRings(blocks: Blocks, places: Column, maxBytes = MAX_BYTES): Rings {
  let bytes = 0;

  const seriesOf = (place: number): number =>
    blocks.page(place)[blocks.offset(place) + SERIES] as number;

  function add(place: number, series: number, at: number, value: number): void {
    const page = blocks.page(place);
    const first = blocks.offset(place);
    const count = page[first + SERIES] as number;
    if (series >= count) return;
    const written = page[first + COUNTS + series] as number;
    const cell = first + COUNTS + count + (rowOf(written) * count + series) * 2;
    page[cell] = at;
    page[cell + 1] = value;
    page[first + COUNTS + series] = written === 2 * MAX_POINTS - 1 ? MAX_POINTS : written + 1;
  }

  function points(index: number, series: number): readonly Point[] | undefined {
    const place = places.get(index);
    if (place === 0 || series >= seriesOf(place)) return undefined;
    const page = blocks.page(place);
    const first = blocks.offset(place);
    const count = page[first + SERIES] as number;
    const written = page[first + COUNTS + series] as number;
    const length = Math.min(written, MAX_POINTS);
    return Array.from({ length }, (_, position): Point => {
      const row = rowOf(written - length + position);
      const cell = first + COUNTS + count + (row * count + series) * 2;
      return [page[cell] as number, page[cell + 1] as number];
    });
  }

  function drop(index: number): void {
    const place = places.get(index);
    if (place === 0) return;
    const width = widthOf(seriesOf(place));
    blocks.free(place, width);
    places.set(index, 0);
    bytes -= width * 8;
  }

  return {
    placeOf: (index) => places.get(index),
    add,
    touch(place) {
      const page = blocks.page(place);
      const first = blocks.offset(place);
      return (page[first + SERIES] as number) + (page[first + COUNTS + 3] as number);
    },
    touchNext(place) {
      const page = blocks.page(place);
      const first = blocks.offset(place);
      const count = page[first + SERIES] as number;
      const cell = first + COUNTS + count + rowOf(page[first + COUNTS] as number) * count * 2;
      return (page[cell] as number) + (page[cell + count * 2 - 1] as number);
    },
    points,
    drop,
    reserve(index, wanted) {
      const series = Math.min(wanted, MAX_SERIES);
      const had = places.get(index);
      const old = had === 0 ? 0 : seriesOf(had);
      const more = (widthOf(series) - (had === 0 ? 0 : widthOf(old))) * 8;
      if (series <= old || bytes + more > maxBytes) return;
      const saved = Array.from({ length: old }, (_, one) => points(index, one) ?? []);
      drop(index);
      const width = widthOf(series);
      const place = blocks.take(width);
      blocks.page(place)[blocks.offset(place) + SERIES] = series;
      places.set(index, place);
      bytes += width * 8;
      for (const [one, list] of saved.entries()) {
        for (const [at, value] of list) add(place, one, at, value);
      }
    },
    count(index) {
      const place = places.get(index);
      if (place !== 0) bytes += widthOf(seriesOf(place)) * 8;
    },
  };
}

/** Of a number below twice the rows. A remainder of what may be a fraction would cost as much as all the rest of `add`. */
function rowOf(written: number): number {
  return written < MAX_POINTS ? written : written - MAX_POINTS;
}

function widthOf(series: number): number {
  return COUNTS + series * (1 + 2 * MAX_POINTS);
}
