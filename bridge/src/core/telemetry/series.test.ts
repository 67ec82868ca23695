import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRandom } from '../fixtures/random.ts';
import type { Random } from '../fixtures/random.ts';
import { START } from '../fixtures/readings.ts';
import { encodeChart, MAX_LENGTH } from './series.ts';
import type { Chart, SourceSeries } from './series.ts';

interface Decoded {
  readonly v: number;
  readonly from: number;
  readonly to: number;
  readonly metrics: readonly string[];
  readonly series: readonly {
    readonly device: string;
    readonly metric: string;
    readonly unit?: string;
    readonly n: number;
    readonly t: readonly number[];
    readonly y: readonly (number | null)[];
  }[];
}

const RANGE = 3_600_000;

/** One line whose points are these pairs of [milliseconds after the start, value]. */
const lineOf = (
  pairs: readonly (readonly [number, number])[],
  changes: Partial<SourceSeries> = {},
): SourceSeries => ({
  device: 'pump-001',
  metric: 'vibration',
  unit: 'mm/s',
  readings: pairs.length,
  points: { ats: pairs.map(([at]) => START + at), values: pairs.map(([, value]) => value) },
  ...changes,
});
const chartOf = (series: readonly SourceSeries[], changes: Partial<Chart> = {}): Chart => ({
  from: START,
  to: START + RANGE,
  metrics: [...new Set(series.map(({ metric }) => metric))],
  series,
  ...changes,
});
const decode = (text: string) => JSON.parse(text) as Decoded;

/** Points of a decoded line, in milliseconds after the start; breaks left out. */
function pointsOf({ t, y }: Decoded['series'][number]): [number, number][] {
  let at = 0;
  return t.flatMap((pause, index): [number, number][] => {
    at += pause;
    const value = y[index];
    return typeof value === 'number' ? [[at, value]] : [];
  });
}
const isClose = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 5e-5 * Math.max(Math.abs(a), Math.abs(b));

function randomLine(random: Random, metric: string): SourceSeries {
  const step = 2 + random.below(20_000);
  const scale = 10 ** (random.below(14) - 6);
  const pairs: [number, number][] = [];
  for (let at = random.below(step); at <= RANGE; at += 1 + random.below(step)) {
    pairs.push([at, random.normal() * scale * (random.below(500) === 0 ? 1_000 : 1)]);
    if (random.below(300) === 0) at += random.below(600_000);
  }
  return lineOf(pairs.length === 0 ? [[0, 1]] : pairs, { metric });
}

test('whatever the series: within the limit, in order, spikes kept, values rounded and not invented', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = makeRandom(seed);
    const count = 1 + random.below(seed % 10 === 0 ? 60 : 8);
    const series = Array.from({ length: count }, (_, index) => randomLine(random, `m${index}`));
    const { text, shown } = encodeChart(chartOf(series));
    assert.ok(text.length <= MAX_LENGTH, `seed ${seed}: ${text.length}`);
    const decoded = decode(text);
    assert.equal(decoded.series.length, shown);
    assert.equal(shown, count);
    for (const [index, line] of decoded.series.entries()) {
      const { ats, values } = series[index]?.points ?? { ats: [], values: [] };
      const raw = new Map(ats.map((at, place) => [at - START, values[place] ?? 0]));
      const points = pointsOf(line);
      for (const [place, [at, value]] of points.entries()) {
        assert.ok(place === 0 || at > (points[place - 1]?.[0] ?? 0), `seed ${seed}: order`);
        assert.ok(isClose(raw.get(at) ?? Number.NaN, value), `seed ${seed}: ${at} ${value}`);
      }
      const seen = points.map(([, value]) => value);
      assert.ok(isClose(Math.max(...seen), Math.max(...values)), `seed ${seed}: highest`);
      assert.ok(isClose(Math.min(...seen), Math.min(...values)), `seed ${seed}: lowest`);
      assert.equal(line.n, values.length);
    }
  }
});

