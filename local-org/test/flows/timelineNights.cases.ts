import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { at, kinds } from './timelineKinds.ts';
import { hour, plantInstallation, plantOwnership } from './timelineRows.ts';

// Overlaps that a save could not see are found by night, and told once.

for (const { object, links, plant, what } of kinds) {
  test(`two of one batch overlap unseen; the night finds them, tells once, and forgets what is solved`, async () => {
    const org = await makePackageOrg();
    const rows = [at([4, 8]), at([6, 10]), at([10])].map((times) => ({ ...links(org), ...times }));
    const outcomes = await org.saveAll('insert', object, rows);
    const [early = '', late = '', free = ''] = outcomes.map((one) => (one.ok ? one.id : ''));
    const problem = (id: string): unknown =>
      org.rows(object).find(({ Id }) => Id === id)?.['Timeline_Problem__c'];
    const nightly = 24 * 60;
    await org.later(nightly);
    assert.match(
      String(problem(early)),
      /^Has a moment in common with .-\d{8}, from 2026-11-23 06:00:00Z to 2026-11-23 10:00:00Z\.$/,
    );
    assert.match(String(problem(late)), /from 2026-11-23 04:00:00Z to 2026-11-23 08:00:00Z\.$/);
    assert.equal(problem(free), null);
    assert.deepEqual(
      org.sent
        .notifications()
        .map(({ title, targetId, recipientIds }) => [title, targetId, recipientIds]),
      [[`Two ${what}s at one time`, late, [org.ids.triage]]],
    );
    const writes = stampsOf(org, object);
    await org.later(nightly);
    assert.equal(org.sent.notifications().length, 1, 'told once');
    assert.deepEqual(stampsOf(org, object), writes, 'and written once');
    await org.update(object, late, { From__c: hour(8) });
    await org.later(nightly);
    assert.deepEqual([problem(early), problem(late)], [null, null]);
    assert.equal(org.sent.notifications().length, 1);
    org.plant(object, late, { From__c: hour(4) });
    await org.later(nightly);
    assert.equal(
      org.sent.notifications().length,
      3,
      'a new problem is told, by both when they begin together',
    );
  });

  test(`of three in a chain the later two are told of, each with the one before it`, async () => {
    const org = await makePackageOrg();
    for (const span of [[6, 9], [3, 7], [0, 4], [8.5]] as const) plant(org, span);
    await org.later(24 * 60);
    const told = org.sent.notifications().map(({ body }) => body);
    const spans = [
      '03:00:00Z to 2026-11-23 07',
      '00:00:00Z to 2026-11-23 04',
      '06:00:00Z to 2026-11-23 09',
    ];
    assert.equal(told.length, spans.length);
    spans.forEach((span, n) =>
      assert.match(
        told[n] ?? '',
        new RegExp(
          `^The ${what} .-\\d{8} has a moment in common with .-\\d{8}, from 2026-11-23 ${span}:00:00Z\\. Signals of that time belong to nobody until the times are corrected\\.$`,
          'v',
        ),
      ),
    );
    assert.match(
      String(org.rows(object).at(2)?.['Timeline_Problem__c']),
      /^Has a moment in common with .-\d{8}, from 2026-11-23 03:00:00Z to 2026-11-23 07:00:00Z\.$/,
    );
  });

  test(`an ${what} that began before the other ended, and lasts, is named as lasting`, async () => {
    const org = await makePackageOrg();
    plant(org, [3]);
    plant(org, [4, 8]);
    await org.later(24 * 60);
    const [told] = org.sent.notifications();
    assert.match(told?.body ?? '', /, from 2026-11-23 03:00:00Z on\. Signals/);
  });

  for (const [how, breakage] of [
    ['written', { write: [`update ${object}`] }],
    ['compared', { get: [object], getFrom: 2 }],
  ] as const) {
    test(`an ${what} that cannot be ${how} by night is a failure, and told the night after`, async () => {
      const org = await makePackageOrg();
      plant(org, [4, 8]);
      plant(org, [6, 10]);
      // What the planted rows set off is over; the first look-up then is the one for the rows to check.
      await org.run();
      org.break(breakage);
      await org.later(24 * 60);
      assert.deepEqual(stagesOf(org), ['Schedule', 'Schedule']);
      assert.match(
        String(org.rows('Signal_Failure__c')[0]?.['Payload__c']),
        /could not be checked/,
      );
      assert.equal(org.sent.notifications().length, 0);
      org.break({});
      await org.later(24 * 60);
      assert.equal(org.sent.notifications().length, 1);
    });
  }
}

