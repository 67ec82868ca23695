import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

const DAY = 24 * 60;
/* The clock of a test org begins at six in the morning; the purge runs at two. */
const UNTIL_PURGE = 20 * 60;

/* Keys as the bridge makes them. */
const keyOf = (index: number): string =>
  createHash('sha256').update(`event ${index}`).digest('hex');

/* Signals of a policy that nobody has a record of, so that they are Suppressed and open no Case. */
async function makeSignals(
  org: PackageOrg,
  count: number,
  changes: (index: number) => RecordData = () => ({}),
): Promise<string[]> {
  const rows = Array.from({ length: count }, (_none, index) =>
    event('Opened', index, {
      Event_Key__c: keyOf(index),
      Episode_Key__c: `episode ${index}`,
      Policy_Key__c: 'unknown',
    }),
  );
  const saved = await org.saveAll('insert', 'Asset_Signal__c', rows);
  const ids = saved.map((one) => (one.ok ? one.id : ''));
  for (const [index, id] of ids.entries()) {
    const due = { Purge_On__c: '2026-11-24', ...changes(index) };
    org.plant('Asset_Signal__c', id, due);
  }
  return ids;
}
const left = (org: PackageOrg): RecordData[] => org.rows('Asset_Signal__c');
const purgeDays = (org: PackageOrg): unknown[] => left(org).map(({ Purge_On__c }) => Purge_On__c);
/* A customer's flow that lets nobody delete the signal of one event. */
const keeps = (key: string) => `<?xml version="1.0" encoding="UTF-8"?>
<Flow xmlns="http://soap.sforce.com/2006/04/metadata">
    <apiVersion>66.0</apiVersion>
    <customErrors>
        <name>Refuse</name>
        <label>Refuse</label>
        <locationX>0</locationX>
        <locationY>0</locationY>
        <customErrorMessages>
            <errorMessage>This one is evidence in court.</errorMessage>
            <isFieldError>false</isFieldError>
        </customErrorMessages>
    </customErrors>
    <label>Keep the evidence</label>
    <processType>AutoLaunchedFlow</processType>
    <start>
        <locationX>0</locationX>
        <locationY>0</locationY>
        <connector>
            <targetReference>Refuse</targetReference>
        </connector>
        <filterLogic>and</filterLogic>
        <filters>
            <field>Event_Key__c</field>
            <operator>EqualTo</operator>
            <value>
                <stringValue>${key}</stringValue>
            </value>
        </filters>
        <object>Asset_Signal__c</object>
        <recordTriggerType>Delete</recordTriggerType>
        <triggerType>RecordBeforeDelete</triggerType>
    </start>
    <status>Active</status>
</Flow>
`;
const deployKeeper = (org: PackageOrg, key: string): Promise<void> =>
  org.deploy((metadata) => ({
    ...metadata,
    flows: [...metadata.flows, { name: 'Customer_Keep', file: 'keep.xml', xml: keeps(key) }],
  }));

test('the signals whose day has come are gone the next morning, the others stay', async () => {
  const org = await makePackageOrg();
  const days = ['2026-11-23', '2026-11-24', '2026-11-25', null];
  await makeSignals(org, 4, (index) => ({ Purge_On__c: days[index] ?? null }));
  await org.later(UNTIL_PURGE - 1);
  assert.equal(left(org).length, 4);
  await org.later(1);
  assert.deepEqual(purgeDays(org), ['2026-11-25', null]);
  await org.later(DAY);
  assert.deepEqual(purgeDays(org), [null]);
  assert.deepEqual(org.rows('Signal_Failure__c'), []);
});

test('a signal stays while its Case is open, and goes once it is closed', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened'));
  const id = String(org.only('Asset_Signal__c')['Id']);
  const caseId = String(org.only('Case')['Id']);
  org.plant('Asset_Signal__c', id, { Purge_On__c: '2026-11-24' });
  await org.later(UNTIL_PURGE);
  assert.deepEqual(purgeDays(org), ['2026-12-24']);
  await org.update('Case', caseId, { Status: 'Closed' });
  await org.later(29 * DAY);
  assert.equal(left(org).length, 1);
  await org.later(DAY);
  assert.deepEqual(left(org), []);
  assert.equal(org.only('Case')['Asset_Signal__c'] ?? null, null);
});

