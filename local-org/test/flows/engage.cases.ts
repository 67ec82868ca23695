import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import type { Breakage } from './breakable.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { usage } from './usage.ts';

/** An org whose policy engages, with an account manager who owns the Account. */
async function makeOrg(): Promise<{ readonly org: PackageOrg; readonly manager: string }> {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Route__c: 'Engage', Name: 'Usage' });
  const manager = org.insert('User', {
    ...{ Username: 'manager@example.test', LastName: 'Manager', Alias: 'manager' },
    ProfileId: org.rows('Profile')[0]?.['Id'] ?? null,
  });
  await org.update('Account', org.ids.account, { OwnerId: manager });
  return { org, manager };
}

const endOf = (org: PackageOrg, index: number): string => {
  const signal = org.rows('Asset_Signal__c')[index];
  return `${signal?.['Disposition__c']}: ${signal?.['Disposition_Reason__c']}`;
};
const healthOf = (org: PackageOrg): unknown => org.only('Asset')['Signal_Renewal_Health__c'];
const usedAt = (org: PackageOrg): unknown => org.only('Asset')['Signal_Last_Usage_At__c'];

const kinds: readonly (readonly [string, string | null, string | null])[] = [
  ['first-use', null, 'Onboarding'],
  ['adoption-low', 'Watch', 'Adoption'],
  ['declining', 'At Risk', 'Renewal'],
  ['normal', 'Good', null],
  ['hours', null, null],
];
for (const [type, health, kind] of kinds) {
  const task = kind === null ? 'no Task' : `a Task of ${kind}`;
  test(`usage.${type}: health ${health ?? 'as it was'}, ${task}, and when it was used`, async () => {
    const { org, manager } = await makeOrg();
    await org.publish(usage(type));
    assert.equal(healthOf(org), health);
    assert.equal(usedAt(org), '2026-11-23T05:00:00.000Z');
    assert.match(endOf(org, 0), /^Acted: /);
    const tasks = org.rows('Task');
    assert.equal(tasks.length, kind === null ? 0 : 1);
    for (const { Subject, OwnerId, WhatId, ActivityDate, Description } of tasks) {
      assert.deepEqual(
        [Subject, OwnerId, WhatId, ActivityDate],
        [`${kind}: Pump 1`, manager, org.ids.asset, '2026-11-30'],
      );
      assert.match(String(Description), /Vibration rose.*\nEquipment: Pump 1\. Signal S-.*Usage\./);
    }
    assert.equal(org.only('Asset_Signal__c')['Notification__c'], null);
    assert.equal(org.rows('Case').length, 0);
  });
}

test('a signal that is not about usage is suppressed and says which route to choose', async () => {
  const { org } = await makeOrg();
  await org.publish(event('Opened'));
  assert.match(endOf(org, 0), /^Suppressed: .*fault\.vibration-high is no usage signal/);
  assert.deepEqual([org.rows('Task').length, usedAt(org)], [0, null]);
});

test('an older signal is recorded and changes nothing', async () => {
  const { org } = await makeOrg();
  await org.publish(usage('normal', 'Opened', 10));
  await org.publish(usage('declining', 'Opened', 5));
  assert.equal(endOf(org, 1), 'Suppressed: Older than the last usage the Asset was told of.');
  assert.deepEqual([healthOf(org), org.rows('Task').length], ['Good', 0]);
  assert.equal(usedAt(org), '2026-11-23T05:10:00.000Z');
});

test('a second signal of the kind gives no second Task while the first is open', async () => {
  const { org } = await makeOrg();
  await org.publish(usage('declining'));
  await org.publish(usage('declining', 'Updated', 5));
  assert.equal(endOf(org, 1), 'Acted: A Task Renewal: Pump 1 is open already.');
  assert.equal(org.rows('Task').length, 1);
  await org.update('Task', String(org.only('Task')['Id']), { Status: 'Completed' });
  await org.publish(usage('declining', 'Updated', 9));
  assert.equal(org.rows('Task').length, 2);
});

