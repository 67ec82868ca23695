import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinQueues } from '../store/members.ts';
import { openFlowTestOrg, type FlowTestOrg } from './flowTestOrg.ts';
import { act, assign, create, filter, flowXml, get, go, onSave, variable } from './flowTestXml.ts';

// Sources: Actions Developer Guide, "Custom Notification Actions", "Simple Email Actions"; all or
// nothing: Spring '20 release note "Save Successful Record Changes in a Batch".

const fault = create('Fault', 'Log__c', { Text__c: '!$Flow.FaultMessage' });

function notifying(rest = '', body = ''): string {
  return flowXml(
    onSave('RecordAfterSave', 'Type'),
    get('Type', 'CustomNotificationType', filter('DeveloperName', 'EqualTo', 'Notice'), go('Who')) +
      assign('Who', [['to', 'Add', '!$Record.OwnerId']], go('Tell')) +
      variable('to', 'String', { collection: true }) +
      act(
        'Tell',
        'customNotificationAction',
        {
          customNotifTypeId: '!Type.Id',
          recipientIds: '!to',
          title: '!$Record.Note__c',
          body: '!$Record.Key__c',
          targetId: '!$Record.Id',
        },
        rest,
      ) +
      body,
  );
}

const mailing = (rest = '', body = ''): string =>
  flowXml(
    onSave('RecordAfterSave', 'Mail'),
    act(
      'Mail',
      'emailSimple',
      { emailAddresses: '!$Record.Note__c', emailSubject: 'Hello', emailBody: '!$Record.Key__c' },
      rest,
    ) + body,
  );

function saved(org: FlowTestOrg, ...notes: readonly string[]): string[] {
  const jobs = notes.map((Note__c, index) => ({ Key__c: `k${index}`, Note__c }));
  return org.insert('Job__c', ...jobs).map((one) => (one.ok ? 'saved' : 'refused'));
}

test('a notification is kept with who, what, about which record and when', () => {
  const org = openFlowTestOrg({ F: notifying() });
  assert.deepEqual(saved(org, 'Pump hot'), ['saved']);
  const [type] = org.rows('CustomNotificationType');
  assert.deepEqual(org.automation.sent.notifications(), [
    {
      typeId: type?.['Id'],
      recipientIds: [org.actor.userId],
      title: 'Pump hot',
      body: 'k0',
      targetId: org.rows('Job__c')[0]?.['Id'],
      reached: [org.actor.userId],
      at: org.clock.time,
      lost: false,
    },
  ]);
});

test('one message that cannot be sent fails the element for the whole batch, on its fault path', () => {
  const org = openFlowTestOrg({ F: notifying(go('Fault', 'faultConnector'), fault) });
  assert.deepEqual(saved(org, 'good', 'x'.repeat(251), 'good'), ['saved', 'saved', 'saved']);
  assert.deepEqual(org.automation.sent.notifications(), []);
  const text = 'title: 251 characters; 250 are allowed';
  assert.deepEqual(org.values('Log__c', 'Text__c'), [text, text, text]);
});

test('without a fault path the records of the batch are not saved and nothing is sent', () => {
  const org = openFlowTestOrg({ F: mailing() });
  assert.deepEqual(saved(org, 'a@b.test', 'nobody'), ['refused', 'refused']);
  assert.deepEqual(org.automation.sent.emails(), []);
});

test('what a refused save would have sent is not sent', () => {
  const broken = flowXml(
    onSave('RecordAfterSave', 'Bad'),
    create('Bad', 'Log__c', { Job__c: '!$Record.Note__c' }),
  );
  const org = openFlowTestOrg({ A: mailing(), B: broken });
  assert.deepEqual(saved(org, 'a@b.test'), ['refused']);
  assert.deepEqual(org.automation.sent.emails(), []);
});

test('an email goes to one to five addresses', () => {
  const org = openFlowTestOrg({ F: mailing() });
  const many = (count: number): string =>
    Array.from({ length: count }, (_, index) => `a${index}@b.test`).join(', ');
  for (const [note, outcome] of [
    [many(5), 'saved'],
    [many(6), 'refused'],
    [' , ', 'refused'],
  ] as const) {
    assert.deepEqual(saved(org, note), [outcome], note);
    org.automation.dml.delete(
      'Job__c',
      org.rows('Job__c').map((row) => String(row['Id'])),
      org.actor,
      { allOrNone: true },
    );
  }
  const [sent] = org.automation.sent.emails();
  assert.equal(sent?.addresses.length, 5);
  assert.deepEqual([sent?.subject, sent?.body, sent?.rich], ['Hello', 'k0', false]);
});

test('emails past the allocation of a day are lost, without a fault, until the next day', () => {
  const org = openFlowTestOrg({ F: mailing() }, { dailyEmailAddresses: 2 });
  const lost = (): boolean[] => org.automation.sent.emails().map((email) => email.lost);
  assert.deepEqual(saved(org, 'a@b.test', 'b@b.test, c@b.test', 'd@b.test'), [
    'saved',
    'saved',
    'saved',
  ]);
  assert.deepEqual(lost(), [false, true, false]);
  assert.match(org.logged.join(), /an email is lost: 2 addresses a day are allowed/);
  org.clock.time = Date.UTC(2026, 10, 24);
  org.insert('Job__c', { Key__c: 'next', Note__c: 'a@b.test' });
  assert.deepEqual(lost(), [false, true, false, false]);
});

test('notifications past 10,000 in an hour of the clock are lost until the next hour', () => {
  const org = openFlowTestOrg({ F: notifying() });
  saved(org, 'first');
  const copy = org.store.sql.prepare(
    'INSERT INTO sent_notification (at, lost, message) SELECT at, lost, message FROM sent_notification WHERE number = 1',
  );
  org.store.transaction(() => {
    for (let count = 1; count < 10_000; count += 1) copy.run();
  });
  org.insert('Job__c', { Key__c: 'over', Note__c: 'too much' });
  org.clock.time += 3_600_000;
  org.insert('Job__c', { Key__c: 'later', Note__c: 'fine' });
  const last = org.automation.sent.notifications().slice(-2);
  assert.deepEqual(
    last.map(({ title, lost }) => [title, lost]),
    [
      ['too much', true],
      ['fine', false],
    ],
  );
});

test('a notification to a queue reaches its members, each once', () => {
  const org = openFlowTestOrg({});
  const queue = String(org.rows('Group')[0]?.['Id']);
  const [type] = org.rows('CustomNotificationType');
  const send = (recipientIds: readonly string[]): void => {
    const message = {
      typeId: String(type?.['Id']),
      recipientIds,
      title: 't',
      body: 'b',
      targetId: queue,
      senderId: undefined,
    };
    assert.equal(org.automation.sent.refuseNotification(message), undefined);
    org.automation.sent.notify(message);
  };
  send([queue]);
  joinQueues(org.store, org.actor.userId, ['Triage'], org.actor);
  send([queue, org.actor.userId]);
  assert.deepEqual(
    org.automation.sent.notifications().map(({ reached }) => reached),
    [[], [org.actor.userId]],
  );
});