test('a signal that has no disposition yet, or waits for a review, stays', async () => {
  const org = await makePackageOrg();
  const states: readonly RecordData[] = [
    { Disposition__c: 'Received' },
    { Disposition__c: 'Acted', Review_Status__c: 'Requested' },
    { Disposition__c: 'Acted', Review_Status__c: 'Escalated' },
    { Disposition__c: 'Received', Purge_Note__c: 'refused once' },
    { Disposition__c: 'Acted', Review_Status__c: 'Confirmed' },
    { Disposition__c: 'Suppressed', Review_Status__c: 'Expired' },
    { Disposition__c: 'Failed' },
  ];
  await makeSignals(org, states.length, (index) => states[index] ?? {});
  await org.later(UNTIL_PURGE);
  assert.deepEqual(
    left(org).map((row) => [row['Disposition__c'], row['Review_Status__c'], row['Purge_On__c']]),
    [
      ['Received', null, '2026-12-24'],
      ['Acted', 'Requested', '2026-12-24'],
      ['Acted', 'Escalated', '2026-12-24'],
      ['Received', null, '2026-12-24'],
    ],
  );
});

test('450 signals are gone in one night, 200 in a transaction, far from the limits', async () => {
  const org = await makePackageOrg();
  await makeSignals(org, 450);
  const before = org.transactions.length;
  await org.later(UNTIL_PURGE);
  assert.deepEqual(left(org), []);
  const own = org.transactions.slice(before).filter(({ flows }) => flows.has('Signal_SCH_Purge'));
  assert.equal(own.length, 3);
  for (const { most } of own) {
    assert.ok(most.queries < 5 && most.dmlStatements < 5 && most.dmlRows <= 400);
  }
});

test('one signal that may not be deleted holds nobody up for long, and ends as a failure of its own', async () => {
  const org = await makePackageOrg();
  await makeSignals(org, 210);
  await deployKeeper(org, keyOf(7));
  await org.later(UNTIL_PURGE);
  // The batch of the refused one is all there, spread over days; the other batch is gone.
  assert.equal(left(org).length, 200);
  assert.deepEqual(org.rows('Signal_Failure__c'), []);
  const days = Array.from({ length: 16 }, (_none, index) =>
    new Date(Date.UTC(2026, 10, 25 + index)).toISOString().slice(0, 10),
  );
  assert.deepEqual(new Set(purgeDays(org)), new Set(days));
  for (const { Purge_Note__c } of left(org))
    assert.match(String(Purge_Note__c), /tried to delete records/);
  const [kept] = left(org).filter(({ Event_Key__c }) => Event_Key__c === keyOf(7));
  // One that was never refused goes, also in the night when the refused one is tried again.
  const fresh = org.insert('Asset_Signal__c', event('Opened', 900, { Policy_Key__c: 'unknown' }));
  await org.run();
  org.plant('Asset_Signal__c', fresh, { Purge_On__c: kept?.['Purge_On__c'] ?? null });
  for (let night = 0; night < 16; night += 1) await org.later(DAY);
  assert.ok(left(org).every(({ Id }) => Id !== fresh));
  const still = left(org).length;
  assert.ok(still <= 25, `${still} are left after 16 nights`);
  const failures = org.rows('Signal_Failure__c');
  const failure = failures.find(({ Event_Key__c }) => Event_Key__c === keyOf(7));
  assert.equal(failure?.['Stage__c'], 'Schedule');
  assert.equal(failure['Record_Id__c'], kept?.['Id']);
  assert.equal(failure['Device_Key__c'], 'pump-001');
  assert.equal(failure['Payload__c'], `The purge of Asset Signal ${String(kept?.['Name'])}`);
  for (let night = 0; night < 48; night += 1) await org.later(DAY);
  assert.match(String(org.only('Asset_Signal__c')['Purge_Note__c']), /evidence in court/);
});

test('a signal that can neither be deleted nor postponed is a failure', async () => {
  for (const changes of [{}, { Disposition__c: 'Received' }]) {
    const org = await makePackageOrg();
    const [id] = await makeSignals(org, 1, () => changes);
    org.break({ delete: ['Asset_Signal__c'], write: ['update Asset_Signal__c'] });
    await org.later(UNTIL_PURGE);
    assert.equal(purgeDays(org)[0], '2026-11-24');
    const failure = org.only('Signal_Failure__c');
    assert.deepEqual([failure['Stage__c'], failure['Record_Id__c']], ['Schedule', id]);
    assert.match(String(failure['Reason__c']), /refused by a test/);
  }
});

