import { deviceStyles, layoutAxis, layoutChart } from '../layout';
import { layoutMarks } from '../marks';

const MINUTE = 60_000;
const shown = { from: 0, to: 10 * MINUTE };
const series = (device, min = 0, max = 10) => ({
  key: device,
  device,
  metric: 'flow',
  t: [0, 10 * MINUTE],
  y: [min, max],
  min,
  max,
});
const frame = { shown, width: 600, height: 100, styles: new Map([['a', 1]]) };
const marker = (fields) => ({
  key: 'e',
  severity: 'High',
  title: 'Too high',
  metric: 'flow',
  from: 0,
  ...fields,
});

describe('layoutChart', () => {
  it('shades how long a signal lasts, over the edge while it is open', () => {
    const markers = [
      marker({ from: 5 * MINUTE }),
      marker({ key: 'f', from: MINUTE, to: 2 * MINUTE }),
    ];
    const { bands } = layoutChart({ metric: 'flow', series: [series('a')] }, markers, frame);
    expect(bands.map(({ x, width }) => [x, width])).toEqual([
      [300, 302],
      [60, 60],
    ]);
  });

  it('shows the signals of this metric, and those of the device as a whole', () => {
    const markers = [marker({ metric: 'pressure' }), marker({ key: 'silence', metric: undefined })];
    const { bands } = layoutChart({ metric: 'flow', series: [series('a')] }, markers, frame);
    expect(bands.map(({ key }) => key)).toEqual(['silence']);
  });

  it('draws one limit for all signals with it, and makes room for it', () => {
    const markers = [
      marker({ baseline: 40, from: 5 * MINUTE }),
      marker({ key: 'f', baseline: 40, from: MINUTE, to: 2 * MINUTE }),
    ];
    const chart = layoutChart({ metric: 'flow', series: [series('a')] }, markers, frame);
    expect(chart.limits).toHaveLength(1);
    expect(chart.limits[0]).toMatchObject({ x: 60, end: 602 });
    expect(chart.limits[0].y).toBeGreaterThan(0);
    expect(chart.limitText).toBe('c.Signal_Limit');
  });

  it('says no limits in words when there are too many to read', () => {
    const markers = [1, 2, 3].map((baseline) => marker({ key: baseline, baseline }));
    expect(layoutChart({ metric: 'flow', series: [] }, markers, frame).limitText).toBeUndefined();
  });

  it('is an empty frame without a value', () => {
    const { ticks, lines } = layoutChart({ metric: 'flow', series: [] }, [], frame);
    expect([ticks, lines]).toEqual([[], []]);
  });
});

it('gives a device the same style in all charts', () => {
  const charts = [{ series: [series('b')] }, { series: [series('a'), series('b')] }];
  expect([...deviceStyles(charts)]).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});

it('says seconds on the time axis only where they tell moments apart', () => {
  const [first] = layoutAxis(shown, 600);
  expect(first.label).not.toMatch(/:\d\d:/);
  const fine = layoutAxis({ from: 0, to: MINUTE }, 600);
  expect(fine[1].label).toMatch(/:\d\d:/);
  expect(fine.length).toBeLessThanOrEqual(7);
  expect(fine[fine.length - 1].label).toBe('');
});

describe('layoutMarks', () => {
  it('joins marks that would overlap under the worst of them', () => {
    const markers = [
      marker({ key: 'a', severity: 'Low', from: MINUTE }),
      marker({ key: 'b', severity: 'Critical', from: MINUTE + 1000 }),
      marker({ key: 'c', from: 8 * MINUTE }),
    ];
    const marks = layoutMarks(markers, shown, 600);
    expect(marks.map(({ key, count, x }) => [key, count, x])).toEqual([
      ['b', 2, 60],
      ['c', undefined, 480],
    ]);
    expect(marks[0].className).toBe('mark mark_critical');
    expect(marks[0].text).toBe('c.Signal_Marker_Cluster');
  });

  it('marks what began before at the edge and leaves out what is over', () => {
    const markers = [
      marker({ key: 'open', from: -5 * MINUTE }),
      marker({ key: 'over', from: -5 * MINUTE, to: -MINUTE }),
      marker({ key: 'later', from: 11 * MINUTE }),
    ];
    const marks = layoutMarks(markers, shown, 600);
    expect(marks.map(({ key, x, text }) => [key, x, text])).toEqual([
      ['open', 0, 'c.Signal_Marker_Open'],
    ]);
  });
});