test('another kind, and another Asset, have a Task of their own', async () => {
  const { org } = await makeOrg();
  const other = org.insert('Asset', { Name: 'Pump 2', AccountId: org.ids.account });
  await org.publish(usage('declining'));
  await org.publish(usage('first-use', 'Opened', 1), usage('declining', 'Opened', 1, other));
  assert.deepEqual(
    org
      .rows('Task')
      .map(({ Subject }) => String(Subject))
      .toSorted(),
    ['Onboarding: Pump 1', 'Renewal: Pump 1', 'Renewal: Pump 2'],
  );
});

test('the end of the trouble sets Good and says so in the open Task, which people close', async () => {
  const { org } = await makeOrg();
  await org.publish(usage('declining'));
  await org.publish(usage('declining', 'Cleared', 60));
  assert.equal(healthOf(org), 'Good');
  assert.match(endOf(org, 1), /^Acted: Renewal health: Good; the open Task says/);
  const task = org.only('Task');
  assert.equal(task['IsClosed'], false);
  assert.match(
    String(task['Description']),
    /^Usage has recovered on 2026-11-23 \(signal S-\d+\)\. Complete this Task if nothing/,
  );
  assert.match(String(task['Description']), /Speak with the customer/);
});

test('the end of the trouble without an open Task only sets the health', async () => {
  const { org } = await makeOrg();
  await org.publish(usage('adoption-low'));
  await org.update('Task', String(org.only('Task')['Id']), { Status: 'Completed' });
  await org.publish(usage('adoption-low', 'Cleared', 60));
  assert.equal(endOf(org, 1), 'Acted: Renewal health: Good.');
});

const stories: readonly (readonly [string, readonly RecordData[], string])[] = [
  [
    'low adoption while usage declines',
    [usage('declining'), usage('adoption-low', 'Opened', 5)],
    'At Risk',
  ],
  [
    'low adoption ends while usage declines',
    [usage('adoption-low'), usage('declining', 'Opened', 5), usage('adoption-low', 'Cleared', 9)],
    'At Risk',
  ],
  [
    'the decline ends while adoption is low',
    [usage('adoption-low'), usage('declining', 'Opened', 5), usage('declining', 'Cleared', 9)],
    'Watch',
  ],
  [
    'both have ended',
    [
      ...[usage('adoption-low'), usage('declining', 'Opened', 5)],
      ...[usage('adoption-low', 'Cleared', 8), usage('declining', 'Cleared', 9)],
    ],
    'Good',
  ],
  [
    'usage was normal since the decline',
    [usage('declining'), usage('normal', 'Opened', 5), usage('adoption-low', 'Opened', 9)],
    'Watch',
  ],
  ['usage turns normal', [usage('declining'), usage('normal', 'Opened', 5)], 'Good'],
  ['the end of normal usage says nothing', [usage('normal', 'Cleared')], ''],
  ['the end of the first use says nothing', [usage('first-use', 'Cleared')], ''],
];
for (const [what, signals, health] of stories) {
  test(`${what}: health '${health}'`, async () => {
    const { org } = await makeOrg();
    for (const signal of signals) await org.publish(signal);
    assert.equal(healthOf(org) ?? '', health);
    if (health === '') assert.equal(org.rows('Task').length, 0);
  });
}

test('the account of the time of the event has the say who gets the Task', async () => {
  const { org } = await makeOrg();
  const before = org.insert('Account', { Name: 'Owner before' });
  await org.publish(usage('first-use', 'Opened', 0, org.ids.asset, { Account_Id__c: before }));
  assert.equal(org.only('Task')['OwnerId'], org.only('Asset')['OwnerId']);
  assert.equal(org.only('Asset_Signal__c')['Account__c'], before);
});

