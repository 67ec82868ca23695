import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { endOf, numbered, setPolicy, signalWith } from './signals.ts';

const SEVERITIES = ['Low', 'Medium', 'High', 'Critical'] as const;
type Severity = (typeof SEVERITIES)[number];

const severe = (phase: 'Opened' | 'Updated', at: number, Severity__c: Severity): RecordData =>
  event(phase, at, { Severity__c, Explanation__c: `It is ${Severity__c}.` });

const comments = (org: PackageOrg): string[] =>
  org.rows('CaseComment').map(({ CommentBody }) => String(CommentBody));

const updated = { Phase__c: 'Updated' };

/** An org whose policy tells the owner, with a Case of this severity. */
async function orgWithCase(severity: Severity, policy: RecordData = {}): Promise<PackageOrg> {
  const org = await makePackageOrg();
  await setPolicy(org, { Notify__c: 'Task', ...policy });
  await org.publish(severe('Opened', 0, severity));
  return org;
}

for (const from of SEVERITIES) {
  for (const to of SEVERITIES) {
    const step = SEVERITIES.indexOf(to) - SEVERITIES.indexOf(from);
    const what = step > 0 ? 'commented and told' : step < 0 ? 'commented only' : 'neither';
    test(`from ${from} to ${to} is ${what}`, async () => {
      const org = await orgWithCase(from);
      await org.publish(severe('Updated', 1, to));
      const verb = step > 0 ? 'grown' : 'eased';
      const heads = step === 0 ? [] : [`The trouble has ${verb} from ${from} to ${to} (`];
      assert.deepEqual(
        comments(org).map((body) => body.slice(0, heads[0]?.length)),
        heads,
      );
      assert.equal(signalWith(org, updated)['Notification__c'] !== null, step > 0);
      assert.deepEqual(endOf(org, updated), ['Acted', null, null]);
    });
  }
}

test('the Case shows the newest severity, explanation and priority; what opened it stays', async () => {
  const org = await orgWithCase('Medium');
  const before = org.only('Case');
  await org.publish(
    event('Updated', 1, {
      Severity__c: 'Critical',
      Explanation__c: 'It smokes.',
      Snapshot__c: '{"points":[]}',
      Confidence__c: 0.5,
      Policy_Version__c: 4,
    }),
  );
  const now = org.only('Case');
  const changed = {
    Priority: 'High',
    Signal_Priority__c: 'High',
    Signal_Severity__c: 'Critical',
    Signal_Explanation__c: 'It smokes.',
    Signal_Last_Event_At__c: '2026-11-23T05:01:00.000Z',
  };
  const names = Object.keys(now).filter((name) => now[name] !== before[name]);
  assert.deepEqual(Object.fromEntries(names.map((name) => [name, now[name]])), changed);
});

test('the comment says since when, why, and which priority the Case has', async () => {
  const org = await orgWithCase('Medium');
  await org.publish(severe('Updated', 1, 'Critical'));
  assert.deepEqual(comments(org), [
    'The trouble has grown from Medium to Critical (11/23/2026, 5:01 AM). It is Critical.\nThe priority is High.',
  ]);
});

test('a priority that a person chose stays, up and down, and the comment says so', async () => {
  const org = await orgWithCase('Medium');
  const id = String(org.only('Case')['Id']);
  await org.update('Case', id, { Priority: 'Low' });
  await org.publish(severe('Updated', 1, 'Critical'));
  const stays = (asked: string) =>
    `The priority stays Low, as somebody chose; the signals ask for ${asked}.`;
  assert.ok(comments(org)[0]?.endsWith(stays('High')), comments(org)[0]);
  await org.publish(severe('Updated', 2, 'Low'));
  await org.publish(severe('Updated', 3, 'Medium'));
  assert.ok(comments(org)[2]?.endsWith(stays('Medium')), comments(org)[2]);
  const found = org.only('Case');
  assert.deepEqual([found['Priority'], found['Signal_Priority__c']], ['Low', 'Medium']);
  assert.equal(found['Signal_Severity__c'], 'Medium');
  assert.equal(endOf(org, { Event_Key__c: 'episode-1 Updated 1' })[0], 'Acted');
});

test('a priority that the signals asked for later, too, is still that of the person', async () => {
  const org = await orgWithCase('Medium');
  await org.update('Case', String(org.only('Case')['Id']), { Priority: 'High' });
  await org.publish(severe('Updated', 1, 'Critical'));
  await org.publish(severe('Updated', 2, 'Low'));
  assert.equal(org.only('Case')['Priority'], 'High');
});

test('a person who gives the priority back to the signals lets them change it again', async () => {
  const org = await orgWithCase('Medium');
  const id = String(org.only('Case')['Id']);
  await org.update('Case', id, { Priority: 'Low' });
  await org.publish(severe('Updated', 1, 'Critical'));
  await org.update('Case', id, { Priority: 'Medium' });
  await org.publish(severe('Updated', 2, 'High'));
  assert.equal(org.only('Case')['Priority'], 'High');
});

