import {
  decodeSeries,
  linePath,
  nearestIndex,
  paddedScale,
  rangesPerStep,
  timeTicks,
} from 'c/signalSeries';

const FROM = 1_800_000_000_000;

function encoded(overrides = {}) {
  const one = {
    device: 'pump-001',
    metric: 'flow',
    unit: 'l/min',
    n: 3,
    t: [0, 1000, 500],
    y: [4, null, 2],
  };
  return JSON.stringify({
    v: 1,
    from: FROM,
    to: FROM + 60_000,
    metrics: ['flow'],
    series: [one],
    ...overrides,
  });
}

/* A series of `count` values from `valueAt`, one a second from 0. */
function seriesOf(count, valueAt) {
  const t = Float64Array.from({ length: count }, (_, i) => i * 1000);
  return { t, y: t.map((_, i) => valueAt(i)) };
}

const box = { from: 0, to: 100_000, low: 0, high: 100, width: 100, height: 100 };

describe('decodeSeries', () => {
  it('adds up the distances to moments and keeps gaps as NaN', () => {
    const { from, to, metrics, series } = decodeSeries(encoded());
    expect([from, to, metrics]).toEqual([FROM, FROM + 60_000, ['flow']]);
    const [{ t, y, min, max, unit, n, key }] = series;
    expect([...t]).toEqual([FROM, FROM + 1000, FROM + 1500]);
    expect([...y]).toEqual([4, NaN, 2]);
    expect([min, max, unit, n, key]).toEqual([2, 4, 'l/min', 3, 'pump-001 flow']);
  });

  it('knows no lowest and highest of a series without a value', () => {
    const empty = { device: 'd', metric: 'm', n: 0, t: [0], y: [null] };
    const [{ min, max }] = decodeSeries(encoded({ series: [empty] })).series;
    expect([min, max]).toEqual([undefined, undefined]);
  });

  it.each([
    ['another version', encoded({ v: 2 })],
    ['a window that ends before it begins', encoded({ to: FROM - 1 })],
    [
      'as many times as values',
      encoded({ series: [{ device: 'd', metric: 'm', t: [0], y: [1, 2] }] }),
    ],
    ['text that is no JSON', '{'],
  ])('refuses %s', (_, text) => {
    expect(() => decodeSeries(text)).toThrow(Error);
  });
});

describe('linePath', () => {
  it('draws few points as they are', () => {
    const path = linePath({ t: [0, 50_000, 100_000], y: [0, 100, 50] }, box);
    expect(path).toBe('M0 100L50 0L100 50');
  });

  it('breaks the line at a gap and shows a point alone as a dot', () => {
    const path = linePath({ t: [0, 10_000, 20_000, 30_000], y: [0, 100, NaN, 50] }, box);
    expect(path).toBe('M0 100L10 0M30 50h0');
  });

  it('never draws more than two points for a column of pixels, whatever there are', () => {
    const many = seriesOf(100_000, (i) => (i * 7919) % 100);
    const path = linePath(many, { ...box, to: 100_000_000 });
    expect(path.match(/[ML]/g).length).toBeLessThanOrEqual(2 * 101);
  });

  it('loses no spike', () => {
    const spiky = seriesOf(100_000, (i) => (i === 54_321 ? 100 : i === 54_322 ? 0 : 50));
    const path = linePath(spiky, { ...box, to: 100_000_000 });
    expect(path).toMatch(/L54\.3 0L54\.3 100/);
  });

  it('goes on beyond both edges, so that a line does not end within sight', () => {
    const path = linePath(
      seriesOf(10, () => 50),
      { ...box, from: 2500, to: 4500 },
    );
    expect(path).toBe('M-25 50L25 50L75 50L125 50');
  });

  it('is empty where there is nothing', () => {
    expect(linePath({ t: [], y: [] }, box)).toBe('');
  });
});

describe('timeTicks', () => {
  it('gives round moments, no more than asked for', () => {
    const { ticks, step } = timeTicks(FROM + 7_000, FROM + 907_000, 8);
    expect(step).toBe(120_000);
    expect(ticks.every((at) => at % step === 0)).toBe(true);
    expect(ticks).toHaveLength(7);
  });

  it.each([
    [5_000, 1000],
    [300_000, 60_000],
    [3_600_000, 600_000],
    [86_400_000, 3_600_000],
  ])('divides %d ms by %d ms', (span, step) => {
    expect(timeTicks(0, span, 7).step).toBe(step);
  });
});

describe('paddedScale', () => {
  it('leaves air on both sides of the values and puts round ticks between', () => {
    const { low, high, ticks } = paddedScale(36, 50, 3);
    expect(low).toBeLessThan(36);
    expect(high).toBeGreaterThan(50);
    expect(ticks).toEqual([40, 50]);
  });

  it('finds finer ticks for an axis that would have one only', () => {
    expect(paddedScale(1, 7.5, 3).ticks).toEqual([2, 4, 6, 8]);
  });

  it('gives room to values that are all the same, also to zero', () => {
    expect(paddedScale(6, 6, 4).low).toBeLessThan(6);
    expect(paddedScale(0, 0, 4).high).toBeGreaterThan(0);
    expect(paddedScale(0, 0, 4).ticks).toContain(0);
  });

  it('names ticks without the dust of binary fractions', () => {
    expect(paddedScale(0, 0.5, 8).ticks).toContain(0.3);
    for (const tick of paddedScale(-0.7, 0.7, 5).ticks) expect(String(tick).length).toBeLessThan(5);
  });
});

describe('nearestIndex', () => {
  const series = { t: [0, 1000, 3000], y: [1, NaN, 3] };

  it.each([
    ['the nearer of two', 2400, 2],
    ['the last beyond the end', 3400, 2],
    ['the first before the beginning', -10, 0],
    ['nothing in a gap', 1100, -1],
    ['nothing too far away', 9000, -1],
  ])('finds %s', (_, at, index) => {
    expect(nearestIndex(series, at, 1000)).toBe(index);
  });

  it('finds nothing where there is nothing', () => {
    expect(nearestIndex({ t: [], y: [] }, 0, 1000)).toBe(-1);
  });
});

describe('rangesPerStep', () => {
  it('gives lowest and highest of each step and nothing for a step without a value', () => {
    const series = { t: [0, 500, 1000, 3500], y: [3, 1, NaN, 7] };
    expect(rangesPerStep(series, 0, 4000, 1000)).toEqual([
      { min: 1, max: 3 },
      undefined,
      undefined,
      { min: 7, max: 7 },
    ]);
  });
});
