import { isAnswerTo, metricsText, parseMetrics, rangeValue } from '../choices';

it.each([
  [5, '5'],
  [6, '15'],
  [60, '60'],
  [999, '60'],
])('offers the smallest range that holds %d minutes', (minutes, value) => {
  expect(rangeValue(minutes)).toBe(value);
});

it('reads names of metrics, also from text typed by hand', () => {
  expect(parseMetrics('flow, pressure,')).toEqual(['flow', 'pressure']);
  expect(parseMetrics('')).toEqual([]);
  expect(parseMetrics(null)).toEqual([]);
});

it('writes nothing, which means all, when all are chosen or the names do not fit', () => {
  expect(metricsText(['flow'], ['flow', 'speed'])).toBe('flow');
  expect(metricsText(['flow', 'speed'], ['flow', 'speed'])).toBe('');
  const long = Array.from({ length: 40 }, (_, i) => `metric-${i}`);
  expect(metricsText(long, [...long, 'one'])).toBe('');
});

describe('the answer to a request', () => {
  const MINUTE = 60_000;
  const asked = { requestedAt: 100 * MINUTE + 700, range: '5', chosen: ['flow'] };
  const drawing = (minutes, names) => ({
    from: 0,
    to: minutes * MINUTE,
    metrics: ['flow', 'speed'],
    series: names.map((metric) => ({ metric })),
  });
  const answered = (telemetry) => ({ answeredAt: 100 * MINUTE, telemetry });

  it('is written since then, over that range and with those metrics', () => {
    expect(isAnswerTo(answered(drawing(5, ['flow'])), asked)).toBe(true);
    expect(isAnswerTo(answered(drawing(15, ['flow'])), asked)).toBe(false);
    expect(isAnswerTo(answered(drawing(5, ['speed'])), asked)).toBe(false);
    const early = { ...answered(drawing(5, ['flow'])), answeredAt: 99 * MINUTE };
    expect(isAnswerTo(early, asked)).toBe(false);
  });

  it('may be that there is nothing to draw, and need not have metrics the asset has not', () => {
    expect(isAnswerTo(answered(undefined), asked)).toBe(true);
    expect(isAnswerTo(undefined, asked)).toBe(false);
    const gone = { ...asked, chosen: ['torque'] };
    expect(isAnswerTo(answered(drawing(5, [])), gone)).toBe(true);
  });
});