const stampsOf = (org: PackageOrg, object: string): unknown[] =>
  org.rows(object).map(({ SystemModstamp }) => SystemModstamp);
const stagesOf = (org: PackageOrg): unknown[] =>
  org.rows('Signal_Failure__c').map(({ Stage__c }) => Stage__c);

test('ownerships that lost their Asset have nothing in common', async () => {
  const org = await makePackageOrg();
  const ids = [
    plantOwnership(org, org.ids.asset, org.ids.account, [4, 8]),
    plantOwnership(org, org.ids.asset, org.ids.account, [4, 8]),
  ];
  for (const id of ids) org.plant('Signal_Ownership__c', id, { Asset__c: null });
  await org.later(24 * 60);
  assert.deepEqual(
    org.rows('Signal_Ownership__c').map(({ Timeline_Problem__c }) => Timeline_Problem__c),
    [null, null],
  );
});

test('200 installations are checked in a handful of queries', async () => {
  const org = await makePackageOrg();
  for (let n = 0; n < 100; n += 1) {
    const device = org.insert('Signal_Device__c', { Name: `d${n}`, Device_Key__c: `d${n}` });
    plantInstallation(org, device, org.ids.asset, [4, 8]);
    plantInstallation(org, device, org.ids.asset, [n % 2 === 0 ? 6 : 8, 10]);
  }
  await org.later(24 * 60);
  const problems = org
    .rows('Signal_Installation__c')
    .filter((row) => row['Timeline_Problem__c'] !== null);
  assert.equal(problems.length, 100);
  assert.equal(org.sent.notifications().length, 50);
  const nights = org.transactions.filter(({ flows }) =>
    flows.has('Timeline_SCH_CheckInstallations'),
  );
  assert.equal(nights.length, 1);
  assert.ok((nights[0]?.most.queries ?? 99) <= 10, `${nights[0]?.most.queries} queries`);
});

for (const [what, prepare] of [
  ['the queue cannot be looked up', (org: PackageOrg) => org.break({ get: ['Group'] })],
  [
    'the notification type cannot be looked up',
    (org: PackageOrg) => org.break({ get: ['CustomNotificationType'] }),
  ],
  ['the queue goes while it is told', (org: PackageOrg) => org.break({ read: ['Group'] })],
  [
    'the queue was deleted, and another queue and a public group of its name are there',
    (org: PackageOrg) => {
      org.remove('Group', org.ids.triage);
      org.insert('Group', { Name: 'Others', DeveloperName: 'Others', Type: 'Queue' });
      org.insert('Group', { Name: 'Triage', DeveloperName: 'Signal_Triage', Type: 'Regular' });
    },
  ],
  [
    'the notification type is missing',
    (org: PackageOrg) => {
      for (const { Id } of org.rows('CustomNotificationType'))
        org.remove('CustomNotificationType', String(Id));
    },
  ],
] as const) {
  test(`a problem that nobody can be told of because ${what} is kept as a failure`, async () => {
    const org = await makePackageOrg();
    plantInstallation(org, org.ids.device, org.ids.asset, [4, 8]);
    const late = plantInstallation(org, org.ids.device, org.ids.asset, [6, 10]);
    prepare(org);
    await org.later(24 * 60);
    const failure = org.only('Signal_Failure__c');
    assert.deepEqual([failure['Stage__c'], failure['Record_Id__c']], ['Notification', late]);
    assert.match(String(failure['Payload__c']), /has a moment in common with I-/);
  });
}
