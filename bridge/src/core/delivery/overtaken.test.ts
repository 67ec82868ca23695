import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../../model/brand.ts';
import type { EventKey } from '../../model/brand.ts';
import type { Phase, Severity } from '../../model/signal.ts';
import { findOvertaken } from './overtaken.ts';
import type { Before, Waiting } from './overtaken.ts';

const before = (phase: Phase, severity: Severity, acted = true): Before => ({
  phase,
  severity,
  acted,
});
/** Events in a row, each a second after the one before. */
const story = (
  ...events: readonly (readonly [Phase, Severity, Partial<Waiting>?])[]
): readonly Waiting[] =>
  events.map(([phase, severity, changes], index) => ({
    eventKey: `key ${index}` as EventKey,
    phase,
    sequence: index + 1,
    severity,
    occurredAt: toEpochMs(1_000 * (index + 1)),
    tried: false,
    ...changes,
  }));
const dropped = (from: Before | undefined, waiting: readonly Waiting[]): string[] =>
  findOvertaken(from, waiting).map(({ eventKey, by }) => `${eventKey} by ${by}`);

test('of several updates the last goes, and says the worst', () => {
  const waiting = story(['Updated', 'Medium'], ['Updated', 'High'], ['Updated', 'High']);
  assert.deepEqual(dropped(undefined, waiting), ['key 0 by key 1', 'key 1 by key 2']);
  assert.match(findOvertaken(undefined, waiting)[0]?.reason ?? '', /Updated 2 of the episode/);
});

test('an update that is worse than the next is kept, and what comes after it, too', () => {
  const waiting = story(['Updated', 'Critical'], ['Updated', 'High'], ['Updated', 'High']);
  assert.deepEqual(dropped(undefined, waiting), []);
});

test('an update before its Cleared goes only where the org would not know how bad it was', () => {
  const waiting = story(['Updated', 'High'], ['Cleared', 'High']);
  assert.deepEqual(dropped(before('Opened', 'High'), waiting), ['key 0 by key 1']);
  assert.deepEqual(dropped(before('Updated', 'Critical'), waiting), ['key 0 by key 1']);
  assert.deepEqual(dropped(before('Opened', 'Medium'), waiting), [], 'it raises the severity');
  assert.deepEqual(dropped(before('Opened', 'High', false), waiting), [], 'it may open the Case');
  assert.deepEqual(dropped(before('Cleared', 'High'), waiting), [], 'it opens the episode again');
  assert.deepEqual(dropped(undefined, waiting), [], 'nobody knows what the org knows');
});

test('updates before the one that raises the severity are overtaken by it, it is not', () => {
  const waiting = story(['Updated', 'High'], ['Updated', 'Critical'], ['Cleared', 'Critical']);
  assert.deepEqual(dropped(before('Opened', 'High'), waiting), ['key 0 by key 1']);
});

test('Opened and Cleared are always told', () => {
  assert.deepEqual(dropped(undefined, story(['Opened', 'Low'], ['Updated', 'Critical'])), []);
  assert.deepEqual(dropped(undefined, story(['Opened', 'Low'], ['Cleared', 'Low'])), []);
  const waiting = story(['Cleared', 'Low'], ['Updated', 'Low'], ['Cleared', 'Low']);
  assert.deepEqual(dropped(before('Opened', 'Low'), waiting), []);
});

test('what may be on the bus already, and what is newer than the next, is kept', () => {
  const late = { occurredAt: toEpochMs(9_000) };
  assert.deepEqual(
    dropped(undefined, story(['Updated', 'Low', { tried: true }], ['Updated', 'Low'])),
    [],
  );
  assert.deepEqual(dropped(undefined, story(['Updated', 'Low', late], ['Updated', 'Low'])), []);
});

test('with nothing behind it an event goes', () => {
  assert.deepEqual(dropped(before('Opened', 'High'), story(['Updated', 'High'])), []);
  assert.deepEqual(dropped(undefined, []), []);
});