for (const [what, breakage] of [
  ['no Account', {}],
  ['an Account that cannot be read', { get: ['Account'] }],
] as const) {
  test(`${what}: the owner of the Asset gets the Task`, async () => {
    const { org, manager } = await makeOrg();
    const ContactId = org.insert('Contact', { LastName: 'Private owner' });
    if (what === 'no Account')
      await org.update('Asset', org.ids.asset, { AccountId: null, ContactId });
    org.break(breakage);
    await org.publish(usage('first-use'));
    org.break({});
    assert.equal(org.only('Task')['OwnerId'], org.ids.person);
    assert.notEqual(org.ids.person, manager);
  });
}

test('an account manager who left: Signal_Triage gets the Task', async () => {
  const { org, manager } = await makeOrg();
  await org.update('User', manager, { IsActive: false });
  await org.publish(usage('first-use'));
  assert.equal(org.only('Task')['OwnerId'], org.ids.triage);
  assert.match(endOf(org, 0), /^Acted: Onboarding: Pump 1: Task given to Signal Triage\./);
});

/** What fails, and whether the Asset already shows the health by then. */
const faults: readonly (readonly [string, Breakage, boolean])[] = [
  ['the Asset cannot be read', { get: ['Asset'], getFrom: 2 }, false],
  ['the Asset cannot be read again', { get: ['Asset'], getFrom: 4 }, true],
  ['the Asset cannot be saved', { write: ['update Asset'] }, false],
  ['Tasks cannot be read', { get: ['Task'] }, true],
  ['the Task cannot be given', { write: ['insert Task'] }, true],
];
for (const [what, breakage, shown] of faults) {
  test(`${what}: the signal is Failed, and a retry does what was left`, async () => {
    const { org } = await makeOrg();
    org.break(breakage);
    await org.publish(usage('declining'));
    org.break({});
    assert.match(endOf(org, 0), /^Failed: .*(by a test)/);
    assert.equal(healthOf(org), shown ? 'At Risk' : null);
    const retry = { Retry_Requested_At__c: '2026-11-23T06:30:00.000Z' };
    await org.update('Asset_Signal__c', String(org.only('Asset_Signal__c')['Id']), retry);
    assert.match(endOf(org, 0), /^Acted: Renewal: Pump 1: Task given\./);
    assert.deepEqual([healthOf(org), org.rows('Task').length], ['At Risk', 1]);
  });
}

/** Published in one batch, so all of them are read before any is written. */
test('of several signals of one batch the newest has the say, whatever their order', async () => {
  const { org } = await makeOrg();
  await org.publish(usage('normal', 'Opened', 10), usage('declining', 'Opened', 5));
  assert.deepEqual([healthOf(org), usedAt(org)], ['Good', '2026-11-23T05:10:00.000Z']);
  assert.equal(
    endOf(org, 1),
    'Suppressed: A newer usage signal of the Asset came at the same time.',
  );
  assert.equal(org.rows('Task').length, 0);
});

const sameTime = ['one', 'two', 'three'].map((episode) =>
  usage('adoption-low', 'Opened', 0, undefined, { Event_Key__c: episode, Episode_Key__c: episode }),
);

test('of several signals of one kind in one batch only one gives a Task', async () => {
  const { org } = await makeOrg();
  await org.publish(...sameTime);
  assert.equal(org.rows('Task').length, 1);
  assert.deepEqual(
    [0, 1, 2].map((index) => endOf(org, index)),
    [
      'Acted: Adoption: Pump 1: Task given.',
      'Acted: A Task Adoption: Pump 1 is open already.',
      'Acted: A Task Adoption: Pump 1 is open already.',
    ],
  );
});

for (const [what, breakage] of [
  ['cannot be looked for', { get: ['Task'], getFrom: 4 }],
  ['cannot be taken back', { delete: ['Task'] }],
] as const) {
  test(`a Task too many that ${what} stays: rather two than none`, async () => {
    const { org } = await makeOrg();
    org.break(breakage);
    await org.publish(...sameTime);
    org.break({});
    assert.equal(org.rows('Task').length, 3);
    for (const index of [0, 1, 2]) assert.match(endOf(org, index), /^Acted: .*Task given\.$/);
  });
}

