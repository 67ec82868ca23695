import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toEpochMs } from '../../model/brand.ts';
import { makeTally } from './tally.ts';

const NOON = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;

test('counts go to the day of now, and go on from those of an earlier run', () => {
  let now = NOON;
  const clock = () => toEpochMs(now);
  const first = makeTally([], clock);
  assert.equal(first.hasChanged(), false);
  first.add('readings', 3);
  first.suppress('coalesced', 2);
  assert.deepEqual([first.hasChanged(), first.hasChanged()], [true, false]);

  const second = makeTally(first.days(), clock);
  second.add('readings', 4);
  second.suppress('coalesced', 1);
  now += DAY;
  second.add('errors', 1);
  assert.deepEqual(second.days(), [
    {
      day: '2026-11-24',
      readings: 0,
      quarantined: 0,
      duplicates: 0,
      signals: 0,
      errors: 1,
      suppressed: {},
    },
    {
      ...{ day: '2026-11-23', readings: 7, quarantined: 0, duplicates: 0, signals: 0, errors: 0 },
      suppressed: { coalesced: 3 },
    },
  ]);
  assert.equal(first.days().find(({ day }) => day === '2026-11-23')?.readings, 3);
});

test('days that were told are forgotten, but for the one that is not over', () => {
  let now = NOON;
  const tally = makeTally([], () => toEpochMs(now));
  tally.add('readings', 1);
  now += DAY;
  const told = tally.days();
  assert.equal(told.length, 2);
  assert.equal(tally.hasChanged(), true);
  tally.forget(told);
  assert.equal(tally.hasChanged(), true, 'there is one day less to be kept');
  tally.forget(told);
  assert.equal(tally.hasChanged(), false, 'what is forgotten already is no news');
  assert.deepEqual(
    tally.days().map(({ day }) => day),
    ['2026-11-24'],
  );
});

test('a clock that goes back counts for the newest day', () => {
  let now = NOON;
  const tally = makeTally([], () => toEpochMs(now));
  now -= DAY;
  tally.add('signals', 1);
  const restarted = makeTally(tally.days(), () => toEpochMs(now));
  restarted.add('signals', 1);
  assert.deepEqual(
    restarted.days().map(({ day, signals }) => [day, signals]),
    [['2026-11-23', 2]],
  );
});
