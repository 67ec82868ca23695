import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDeviceKey, toEpochMs } from '../../model/brand.ts';
import { readingOf, START } from '../fixtures/readings.ts';
import { answerView, fingerprint } from './answer.ts';
import { makeWindow } from './window.ts';

const MINUTE = 60_000;
const pump = toDeviceKey('pump-001');
const other = toDeviceKey('pump-002');
const question = { devices: [pump], metrics: [] as string[], rangeMs: 15 * MINUTE };
const now = toEpochMs(START + 10 * MINUTE);

function windowOf(...readings: Parameters<typeof readingOf>[]) {
  const window = makeWindow(1e7);
  for (const reading of readings) window.add(readingOf(...reading));
  return window;
}
interface Text {
  readonly from: number;
  readonly to: number;
  readonly metrics: readonly string[];
  readonly series: readonly { device: string; metric: string; t: number[] }[];
}
const parse = (text: string | undefined) => JSON.parse(text ?? 'null') as Text;

test('all metrics of all devices of the asset are drawn, by device, then metric', () => {
  const window = windowOf(
    [0, { vibration: 1, flow: 2 }],
    [MINUTE, { vibration: 1 }, { device: other }],
  );
  const answer = answerView(window, { ...question, devices: [pump, other] }, now);
  const { series, metrics, from, to } = parse(answer.series);
  assert.deepEqual(
    series.map(({ device, metric }) => `${device} ${metric}`),
    ['pump-001 flow', 'pump-001 vibration', 'pump-002 vibration'],
  );
  assert.deepEqual(metrics, ['flow', 'vibration']);
  assert.deepEqual([from, to], [now - 15 * MINUTE, now]);
  assert.equal(answer.lastReadingAt, START + MINUTE);
  assert.equal(answer.message, '');
});

test('only the metrics asked for are drawn, and all are named', () => {
  const window = windowOf([0, { vibration: 1, flow: 2 }]);
  const { series, message } = answerView(window, { ...question, metrics: ['flow'] }, now);
  assert.equal(parse(series).series.length, 1);
  assert.deepEqual(parse(series).metrics, ['flow', 'vibration']);
  assert.equal(message, '');
});

test('what is missing is said in plain words', () => {
  const window = windowOf([0, { vibration: 1 }]);
  const say = (changes: Partial<typeof question>, at = now) =>
    answerView(window, { ...question, ...changes }, at).message;
  assert.match(say({ devices: [] }), /^No device is on this asset/);
  assert.equal(say({ devices: [other] }), 'No readings from pump-002 in the last hour.');
  assert.equal(say({ metrics: ['heat'] }), 'No readings named heat here; there are vibration.');
  assert.equal(
    say({ rangeMs: 5 * MINUTE }),
    'No readings in the last 5 minutes; the newest is from 06:00:00 UTC.',
  );
  const many = Array.from({ length: 40 }, (_, index) => `${'x'.repeat(100)}${index}`);
  assert.ok(say({ metrics: many }).length <= 255);
  assert.equal(answerView(window, { ...question, devices: [] }, now).series, undefined);
});

test('a device whose clock is a little ahead is drawn to its end, one far ahead is not followed', () => {
  const window = windowOf([30_000, { vibration: 1 }, { receivedAt: toEpochMs(START) }]);
  const drawn = parse(answerView(window, question, toEpochMs(START)).series);
  assert.equal(drawn.to, START + 30_000);
  assert.equal(drawn.series.length, 1);
  const far = windowOf([5 * MINUTE, { vibration: 1 }, { receivedAt: toEpochMs(START) }]);
  assert.equal(parse(answerView(far, question, toEpochMs(START)).series).to, START + MINUTE);
});

test('the fingerprint changes with a reading, the question, and slowly with time', () => {
  const window = windowOf([0, { vibration: 1 }]);
  const of = (changes: Partial<typeof question> = {}, at: number = START + MINUTE) =>
    fingerprint(window, { ...question, ...changes }, toEpochMs(at));
  const before = of();
  assert.equal(of({}, START + MINUTE + 5_000), before);
  assert.notEqual(of({}, START + MINUTE + 90_000), before);
  assert.notEqual(of({ metrics: ['vibration'] }), before);
  assert.notEqual(of({ devices: [pump, other] }), before);
  window.add(readingOf(1_000, { vibration: 1 }));
  assert.notEqual(of(), before);
});
