import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import type { EventKey } from '../../model/brand.ts';
import type { Phase, Severity } from '../../model/signal.ts';
import { carriedWithin, chooseShed, overloadOf, shedSteps } from './shed.ts';
import type { Candidate } from './shed.ts';

const hour = 3_600_000;
const day = 24 * hour;
const none = { Critical: 0, High: 0, Medium: 0, Low: 0 };
const all = (count: number) => ({ Critical: count, High: count, Medium: count, Low: count });
const before = toEpochMs(5_000);
const waiting = (
  ...events: readonly (readonly [Phase, Severity, Partial<Candidate>?])[]
): readonly Candidate[] =>
  events.map(([phase, severity, changes], index) => ({
    eventKey: `key ${index}` as EventKey,
    ...{ phase, severity, detectedAt: toEpochMs(1_000 * index), tried: false, ...changes },
  }));
const shed = (kind: 'ended' | 'open', events: readonly Candidate[]): string[] =>
  chooseShed({ kind }, events, before).map(({ eventKey }) => eventKey);

test('the budgets carry what there is room for, what comes back, and whole windows after that', () => {
  const hourly = { limit: 100, windowMs: hour, used: 60 };
  assert.equal(carriedWithin(40, [], day), Infinity, 'nothing limits');
  assert.equal(carriedWithin(40, [hourly], hour / 2), 70);
  assert.equal(carriedWithin(40, [hourly], hour), 100);
  assert.equal(carriedWithin(40, [hourly], day), 2_400);
  const daily = { limit: 1_000, windowMs: day, used: 990 };
  assert.equal(carriedWithin(10, [hourly, daily], day), 1_000, 'the least of all budgets');
});

test('what fits is no overload, and what is worse is served first', () => {
  assert.equal(overloadOf({ ...none, Low: 100 }, all(100)), 0);
  assert.equal(overloadOf({ ...none, Low: 100 }, all(70)), 30);
  assert.equal(overloadOf({ ...none, High: 50, Low: 100 }, all(70)), 80);
  assert.equal(overloadOf({ ...none, High: 90, Low: 100 }, all(70)), 120);
});

test('a reserve that only worse ones may use is none for the others', () => {
  const carried = { Critical: 100, High: 80, Medium: 60, Low: 50 };
  assert.equal(overloadOf({ ...none, Low: 60 }, carried), 10);
  assert.equal(overloadOf({ ...none, High: 80 }, carried), 0);
});

test('Critical ones that find no room are no reason to shed by themselves', () => {
  assert.equal(overloadOf({ ...none, Critical: 500 }, all(10)), 0);
  assert.equal(overloadOf({ ...none, Critical: 500, Medium: 3 }, all(10)), 3);
});

test('the order is the documented one, and nothing Critical nor an open High is in it', () => {
  assert.deepEqual(
    shedSteps.map(({ kind, severity }) => `${severity} ${kind}`),
    ['Low ended', 'Medium ended', 'High ended', 'Low open', 'Medium open'],
  );
});

test('an episode that is over goes whole or not at all', () => {
  const over = waiting(['Opened', 'Low'], ['Updated', 'High'], ['Cleared', 'High']);
  assert.deepEqual(shed('ended', over), ['key 0', 'key 1', 'key 2']);
  assert.deepEqual(shed('open', over), []);
  assert.deepEqual(
    shed('ended', waiting(['Opened', 'Low', { tried: true }], ['Cleared', 'Low'])),
    [],
  );
  assert.deepEqual(shed('ended', waiting(['Opened', 'Low'], ['Cleared', 'Critical'])), []);
});

test('of an episode that goes on, what has waited too long goes, up to a Cleared', () => {
  const old = waiting(['Opened', 'Low'], ['Updated', 'Low']);
  assert.deepEqual(shed('open', old), ['key 0', 'key 1']);
  assert.deepEqual(shed('ended', old), []);
  const fresh = { detectedAt: before };
  assert.deepEqual(shed('open', waiting(['Opened', 'Low'], ['Updated', 'Low', fresh])), ['key 0']);
  const back = waiting(['Updated', 'Low'], ['Cleared', 'Low'], ['Updated', 'Low']);
  assert.deepEqual(shed('open', back), ['key 0']);
});

test('nothing is shed in front of something High that goes on, or of anything Critical', () => {
  assert.deepEqual(shed('open', waiting(['Opened', 'High'])), []);
  assert.deepEqual(shed('open', waiting(['Opened', 'Low'], ['Updated', 'Critical'])), []);
});
