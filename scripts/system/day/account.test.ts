import assert from 'node:assert/strict';
import { test } from 'node:test';

import { account } from './account.ts';
import type { Evidence } from './evidence.ts';
import { expectedEpisodes } from './model.ts';
import type { ExpectedEvent } from './model.ts';
import { AT, END } from './plan.ts';
import { tableOf } from './table.ts';
import { makeTelemetry } from './telemetry.ts';
import { HOUR, startOfDay, STEP } from './times.ts';

const START = startOfDay(Date.UTC(2026, 10, 23));
const hourOf = (at: number): number => (at - START) / HOUR;

/** What a day would leave in which everything went well and nothing was short; of the readings those of full hours. */
function perfectDay(): Evidence {
  const telemetry = makeTelemetry(START, 1);
  const sent = Array.from({ length: END }, (_, hour) => hour).flatMap((hour) => {
    const at = START + hour * HOUR;
    const garbage = hour === AT.garbage ? telemetry.garbage(hour) : [];
    return [...telemetry.at(hour), ...garbage].map(({ id, kind }) => ({
      ...{ id, at },
      ...(kind !== undefined && { kind }),
    }));
  });
  const repeated = sent.filter(({ at }) => hourOf(at) === AT.repeats).slice(0, 3);
  const all = [...sent, ...repeated];
  const expected = expectedEpisodes(START);
  const events = expected.flatMap((episode) => episode.events);
  const readings = all.filter(({ kind }) => kind === undefined);
  const days = Map.groupBy(readings, ({ at }) => new Date(at).toISOString().slice(0, 10));
  const dispositionOf = ({ asset }: ExpectedEvent) =>
    asset === undefined
      ? { disposition: 'Suppressed', reason: 'The device is on no Asset.' }
      : { disposition: 'Acted', reason: '' };
  return {
    cut: START + AT.cut * HOUR,
    cutEnd: START + (AT.cut + STEP) * HOUR,
    shortFrom: START + AT.short * HOUR,
    sent: all,
    expected,
    logged: readings.map(({ id }) => id),
    quarantined: all.flatMap(({ id, kind }) => (kind === undefined ? [] : [{ id, kind }])),
    outbox: events.map((event) => ({
      eventKey: event.eventKey,
      ...{ recordedAt: event.occurredAt, publishedAt: event.occurredAt + 1_000 },
      ...{ state: 'published', publishes: 1, receipt: dispositionOf(event).disposition },
      ...{ reason: '', why: 'published', overtakenBy: undefined },
    })),
    rows: events.map((event) => ({ ...event, ...dispositionOf(event) })),
    cases: expected.flatMap(({ key, asset, customer }) =>
      asset === undefined ? [] : [{ episodeKey: key, asset, customer }],
    ),
    failures: 0,
    days: [...days].map(([day, list], index) => ({
      ...{ day, readings: list.length, signals: index === 0 ? events.length : 0 },
      ...{ quarantined: index === 0 ? all.length - readings.length : 0 },
      ...{ errors: 0, suppressed: 0, reasons: {} },
      duplicates: index === 0 ? repeated.length : 0,
    })),
  };
}

const day = perfectDay();
const wrongIn = (evidence: Evidence): readonly string[] =>
  account(evidence)
    .filter(({ wrong }) => wrong.length > 0)
    .map(({ what }) => what);

/** The list with its first element that is `like` this changed. */
function change<T>(
  list: readonly T[],
  like: (one: T) => boolean,
  to: (one: T) => readonly T[],
): readonly T[] {
  const index = list.findIndex(like);
  assert.notEqual(index, -1);
  return list.flatMap((one, at) => (at === index ? to(one) : [one]));
}
const any = (): boolean => true;
const critical = new Set(
  day.expected
    .flatMap(({ events }) => events)
    .filter(({ severity, occurredAt }) => severity === 'Critical' && hourOf(occurredAt) > AT.short)
    .map(({ eventKey }) => eventKey),
);
const hall = day.expected.find(({ isExpendable }) => isExpendable)?.events ?? [];
const isOfHall = ({ eventKey }: { readonly eventKey: string }): boolean =>
  hall.some((event) => event.eventKey === eventKey);
