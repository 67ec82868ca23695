import type { Points } from './buckets.ts';
import { downsample, gapMs } from './downsample.ts';
import type { Line } from './downsample.ts';

/** The length of `Telemetry_View__c.Series__c`. */
export const MAX_LENGTH = 32_000;

/** One line of a chart, with all that is held of it in the range. */
export interface SourceSeries {
  readonly device: string;
  readonly metric: string;
  readonly unit: string | undefined;
  /** Raw readings held. */
  readonly readings: number;
  readonly points: Points;
}

export interface Chart {
  /** Milliseconds since 1970; points lie between both, ends included. */
  readonly from: number;
  readonly to: number;
  /** The names a person can choose from. */
  readonly metrics: readonly string[];
  /** By device, then metric. */
  readonly series: readonly SourceSeries[];
}

export interface EncodedChart {
  /** `Series__c`, version 1. */
  readonly text: string;
  /** Series that found room, from the first. */
  readonly shown: number;
  /** Metric names that found room. */
  readonly named: number;
}

/**
 * Widths of a stretch in seconds. Steps of at most a half use the room well, and round numbers
 * let minutes begin where a person expects them.
 */
const WIDTHS = [
  1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 40, 60, 90, 120, 180, 240, 300, 360,
] as const;
/** A line of fewer stretches than this says nothing; then fewer lines are better. */
const LEAST_STRETCHES = 12;
/** Characters of a point: a pause of three to four digits, a value of three to five, two commas. */
const USUAL_POINT = 11;
/** Names beyond it leave no room for lines: 100 names of 50 characters fit. */
const MOST_NAMES = 6_000;

/**
 * Writes a chart as `Series__c`, never longer than `maxLength` characters (at least 7,000): with
 * every point where they fit, else with coarser stretches of which the lowest and highest values
 * stay, at last with fewer lines. Values are rounded to five significant digits.
 */
export function encodeChart(chart: Chart, maxLength = MAX_LENGTH): EncodedChart {
  const names = namesThatFit(chart.metrics);
  const gaps = chart.series.map(({ points }) => gapMs(points.ats));
  const rangeMs = chart.to - chart.from;
  const coarsest = Math.max(1_000, Math.floor(rangeMs / LEAST_STRETCHES));
  const widths = [0, ...WIDTHS.map((width) => width * 1_000).filter((w) => w < coarsest), coarsest];
  const attempt = (place: number): EncodedChart | undefined => {
    const lines = chart.series.map(({ points }, index) =>
      downsample(points, widths[place] ?? coarsest, gaps[index] ?? 0),
    );
    const text = write(chart, names, lines);
    if (text.length > maxLength) return undefined;
    return { text, shown: lines.length, named: names.length };
  };
  // Drawing is what costs: begin with the width that should just fit, and look beside it.
  let place = widths.findIndex(
    (width) => pointsAt(chart, width) * USUAL_POINT <= maxLength || width === coarsest,
  );
  let best = attempt(place);
  if (best === undefined) {
    while (best === undefined && place < widths.length - 1) best = attempt((place += 1));
    return best ?? withFewerLines(chart, names, coarsest, gaps, maxLength);
  }
  while (place > 0) {
    const finer = attempt((place -= 1));
    if (finer === undefined) break;
    best = finer;
  }
  return best;
}

/** About how many points lines of this width have. */
function pointsAt({ from, to, series }: Chart, widthMs: number): number {
  const most = widthMs === 0 ? Infinity : (2 * (to - from)) / widthMs;
  return series.reduce((sum, { points }) => sum + Math.min(points.ats.length, most), 0);
}

function withFewerLines(
  chart: Chart,
  names: readonly string[],
  width: number,
  gaps: readonly number[],
  maxLength: number,
): EncodedChart {
  const lines: Line[] = [];
  let length = write({ ...chart, series: [] }, names, []).length;
  for (const [index, source] of chart.series.entries()) {
    const line = downsample(source.points, width, gaps[index] ?? 0);
    const more = JSON.stringify(toJson(chart.from, source, line)).length + 1;
    if (length + more > maxLength) break;
    length += more;
    lines.push(line);
  }
  return { text: write(chart, names, lines), shown: lines.length, named: names.length };
}

function namesThatFit(metrics: readonly string[]): readonly string[] {
  let length = 0;
  const first = metrics.findIndex((name) => {
    length += JSON.stringify(name).length + 1;
    return length > MOST_NAMES;
  });
  return first < 0 ? metrics : metrics.slice(0, first);
}

/** The series that have a line, in their order. */
function write(
  { from, to, series }: Chart,
  metrics: readonly string[],
  lines: readonly Line[],
): string {
  const written = lines.flatMap((line, index) => {
    const source = series[index];
    return source === undefined ? [] : [toJson(from, source, line)];
  });
  return JSON.stringify({ v: 1, from, to, metrics, series: written });
}

function toJson(from: number, { device, metric, unit, readings }: SourceSeries, line: Line) {
  let before = from;
  const t = line.ats.map((at) => {
    const pause = at - before;
    before = at;
    return pause;
  });
  return {
    device,
    metric,
    ...(unit !== undefined && { unit }),
    n: readings,
    t,
    y: line.values.map((value) => (value === null ? null : fiveDigits(value))),
  };
}

/** Five significant digits: finer than any chart can show. */
function fiveDigits(value: number): number {
  return Number(value.toPrecision(5));
}
