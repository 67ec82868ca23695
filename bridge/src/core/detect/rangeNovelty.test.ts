import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDetecting } from '../fixtures/detecting.ts';
import { makeRandom } from '../fixtures/random.ts';
import { rangeNovelty } from './rangeNovelty.ts';

const options = { kind: 'range-novelty', learn: 100, margin: 0.2 } as const;

/** Feeds values and gives the levels; keeps its state between calls. */
function run(): (values: readonly number[]) => readonly string[] {
  const series = makeDetecting(rangeNovelty, options);
  return (values) => values.map((value) => series.judge(value).level);
}

const wave = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => 50 + 10 * Math.sin(index / 5));

const count = (levels: readonly string[], level: string): number =>
  levels.filter((one) => one === level).length;

test('nothing is judged while it learns, however wild', () => {
  const levels = run()([...wave(50), 1e6, -1e6, ...wave(48)]);
  assert.equal(count(levels, 'normal'), 100);
});

test('a value far outside the range alarms at once, on either side', () => {
  for (const value of [80, 20]) {
    const feed = run();
    feed(wave(1000));
    assert.deepEqual(feed([value]), ['abnormal']);
  }
});

test('a value a little outside does not', () => {
  const feed = run();
  feed(wave(1000));
  assert.deepEqual(feed([62]), ['normal']);
});

test('a climb in small steps counts as a whole', () => {
  const feed = run();
  feed(wave(1000));
  const levels = feed(Array.from({ length: 20 }, (_, index) => 60 + index));
  assert.ok(levels.includes('abnormal'));
});

test('a drift slower than the range follows never alarms', () => {
  const feed = run();
  feed(wave(1000));
  const levels = feed(wave(20_000).map((value, index) => value + index / 500));
  assert.equal(count(levels, 'normal'), 20_000);
});

test('a lasting change alarms for a while and then is the new normal', () => {
  const feed = run();
  feed(wave(1000));
  const levels = feed(wave(1000).map((value) => value + 60));
  assert.equal(levels[0], 'abnormal');
  const last = levels.lastIndexOf('abnormal');
  assert.ok(last > 20 && last < 200, `the alarm lasted ${last} readings`);
  assert.equal(levels.at(-1), 'normal');
});

test('a repeat of the last excursion is not news, a further one is', () => {
  const feed = run();
  feed(wave(1000));
  assert.deepEqual(feed([80]), ['abnormal']);
  feed(wave(20));
  assert.deepEqual(feed([78]), ['normal']);
  feed(wave(20));
  assert.deepEqual(feed([130]), ['abnormal']);
});

test('a switch that turns on now and then is news a few times, not for ever', () => {
  const feed = run();
  const on = (index: number): number => (index % 1000 < 20 ? 1 : 0);
  const levels = feed(Array.from({ length: 200_000 }, (_, index) => on(index + 500)));
  const begun = levels.filter(
    (level, index) => level === 'abnormal' && levels[index - 1] === 'normal',
  );
  assert.ok(begun.length >= 1 && begun.length <= 6, `${begun.length} alarms in 200 times`);
});

test('one wild reading does not blind', () => {
  const feed = run();
  feed(wave(1000));
  feed([1e9, ...wave(2000)]);
  assert.deepEqual(feed([120]), ['abnormal']);
});

test('an alarm ends only after some healthy readings in a row', () => {
  const feed = run();
  feed(wave(1000));
  const levels = feed([80, ...wave(20)]);
  assert.deepEqual(levels.slice(0, 11), [
    'abnormal',
    ...Array.from({ length: 8 }, () => 'between'),
    'normal',
    'normal',
  ]);
});

test('the answer depends neither on the unit nor on where zero is', () => {
  const random = makeRandom(7);
  const values = Array.from(
    { length: 3000 },
    () => 50 + random.normal() + (random.next() < 0.002 ? 12 : 0),
  );
  const levels = run()(values);
  assert.ok(count(levels, 'abnormal') > 0);
  assert.deepEqual(run()(values.map((value) => 8 * value)), levels);
  assert.deepEqual(run()(values.map((value) => -value)), levels);
});

test('a series that stood still may move by a hair, and zero by anything is news', () => {
  const level = (constant: number, value: number): string | undefined => {
    const feed = run();
    feed(Array.from({ length: 2000 }, () => constant));
    return feed([value])[0];
  };
  assert.equal(level(45, 45.01), 'normal');
  assert.equal(level(45, 46), 'abnormal');
  assert.equal(level(0, 1e-9), 'abnormal');
  assert.equal(level(0, 0), 'normal');
});

test('its numbers stay finite whatever comes', () => {
  const random = makeRandom(3);
  const series = makeDetecting(rangeNovelty, options);
  for (let round = 0; round < 5000; round += 1) {
    series.judge((random.next() - 0.5) * 10 ** random.below(13));
    assert.ok(series.numbers.every(Number.isFinite));
  }
  const [, low = 1, high = 0] = series.numbers;
  assert.ok(low <= high);
});