test('the priority a policy names stays on every step; the comments tell of the severity', async () => {
  const org = await orgWithCase('Low', { Case_Priority__c: 'Medium' });
  await org.publish(severe('Updated', 1, 'Critical'));
  assert.equal(org.only('Case')['Priority'], 'Medium');
  assert.ok(comments(org)[0]?.endsWith('The priority is Medium.'));
});

test('a Case from before the router noted severity and priority gets both, and no comment', async () => {
  const org = await orgWithCase('Medium');
  org.plant('Case', String(org.only('Case')['Id']), {
    Signal_Severity__c: null,
    Signal_Priority__c: null,
  });
  await org.publish(severe('Updated', 1, 'Critical'));
  const found = org.only('Case');
  assert.deepEqual(
    [found['Priority'], found['Signal_Priority__c'], found['Signal_Severity__c']],
    ['High', 'High', 'Critical'],
  );
  assert.deepEqual(comments(org), []);
});

test('a step that was recorded only, because it is older, is not commented', async () => {
  const org = await orgWithCase('Medium');
  await org.publish(severe('Updated', 5, 'High'));
  await org.publish(severe('Updated', 4, 'Critical'));
  assert.equal(comments(org).length, 1);
});

test('a comment that cannot be written is kept as a failure with its words; the Case and the people know', async () => {
  const org = await orgWithCase('Medium');
  org.break({ write: ['insert CaseComment'] });
  await org.publish(severe('Updated', 1, 'Critical'));
  assert.deepEqual(endOf(org, updated), ['Acted', null, null]);
  assert.equal(org.only('Case')['Priority'], 'High');
  assert.notEqual(signalWith(org, updated)['Notification__c'], null);
  const failure = org.only('Signal_Failure__c');
  assert.equal(failure['Stage__c'], 'Route');
  assert.equal(failure['Record_Id__c'], org.only('Case')['Id']);
  assert.equal(failure['Event_Key__c'], 'episode-1 Updated 1');
  assert.match(String(failure['Reason__c']), /refused by a test/);
  assert.match(String(failure['Payload__c']), /^The trouble has grown from Medium to Critical/);
});

for (const [Notify__c, isTold] of [
  ['Task', true],
  ['Notification', true],
  ['Email', true],
  ['Nobody', false],
  [null, false],
] as const) {
  test(`when the policy tells by ${Notify__c ?? 'nothing at all'}, ${isTold ? 'somebody is' : 'nobody is'} told of a step up, and of a new Case`, async () => {
    const org = await orgWithCase('Medium', { Notify__c });
    await org.publish(severe('Updated', 1, 'Critical'));
    const told = org.rows('Asset_Signal__c').map(({ Notification__c }) => Notification__c !== null);
    assert.deepEqual(told, [isTold, isTold]);
  });
}

for (const [Tell_Customer__c, isTold] of [
  ['Email', true],
  ['Task', true],
  ['No', false],
  [null, false],
] as const) {
  test(`a policy that tells only the customer (${Tell_Customer__c ?? 'empty'}) tells of a new Case ${isTold ? 'and' : 'neither, and'} not of a step up`, async () => {
    const org = await orgWithCase('Medium', { Notify__c: 'Nobody', Tell_Customer__c });
    await org.publish(severe('Updated', 1, 'Critical'));
    const told = org.rows('Asset_Signal__c').map(({ Notification__c }) => Notification__c !== null);
    assert.deepEqual(told, [isTold, false]);
  });
}

test('a step up by a signal that lost the race for the Case is no new Case for the customer', async () => {
  const org = await makePackageOrg(['duplicate-in-batch=row']);
  await setPolicy(org, { Notify__c: 'Nobody', Tell_Customer__c: 'Task' });
  await org.publish(severe('Opened', 0, 'Medium'), severe('Updated', 1, 'Critical'));
  const told = org.rows('Asset_Signal__c').map(({ Notification__c }) => Notification__c !== null);
  assert.deepEqual(told, [true, false]);
});

test('200 steps of 200 Cases in one batch each leave their comment, and what did not change none', async () => {
  const org = await makePackageOrg();
  await setPolicy(org, { Notify__c: 'Task' });
  const at = (index: number) => SEVERITIES[index % 4] ?? 'Low';
  const all = Array.from({ length: 200 }, (_, index) => index);
  await org.publish(...all.map((index) => numbered(index, 'Opened', 0, { Severity__c: 'Medium' })));
  await org.publish(
    ...all.map((index) => numbered(index, 'Updated', 1, { Severity__c: at(index) })),
  );
  assert.equal(comments(org).length, 150);
  const cases = org.rows('Case');
  assert.deepEqual(
    all.map((index) =>
      cases
        .filter(({ Signal_Episode_Key__c }) => Signal_Episode_Key__c === `episode e${index}`)
        .map(({ Signal_Severity__c }) => Signal_Severity__c),
    ),
    all.map((index) => [at(index)]),
  );
});