test('what fits is sent with every point', () => {
  const pairs = Array.from({ length: 600 }, (_, index) => [index * 500, index / 7] as const);
  const { text } = encodeChart(chartOf([lineOf(pairs)], { to: START + 300_000 }));
  const [line] = decode(text).series;
  assert.ok(line !== undefined);
  assert.deepEqual(
    pointsOf(line).map(([at]) => at),
    pairs.map(([at]) => at),
  );
  assert.equal(line.unit, 'mm/s');
});

test('an hour of one reading a second in one line keeps the extremes of every two seconds or better', () => {
  const random = makeRandom(5);
  const pairs = Array.from(
    { length: 3_600 },
    (_, index) => [index * 1_000, 2 + random.normal() / 10] as const,
  );
  const { text } = encodeChart(chartOf([lineOf(pairs)]));
  const [line] = decode(text).series;
  assert.ok(line !== undefined && line.t.length >= 2_000, `${line?.t.length}`);
});

test('a pause much longer than usual breaks the line, a missed reading does not', () => {
  const pairs = [0, 1, 2, 4, 5, 60, 61, 62].map((second) => [second * 1_000, 1] as const);
  const [line] = decode(encodeChart(chartOf([lineOf(pairs)])).text).series;
  assert.deepEqual(line?.y, [1, 1, 1, 1, 1, null, 1, 1, 1]);
  assert.deepEqual(line.t, [0, 1_000, 1_000, 2_000, 1_000, 1, 54_999, 1_000, 1_000]);
  const slow = Array.from({ length: 10 }, (_, index) => [index * 60_000, 1] as const);
  assert.ok(!encodeChart(chartOf([lineOf(slow)])).text.includes('null'));
});

test('a line does not change where nothing was added, however its range moves on', () => {
  const random = makeRandom(3);
  const pairs = Array.from(
    { length: 14_400 },
    (_, index) => [index * 250, random.normal()] as const,
  );
  const until = (last: number) => {
    const points = pairs.filter(([at]) => at >= last - 1_800_000 && at <= last);
    const from = START + last - 1_800_000;
    const { text } = encodeChart(chartOf([lineOf(points)], { from, to: START + last }));
    const [line] = decode(text).series;
    assert.ok(line !== undefined);
    return pointsOf(line).map(([at, value]) => `${at + from - START} ${value}`);
  };
  const [before, after] = [until(2_000_000), until(2_005_000)];
  // All but the first and last stretch of the older drawing.
  const kept = before.slice(100, -100);
  assert.deepEqual(after.slice(after.indexOf(kept[0] ?? ''), -1).slice(0, kept.length), kept);
});

test('too many lines: the first ones are shown, as many as fit', () => {
  const series = Array.from({ length: 1_000 }, (_, index) =>
    lineOf(
      Array.from({ length: 200 }, (__, at) => [at * 15_000, at / 3] as const),
      {
        metric: `metric-${String(index).padStart(4, '0')}`,
      },
    ),
  );
  const { text, shown, named } = encodeChart(chartOf(series));
  assert.ok(text.length <= MAX_LENGTH && text.length > MAX_LENGTH * 0.9, `${text.length}`);
  assert.ok(shown > 50 && shown < 1_000, `${shown}`);
  assert.ok(named > 100 && named < 1_000, `${named}`);
  assert.equal(decode(text).series.at(-1)?.metric, series[shown - 1]?.metric);
  assert.equal(decode(text).metrics.length, named);
});

test('names and units with any characters survive, and count as they are written', () => {
  const odd = lineOf([[0, 1]], { device: '"\\\u0000\ud800', metric: '°C "x"', unit: '€' });
  const { text } = encodeChart(chartOf([odd]));
  const [line] = decode(text).series;
  assert.deepEqual([line?.device, line?.metric, line?.unit], [odd.device, odd.metric, odd.unit]);
});

test('no series is a chart, too', () => {
  assert.deepEqual(decode(encodeChart(chartOf([])).text).series, []);
});
