/** How many points of a series an event shows; enough to see the way there. */
export const MAX_POINTS = 20;

/** One point as `[milliseconds, value]`. */
export type Point = readonly [at: number, value: number];

/** The last points of one metric, oldest first; at most `MAX_POINTS`. */
export interface Series {
  readonly points: readonly Point[];
  /** The device time of the newest, or undefined before the first. */
  readonly lastAt: number | undefined;
  add(at: number, value: number): void;
}

/** A series that begins with `saved` (as `points` gave it). */
export function makeSeries(saved: readonly Point[]): Series {
  const points: Point[] = saved.slice(-MAX_POINTS);
  return {
    points,
    get lastAt() {
      return points.at(-1)?.[0];
    },
    add(at, value) {
      points.push([at, value]);
      if (points.length > MAX_POINTS) points.shift();
    },
  };
}
