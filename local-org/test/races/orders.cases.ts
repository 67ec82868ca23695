import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, makePackageOrg } from '../flows/packageOrg.ts';
import type { PackageOrg } from '../flows/packageOrg.ts';

// What arrives in another order, twice, or while the org is between two transactions.

const INGEST = 'Signal_EVT_Ingest';

const ends = (org: PackageOrg): unknown[] =>
  org.rows('Asset_Signal__c').map((row) => `${row['Phase__c']} ${row['Disposition__c']}`);

/** Every signal has its end, and none of them a failure. */
function assertDisposed(org: PackageOrg): void {
  for (const row of org.rows('Asset_Signal__c'))
    assert.match(
      String(row['Disposition__c']),
      /^(?:Acted|Suppressed)$/,
      JSON.stringify(ends(org)),
    );
  assert.deepEqual(org.rows('Signal_Failure__c'), []);
}

test('two openings of one episode in two batches that are both recorded before either is routed are one Case', async () => {
  const org = await makePackageOrg();
  org.stopAfter(INGEST);
  await org.publish(event('Opened', 0, { Event_Key__c: 'first' }));
  assert.deepEqual(ends(org), ['Opened Received']);
  org.stopAfter(INGEST);
  await org.publish(event('Opened', 1, { Event_Key__c: 'second' }));
  assert.deepEqual(ends(org), ['Opened Received', 'Opened Received']);
  await org.run();
  assert.equal(org.only('Case')['Signal_Last_Event_At__c'], '2026-11-23T05:01:00.000Z');
  assert.deepEqual(ends(org), ['Opened Acted', 'Opened Acted']);
});

test('the very same event in two batches that come before either is routed is one signal and one Case', async () => {
  const org = await makePackageOrg();
  org.stopAfter(INGEST);
  await org.publish(event('Opened'));
  org.stopAfter(INGEST);
  await org.publish(event('Opened'));
  await org.run();
  assert.equal(org.rows('Case').length, 1);
  assert.deepEqual(ends(org), ['Opened Acted']);
  assertDisposed(org);
});

/** A Case of the episode that another transaction has opened, of which this one knows nothing yet. */
async function withHiddenCase(minutes: number): Promise<PackageOrg> {
  const org = await makePackageOrg();
  const at = event('Opened', minutes)['Occurred_At__c'];
  org.insert('Case', {
    Subject: 'Opened in between',
    Priority: 'Medium',
    Signal_Priority__c: 'Medium',
    Signal_Severity__c: 'Medium',
    Signal_Episode_Key__c: 'episode-1',
    Signal_Last_Event_At__c: at ?? null,
  });
  org.break({ missing: ['Case'], getTo: 1 });
  return org;
}

test('a Case that another transaction opens between the look-up and the creation is followed, not doubled', async () => {
  const org = await withHiddenCase(0);
  await org.publish(event('Updated', 1, { Severity__c: 'Critical' }));
  assert.equal(org.only('Case')['Priority'], 'High');
  assert.equal(org.only('Case')['Subject'], 'Opened in between');
  assert.equal(org.only('Asset_Signal__c')['Case__c'], org.only('Case')['Id']);
  assert.deepEqual(ends(org), ['Updated Acted']);
});

test('an opening that finds a newer Case between the look-up and the creation changes nothing on it', async () => {
  const org = await withHiddenCase(5);
  await org.publish(event('Opened', 0, { Severity__c: 'Critical' }));
  assert.equal(org.only('Case')['Priority'], 'Medium');
  assert.equal(org.only('Case')['Signal_Last_Event_At__c'], '2026-11-23T05:05:00.000Z');
  assert.deepEqual(ends(org), ['Opened Suppressed']);
});

/** All orders of some items. */
function ordersOf<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    ordersOf(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}

const life = [
  event('Opened', 0),
  event('Updated', 1, { Severity__c: 'High' }),
  event('Cleared', 2),
];
for (const order of ordersOf(life)) {
  const phases = order.map((one) => String(one['Phase__c']));
  const isLost = phases[0] === 'Cleared';
  test(`${phases.join(', ')}, one by one: ${isLost ? 'no Case' : 'one Case'}`, async () => {
    const org = await makePackageOrg();
    for (const one of order) await org.publish(one);
    assertDisposed(org);
    assert.equal(org.rows('Case').length, isLost ? 0 : 1);
    if (isLost) return;
    const found = org.only('Case');
    assert.equal(found['Signal_Last_Event_At__c'], '2026-11-23T05:02:00.000Z');
    const isOpenedFirst = phases.indexOf('Opened') < phases.indexOf('Updated');
    const sawUpdate = phases.indexOf('Updated') < phases.indexOf('Cleared');
    assert.equal(found['Priority'], sawUpdate ? 'High' : 'Medium', String(isOpenedFirst));
  });

  test(`${phases.join(', ')}, recorded one by one and routed later: all that happened counts`, async () => {
    const org = await makePackageOrg();
    for (const one of order) {
      org.stopAfter(INGEST);
      await org.publish(one);
    }
    await org.run();
    assertDisposed(org);
    // The end is known before anything is routed, so there is nothing to open any more.
    assert.equal(org.rows('Case').length, 0);
  });

  test(`${phases.join(', ')}, in one batch: there was trouble, and it is over`, async () => {
    const org = await makePackageOrg();
    await org.publish(...order);
    assertDisposed(org);
    assert.equal(org.rows('Case').length, 0);
  });
}

test('an org that stops between recording and routing goes on where it was, after however long', async () => {
  const org = await makePackageOrg();
  for (const days of [0, 1, 40]) {
    const key = { Episode_Key__c: `after ${days} days`, Event_Key__c: `after ${days} days` };
    org.stopAfter(INGEST);
    await org.publish(event('Opened', 0, key));
    await org.later(days * 24 * 60);
    const signal = org
      .rows('Asset_Signal__c')
      .find((row) => row['Event_Key__c'] === key.Event_Key__c);
    assert.equal(signal?.['Disposition__c'], 'Acted', key.Event_Key__c);
  }
  assert.equal(org.rows('Case').length, 3);
});

test('twelve signals of one Case and one more, routed in one batch, all have their end', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened', 0));
  const many = Array.from({ length: 13 }, (_, index) => event('Updated', index + 1));
  await org.publish(...many);
  const open = org.rows('Asset_Signal__c').filter((row) => row['Disposition__c'] === 'Received');
  assert.deepEqual(open, []);
  assert.equal(org.rows('Case').length, 1);
});