test('a last use that is entered by hand may be emptied, and never goes back', async () => {
  const { org } = await makeOrg();
  await org.publish(usage('declining', 'Opened', 5));
  const before = { Signal_Last_Usage_At__c: '2026-11-01T00:00:00.000Z' };
  await org.update('Asset', org.ids.asset, { ...before, Signal_Renewal_Health__c: 'Good' });
  assert.deepEqual([healthOf(org), usedAt(org)], ['At Risk', '2026-11-23T05:05:00.000Z']);
  await org.update('Asset', org.ids.asset, { Signal_Last_Usage_At__c: null });
  assert.equal(usedAt(org), null);
});

test('an Asset that is not there any more is suppressed', async () => {
  const { org } = await makeOrg();
  org.break({ missing: ['Asset'], getFrom: 2 });
  await org.publish(usage('declining'));
  org.break({});
  assert.match(endOf(org, 0), /^Suppressed: The device pump-001 is on no Asset/);
});

test('signals that cannot be read: nothing is changed, a failure is kept, and a retry engages', async () => {
  const { org } = await makeOrg();
  org.break({ get: ['Asset_Signal__c'] });
  await org.publish(usage('declining'));
  org.break({});
  assert.equal(healthOf(org), null);
  const failures = org.rows('Signal_Failure__c').map(({ Reason__c }) => String(Reason__c));
  assert.ok(failures.some((reason) => reason.includes('broken by a test')));
  const retry = { Retry_Requested_At__c: '2026-11-23T06:30:00.000Z' };
  await org.update('Asset_Signal__c', String(org.only('Asset_Signal__c')['Id']), retry);
  assert.equal(healthOf(org), 'At Risk');
});

test('newer usage of another Asset is no reason to suppress', async () => {
  const { org } = await makeOrg();
  const other = org.insert('Asset', { Name: 'Pump 2', AccountId: org.ids.account });
  await org.publish(usage('normal', 'Opened', 30));
  await org.publish(usage('declining', 'Opened', 5, other));
  assert.match(endOf(org, 1), /^Acted: /);
});

test('nobody is notified, whatever the policy says, and a Case the signal has stays with it', async () => {
  const { org } = await makeOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Notify__c: 'Task' });
  org.break({ write: ['update Asset'] });
  await org.publish(usage('normal'));
  org.break({});
  const id = String(org.only('Asset_Signal__c')['Id']);
  const Case__c = org.insert('Case', { Subject: 'Asked by phone' });
  const at = '2026-11-23T06:30:00.000Z';
  await org.update('Asset_Signal__c', id, { Case__c, Retry_Requested_At__c: at });
  const signal = org.only('Asset_Signal__c');
  assert.deepEqual(
    [signal['Disposition__c'], signal['Case__c'], signal['Notification__c']],
    ['Acted', Case__c, null],
  );
});

test('a stamp that cannot be saved fails the signal', async () => {
  const { org } = await makeOrg();
  org.break({ write: ['update Asset'] });
  await org.publish(usage('first-use'));
  org.break({});
  assert.match(endOf(org, 0), /^Failed: The Asset could not be saved .*refused by a test/);
  assert.equal(org.rows('Task').length, 0);
});

test('a Task that cannot be told of the recovery fails the signal, and a retry tells it', async () => {
  const { org } = await makeOrg();
  await org.publish(usage('declining'));
  org.break({ write: ['update Task'] });
  await org.publish(usage('declining', 'Cleared', 9));
  org.break({});
  assert.match(endOf(org, 1), /^Failed: /);
  const cleared = String(org.rows('Asset_Signal__c')[1]?.['Id']);
  const retry = { Retry_Requested_At__c: '2026-11-23T06:30:00.000Z' };
  await org.update('Asset_Signal__c', cleared, retry);
  assert.match(String(org.only('Task')['Description']), /^Usage has recovered/);
});