const WHY = 'over-before-told';
const untoldRow = { state: 'suppressed', publishes: 0, reason: 'not published', why: WHY };
/** An episode that was never told, for want of budget. */
const untold: Evidence = {
  ...day,
  outbox: day.outbox.map((row) => (isOfHall(row) ? { ...row, ...untoldRow } : row)),
  rows: day.rows.filter((row) => !isOfHall(row)),
  cases: day.cases.filter(({ episodeKey }) => episodeKey !== hall[0]?.episodeKey),
  days: change(day.days, any, (one) => [
    {
      ...one,
      signals: one.signals - hall.length,
      suppressed: hall.length,
      reasons: { [WHY]: hall.length },
    },
  ]),
};

test('a day in which everything went well adds up, also when the budget was short', () => {
  assert.deepEqual(wrongIn(day), []);
  assert.deepEqual(wrongIn(untold), []);
});

/** An episode with two updates, the first overtaken by the second and that by its end. */
const long = day.expected.find(({ events }) => events.length === 4)?.events ?? [];
const [, first, second, end] = long.map(({ eventKey }) => eventKey);
const coalesced = { state: 'coalesced', publishes: 0, why: 'coalesced', reason: 'said as well' };
const overtakenBy = (by: Readonly<Record<string, string | undefined>>): Evidence => ({
  ...day,
  outbox: day.outbox.map((row) =>
    row.eventKey === first || row.eventKey === second
      ? { ...row, ...coalesced, overtakenBy: by[row.eventKey] }
      : row,
  ),
  rows: day.rows.filter(({ eventKey }) => eventKey !== first && eventKey !== second),
  days: change(day.days, any, (one) => [
    { ...one, signals: one.signals - 2, suppressed: 2, reasons: { coalesced: 2 } },
  ]),
});

test('an event may be overtaken by one that is overtaken in turn, as long as the last is told', () => {
  const [a = '', b = ''] = [first, second];
  const COALESCED = 'not published: a later event says as much';
  assert.deepEqual(wrongIn(overtakenBy({ [a]: b, [b]: end })), []);
  assert.deepEqual(wrongIn(overtakenBy({ [a]: b, [b]: a })), [COALESCED], 'a ring');
  assert.deepEqual(wrongIn(overtakenBy({ [a]: b })), [COALESCED], 'by nothing');
  const other = day.expected.at(-3)?.events[0]?.eventKey;
  assert.deepEqual(
    wrongIn(overtakenBy({ [a]: other, [b]: end })),
    [COALESCED],
    'by another episode',
  );
});

const READINGS = 'readings sent → in the log';
const ALL_READINGS = 'all that was sent, and sent again → all there is';
const BY_BROKER = 'sent again by the broker, when its connection was cut';
const EVENTS = 'events that faults must cause → found';
const ROWS = 'published → one row each in the org';
const ENDS = 'all ends together → all events';
const UNTOLD = 'not published for want of budget: all of an episode, and why';
const WHOSE = 'with the Asset and the owner of their time';
const CASES = 'episodes told of, on an Asset → one Case each';
const WHOSE_CASE = 'for the Asset and the owner of when it began';

