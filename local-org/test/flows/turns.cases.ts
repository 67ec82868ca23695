import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import type { Breakage } from './breakable.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';

// Two signals of one episode that are routed together, where the database refuses every Case of a batch with a key twice.

const strict = (): Promise<PackageOrg> => makePackageOrg(['duplicate-in-batch=batch']);
const other = event('Opened', 0, { Event_Key__c: 'other', Episode_Key__c: 'episode-2' });
const ends = (org: PackageOrg): unknown[] =>
  org.rows('Asset_Signal__c').map((row) => `${row['Phase__c']} ${row['Disposition__c']}`);
const reasons = (org: PackageOrg): string[] =>
  org.rows('Asset_Signal__c').map((row) => String(row['Disposition_Reason__c']));
const routings = (org: PackageOrg): number =>
  org.transactions.filter(({ flows }) => flows.has('Signal_SFL_Route')).length;

test('the first signal of the episode opens the Case alone, the others wait for it and then follow', async () => {
  const org = await strict();
  const later = [event('Updated', 1, { Severity__c: 'High' }), event('Updated', 2)];
  await org.publish(event('Opened'), later[0] ?? {}, other, later[1] ?? {});
  // Of two that follow together only the newer one need be applied.
  const [first, second, third, fourth] = ends(org);
  assert.deepEqual([first, third, fourth], ['Opened Acted', 'Opened Acted', 'Updated Acted']);
  assert.match(String(second), /Acted|Suppressed/);
  const episodes = org.rows('Case').map((row) => String(row['Signal_Episode_Key__c']));
  assert.deepEqual(episodes.toSorted(), ['episode-1', 'episode-2']);
  assert.equal(org.rows('Signal_Failure__c').length, 0);
  assert.equal(routings(org), 2);
});

test('while it waits a signal is not routed, and says for whom it waits', async () => {
  const org = await strict();
  org.stopAfter('Signal_SFL_Route');
  await org.publish(event('Opened'), event('Updated', 1));
  assert.deepEqual(ends(org), ['Opened Acted', 'Updated Received']);
  const [first] = org.rows('Asset_Signal__c');
  assert.equal(
    reasons(org)[1],
    `Waits until ${String(first?.['Name'])} of the same episode is routed.`,
  );
  await org.run();
  assert.deepEqual(ends(org), ['Opened Acted', 'Updated Acted']);
  assert.equal(org.rows('Case').length, 1);
});

test('signals of one episode that failed together and are tried again together open one Case', async () => {
  const org = await strict();
  const sure = [event('Opened', 0), event('Updated', 1), event('Updated', 2)];
  org.break({ write: ['insert Case'] });
  await org.publish(...sure);
  org.break({});
  assert.deepEqual(new Set(ends(org).map((end) => String(end).split(' ')[1])), new Set(['Failed']));
  assert.equal(org.rows('Case').length, 0);
  const again = org.rows('Asset_Signal__c').map(({ Id }) => Id);
  const changes = again.map((Id): RecordData => ({
    Id: Id ?? null,
    Retry_Requested_At__c: '2026-11-23T07:30:00.000Z',
  }));
  await org.saveAll('update', 'Asset_Signal__c', changes, 'bridge');
  assert.deepEqual([ends(org)[0], ends(org)[2]], ['Opened Acted', 'Updated Acted']);
  assert.equal(org.only('Case')['Signal_Last_Event_At__c'], '2026-11-23T05:02:00.000Z');
});

test('an end among the signals of the episode is nobody to wait for', async () => {
  const org = await strict();
  await org.publish(
    event('Cleared', -5),
    event('Opened', 0),
    event('Updated', 1, { Severity__c: 'High' }),
  );
  assert.deepEqual(ends(org), ['Cleared Suppressed', 'Opened Acted', 'Updated Acted']);
  assert.equal(org.only('Case')['Priority'], 'High');
});

test('what refuses the Case of the first signal refuses those that waited for it, and nothing goes on for ever', async () => {
  const org = await strict();
  org.break({ write: ['insert Case'] });
  await org.publish(event('Opened'), event('Updated', 1));
  assert.deepEqual(ends(org), ['Opened Failed', 'Updated Failed']);
  for (const reason of reasons(org)) assert.match(reason, /refused by a test/);
  assert.ok(routings(org) <= 3, `${routings(org)} routings`);
});

const troubles: readonly (readonly [string, Breakage])[] = [
  ...Array.from({ length: 14 }, (_, index): readonly [string, Breakage] => [
    `look-up ${index + 1} of signals faults`,
    { get: ['Asset_Signal__c'], getFrom: index + 1, getTo: index + 1 },
  ]),
  ['no other turn can be asked for', { write: ['update Asset_Signal__c'] }],
];
for (const [what, breakage] of troubles) {
  test(`where ${what}, no signal is lost and no Case is doubled`, async () => {
    const org = await strict();
    org.break(breakage);
    await org.publish(event('Opened'), event('Updated', 1));
    org.break({});
    assert.ok(org.rows('Case').length <= 1);
    const open = ends(org).filter((end) => String(end).endsWith('Received'));
    assert.ok(open.length === 0 || org.rows('Signal_Failure__c').length > 0, open.join());
  });
}

const pastOnes: readonly (readonly [string, RecordData, RecordData])[] = [
  ['an end that failed', event('Cleared', -5), { Disposition__c: 'Failed' }],
  ['a signal that was suppressed', event('Opened', -5), { Disposition__c: 'Suppressed' }],
  [
    'a signal whose review expired',
    event('Opened', -5),
    { Disposition__c: 'Acted', Review_Status__c: 'Expired' },
  ],
];
for (const [what, past, became] of pastOnes) {
  test(`${what} is nobody to wait for`, async () => {
    const org = await strict();
    org.break({ write: ['insert Case'] });
    await org.publish(past);
    org.break({});
    org.plant('Asset_Signal__c', String(org.only('Asset_Signal__c')['Id']), became);
    await org.publish(event('Updated', 0), event('Updated', 1, { Severity__c: 'High' }));
    assert.deepEqual(ends(org).slice(1), ['Updated Acted', 'Updated Acted']);
    assert.equal(org.only('Case')['Priority'], 'High');
  });
}
