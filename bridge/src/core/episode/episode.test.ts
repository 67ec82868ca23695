import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Severity } from '../../model/signal.ts';
import { advance, quiet } from './episode.ts';
import type { Observation, Timing } from './episode.ts';

const timing: Timing = { openAfterMs: 2000, clearAfterMs: 2000, updateEveryMs: 60_000 };

/**
 * One letter a second: `.` healthy, `-` between, `x` abnormal, `X` abnormal and Critical.
 * Gives `second:phase:sequence:severity:start` of each event.
 */
function play(script: string, options: Timing = timing): readonly string[] {
  let state = quiet;
  return script.split('').flatMap((letter, second) => {
    const level = letter === '.' ? 'normal' : letter === '-' ? 'between' : 'abnormal';
    const severity: Severity = letter === 'X' ? 'Critical' : 'High';
    const seen: Observation = { at: 1000 * second, level, severity };
    const step = advance(state, seen, options);
    state = step.state;
    if (step.event === undefined) return [];
    const { phase, sequence, start } = step.event;
    return [`${second}:${phase}:${sequence}:${step.event.severity}:${start / 1000}`];
  });
}

const cases: readonly (readonly [behaviour: string, script: string, events: readonly string[]])[] =
  [
    ['health says nothing', '......', []],
    [
      'trouble opens after it has held long enough, with the time it began',
      '..xxx..',
      ['4:Opened:0:High:2'],
    ],
    ['trouble that ends too soon says nothing', '..xx..xx..', []],
    ['a dip between the limits starts the waiting anew', '..xx-xx..', []],
    [
      'health clears after it has held long enough',
      'xxx...',
      ['2:Opened:0:High:0', '5:Cleared:1:High:0'],
    ],
    ['a relapse starts the waiting for health anew', 'xxx..x..-..', ['2:Opened:0:High:0']],
    ['becoming worse is said once', 'xxxXXX', ['2:Opened:0:High:0', '3:Updated:1:Critical:0']],
    [
      'becoming better is not said, and worse not twice',
      'xxxXxXx',
      ['2:Opened:0:High:0', '3:Updated:1:Critical:0'],
    ],
    ['what opens at its worst says so', 'XXXx', ['2:Opened:0:Critical:0']],
    [
      'trouble long after Cleared is a new episode',
      'xxx........xxx',
      ['2:Opened:0:High:0', '5:Cleared:1:High:0', '13:Opened:0:High:11'],
    ],
    [
      'trouble soon after Cleared goes on with the same episode',
      'xxx...xxx',
      ['2:Opened:0:High:0', '5:Cleared:1:High:0', '8:Updated:2:High:0'],
    ],
    [
      'after a return it must be healthy for twice as long',
      'xxx...xxx...xxx.....',
      ['2:Opened:0:High:0', '5:Cleared:1:High:0', '8:Updated:2:High:0', '19:Cleared:3:High:0'],
    ],
  ];
for (const [behaviour, script, events] of cases) {
  test(`${behaviour} (${script})`, () => assert.deepEqual(play(script), events));
}

test('while it lasts it is said again at the interval, not more often', () => {
  const events = play('x'.repeat(130));
  assert.deepEqual(events, ['2:Opened:0:High:0', '62:Updated:1:High:0', '122:Updated:2:High:0']);
});

test('without delays it opens and clears at once', () => {
  const events = play('.x.', { ...timing, openAfterMs: 0, clearAfterMs: 0 });
  assert.deepEqual(events, ['1:Opened:0:High:1', '2:Cleared:1:High:1']);
});

test('a sensor that flaps for an hour is one episode and falls silent', () => {
  const events = play('xxx....'.repeat(500));
  assert.equal(events.filter((event) => event.includes('Opened')).length, 1);
  assert.ok(events.filter((event) => event.includes('Cleared')).length <= 2, events.join(' '));
});

test('a condition that began earlier counts from there', () => {
  const seen = { at: 10_000, level: 'abnormal', severity: 'High', since: 4_000 } as const;
  const { event } = advance(quiet, seen, timing);
  assert.equal(event?.start, 4_000);
});