/* ---------- telemetry views */
const view = (org: PackageOrg, minutes: number | null): string =>
  org.insert('Telemetry_View__c', {
    Asset__c: org.ids.asset,
    Range_Minutes__c: 15,
    Requested_At__c: '2026-11-23T06:00:00.000Z',
    Live_Until__c:
      minutes === null
        ? null
        : new Date(Date.parse('2026-11-23T06:00:00Z') + minutes * 60_000).toISOString(),
  });
const lease = (minutes: number): RecordData => ({
  Live_Until__c: new Date(Date.parse('2026-11-23T06:00:00Z') + minutes * 60_000).toISOString(),
});

test('a telemetry view is gone 30 days after the last lease has run out', async () => {
  const org = await makePackageOrg();
  const [used] = [view(org, 2), view(org, 2), view(org, null)];
  await org.later(10 * DAY);
  await org.update('Telemetry_View__c', used ?? '', lease(10 * DAY + 2));
  await org.later(20 * DAY + 1);
  assert.equal(org.rows('Telemetry_View__c').length, 3);
  await org.later(1);
  assert.equal(org.rows('Telemetry_View__c').length, 2);
  await org.later(10 * DAY);
  // One without a lease was not made by a panel.
  assert.equal(org.only('Telemetry_View__c')['Live_Until__c'], null);
  assert.equal(org.published('Signal_Notice__e').length, 3);
});

test('a view that is opened while its end comes is kept', async () => {
  const org = await makePackageOrg(['async-record=as-saved']);
  const id = view(org, 2);
  // Past the queue, as a lease that is renewed in the very moment the path has begun.
  org.plant('Telemetry_View__c', id, lease(30 * DAY + 2));
  await org.later(30 * DAY + 2);
  assert.equal(org.rows('Telemetry_View__c').length, 1);
  const steps = org.steps.filter(({ element }) => element === 'Is_View_Unused');
  assert.equal(steps.length, 1);
});

for (const [what, breakage] of [
  ['deleted', { delete: ['Telemetry_View__c'] }],
  ['read', { get: ['Telemetry_View__c'] }],
] as const) {
  test(`a view that cannot be ${what} is a failure, and stops no other`, async () => {
    const org = await makePackageOrg();
    const id = view(org, 2);
    view(org, 3);
    org.break(breakage);
    await org.later(30 * DAY + 2);
    org.break({});
    const failure = org.only('Signal_Failure__c');
    assert.deepEqual([failure['Stage__c'], failure['Record_Id__c']], ['Schedule', id]);
    assert.match(String(failure['Reason__c']), /by a test/);
    assert.match(String(failure['Payload__c']), /^The purge of Telemetry View /);
    await org.later(1);
    assert.equal(org.only('Telemetry_View__c')['Id'], id);
  });
}

/* ---------- failures */
test('a failure is gone a year later, one that cannot be deleted leaves another', async () => {
  const org = await makePackageOrg();
  const one = org.insert('Signal_Failure__c', { Stage__c: 'Ingest', Reason__c: 'no' });
  const name = org.rows('Signal_Failure__c').find(({ Id }) => Id === one)?.['Name'];
  await org.later(365 * DAY - 1);
  assert.equal(org.rows('Signal_Failure__c').length, 1);
  org.break({ delete: ['Signal_Failure__c'] });
  await org.later(1);
  org.break({});
  const made = org.rows('Signal_Failure__c').find(({ Record_Id__c }) => Record_Id__c === one);
  assert.equal(made?.['Stage__c'], 'Schedule');
  assert.match(String(made['Reason__c']), /by a test/);
  assert.equal(made['Payload__c'], `The purge of Signal Failure ${String(name)}`);
  const later = org.insert('Signal_Failure__c', { Stage__c: 'Route', Reason__c: 'no' });
  const byHand = org.insert('Signal_Failure__c', { Reason__c: 'made by hand' });
  await org.later(365 * DAY);
  const ids = org.rows('Signal_Failure__c').map(({ Id }) => Id);
  // What no flow has kept is not for a flow to delete.
  assert.deepEqual([ids.includes(later), ids.includes(made['Id'] ?? null)], [false, false]);
  assert.ok(ids.includes(byHand));
});