const damages: readonly (readonly [string, Partial<Evidence>, readonly string[]])[] = [
  [
    'a reading that is in no log',
    { logged: change(day.logged, any, () => []) },
    [READINGS, ALL_READINGS],
  ],
  [
    'a reading nobody sent',
    { logged: [...day.logged, 999_999] },
    [READINGS, BY_BROKER, 'readings of 2026-11-21, repeats among them'],
  ],
  [
    'a reading twice that was sent once',
    { logged: [...day.logged, day.logged[0] ?? 0] },
    [BY_BROKER, 'readings of 2026-11-21, repeats among them', 'readings that were there already'],
  ],
  [
    'a message in quarantine for another reason',
    {
      quarantined: change(
        day.quarantined,
        ({ kind }) => kind === 'malformed',
        (one) => [{ ...one, kind: 'too-large' }],
      ),
    },
    ['sent as malformed → in quarantine for it', 'sent as too-large → in quarantine for it'],
  ],
  [
    'an event that was not found',
    { outbox: change(day.outbox, any, () => []) },
    [EVENTS, ROWS, ENDS, 'events accepted by the event bus'],
  ],
  [
    'an event that still waits',
    { outbox: change(day.outbox, any, (one) => [{ ...one, state: 'pending' }]) },
    [ROWS, 'given up, or still waiting', ENDS],
  ],
  [
    'an event whose receipt never came',
    { outbox: change(day.outbox, any, (one) => [{ ...one, receipt: undefined }]) },
    [ROWS, 'given up, or still waiting', ENDS],
  ],
  ['a row twice', { rows: change(day.rows, any, (one) => [one, one]) }, [ROWS]],
  [
    'a row nobody published',
    { rows: [...day.rows, ...day.rows.slice(0, 1).map((row) => ({ ...row, eventKey: 'forged' }))] },
    [ROWS, 'of a device nobody knows → Suppressed, and why', WHOSE],
  ],
  [
    'a row with another owner',
    { rows: change(day.rows, any, (one) => [{ ...one, customer: 39 }]) },
    [WHOSE],
  ],
  [
    'a row on another Asset',
    { rows: change(day.rows, any, (one) => [{ ...one, asset: 0 }]) },
    [WHOSE],
  ],
  [
    'a row of another version of its policy',
    { rows: change(day.rows, any, (one) => [{ ...one, policyVersion: 2 }]) },
    [WHOSE],
  ],
  [
    'a signal the org did nothing about',
    { rows: change(day.rows, any, (one) => [{ ...one, disposition: 'Received' }]) },
    ['of devices the org knows → Acted'],
  ],
  [
    'a suppression without a reason',
    {
      rows: change(
        day.rows,
        ({ disposition }) => disposition === 'Suppressed',
        (one) => [{ ...one, reason: '' }],
      ),
    },
    ['of a device nobody knows → Suppressed, and why'],
  ],
  ['a Case that is gone', { cases: change(day.cases, any, () => []) }, [CASES]],
  ['a Case twice', { cases: change(day.cases, any, (one) => [one, one]) }, [CASES]],
  [
    'a Case of no fault',
    { cases: [...day.cases, { episodeKey: undefined, asset: 1, customer: 1 }] },
    [CASES],
  ],
  [
    'a Case for another customer',
    { cases: change(day.cases, any, (one) => [{ ...one, customer: 39 }]) },
    [WHOSE_CASE],
  ],
  ['trouble in the org', { failures: 1 }, ['records of trouble (Signal Failure)']],
  [
    'a Critical that waited for budget',
    {
      outbox: change(
        day.outbox,
        ({ eventKey }) => critical.has(eventKey),
        (one) => [{ ...one, publishedAt: one.recordedAt + HOUR }],
      ),
    },
    ['Critical while the budget is short → published at once'],
  ],
  [
    'a Critical that was suppressed',
    {
      outbox: change(
        day.outbox,
        ({ eventKey }) => critical.has(eventKey),
        (one) => [{ ...one, state: 'suppressed', reason: 'short' }],
      ),
    },
    [ROWS, UNTOLD, 'suppressed: published', 'suppressed in all'],
  ],
  [
    'a suppression of the bridge without a reason',
    { ...untold, outbox: change(untold.outbox, isOfHall, (one) => [{ ...one, reason: '' }]) },
    [UNTOLD],
  ],
  [
    'half an episode suppressed',
    {
      ...untold,
      outbox: change(untold.outbox, isOfHall, (one) => [{ ...one, state: 'published' }]),
    },
    [ROWS, UNTOLD, CASES, `suppressed: ${WHY}`, 'suppressed in all'],
  ],
  ['a Case of what was never told', { ...untold, cases: day.cases }, [CASES]],
  [
    'a day that counts one reading too many',
    { days: change(day.days, any, (one) => [{ ...one, readings: one.readings + 1 }]) },
    ['readings of 2026-11-21, repeats among them'],
  ],
  [
    'a day with a reason nobody knows of',
    {
      ...untold,
      days: change(untold.days, any, (one) => [{ ...one, reasons: { other: hall.length } }]),
    },
    [`suppressed: ${WHY}`],
  ],
  [
    'a day with an error',
    { days: change(day.days, any, (one) => [{ ...one, errors: 1 }]) },
    ['errors'],
  ],
];

for (const [what, damage, lines] of damages) {
  test(`the accounting shows ${what}`, () => {
    assert.deepEqual(wrongIn({ ...day, ...damage }), lines);
  });
}

test('what is wrong stands under its line', () => {
  const [episode] = day.expected;
  const table = tableOf(account({ ...day, cases: day.cases.slice(1) }));
  assert.match(
    table,
    new RegExp(`one Case each +\\d+ +\\d+ +WRONG\\n +no Case: ${episode?.device}`),
  );
  assert.equal(table.match(/WRONG/g)?.length, 1);
});
