import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

// The mark by which the Asset page finds what is open.
const endOf = (minutes: number): string =>
  new Date(Date.parse('2026-11-23T05:00:00Z') + minutes * 60_000).toISOString();
const ends = (org: PackageOrg): unknown[] =>
  org
    .rows('Asset_Signal__c')
    .toSorted((a, b) => Number(a['Occurred_At_Ms__c']) - Number(b['Occurred_At_Ms__c']))
    .map((row) => row['Episode_Ended_At__c'] ?? null);

test('the end of an episode is marked on all its signals, and on those of no other', async () => {
  const org = await makePackageOrg();
  const other = event('Opened', 1, { Episode_Key__c: 'episode-2' });
  await org.publish(event('Opened'), { ...other, Event_Key__c: 'other' }, event('Updated', 2));
  assert.deepEqual(ends(org), [null, null, null]);
  await org.publish(event('Cleared', 3));
  assert.deepEqual(ends(org), [endOf(3), null, endOf(3), endOf(3)]);
});

test('a signal that arrives after the end of its episode is marked with the next end', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Cleared', 3));
  await org.publish(event('Cleared', 9, { Event_Key__c: 'a later end' }));
  await org.publish(event('Opened'));
  assert.deepEqual(ends(org), [endOf(3), endOf(9), endOf(9)]);
});

test('trouble that returns in the same episode is open again', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened'));
  await org.publish(event('Cleared', 3));
  await org.publish(event('Updated', 5));
  assert.deepEqual(ends(org), [endOf(3), endOf(3), null]);
});

test('a full batch of ends marks each episode', async () => {
  const org = await makePackageOrg();
  const of = (phase: 'Opened' | 'Cleared', at: number): ReturnType<typeof event>[] =>
    Array.from({ length: 200 }, (_, n) =>
      event(phase, at, { Event_Key__c: `${phase} ${n}`, Episode_Key__c: `episode ${n}` }),
    );
  await org.publish(...of('Opened', 0));
  await org.publish(...of('Cleared', 4));
  assert.equal(ends(org).filter((end) => end === endOf(4)).length, 400);
});

for (const [what, breakage, phase] of [
  ['its signals cannot be written', { write: ['update Asset_Signal__c'] as const }, 'Cleared'],
  ['a look for its end faults', { get: ['Asset_Signal__c'] }, 'Opened'],
] as const) {
  test(`an end that cannot be marked because ${what} is kept as a failure`, async () => {
    const org = await makePackageOrg();
    org.break(breakage);
    await org.publish(event(phase));
    org.break({});
    const failures = org.rows('Signal_Failure__c').filter((row) => row['Stage__c'] === 'Episode');
    assert.equal(failures.length, 1);
    assert.equal(failures[0]?.['Device_Key__c'], 'pump-001');
    assert.equal(failures[0]?.['Event_Key__c'], org.only('Asset_Signal__c')['Event_Key__c']);
    assert.match(String(failures[0]?.['Reason__c']), /test/);
  });
}

test('a late signal that cannot be marked is kept as a failure', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Cleared', 3));
  org.break({ write: ['update Asset_Signal__c'] });
  await org.publish(event('Opened'));
  org.break({});
  const failures = org.rows('Signal_Failure__c').filter((row) => row['Stage__c'] === 'Episode');
  assert.deepEqual(
    failures.map((row) => row['Event_Key__c']),
    [event('Opened')['Event_Key__c']],
  );
});
