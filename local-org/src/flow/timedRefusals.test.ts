import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowTestMetadata } from '../automation/flowTestOrg.ts';
import {
  act,
  condition,
  create,
  decide,
  filter,
  flowXml,
  onSave,
  onSchedule,
  timedPath,
} from '../automation/flowTestXml.ts';
import { compileFlows } from './compile.ts';

const after = (body: string, first = 'Log', extra = ''): string =>
  flowXml(onSave('RecordAfterSave', first, extra), body);
const log = create('Log', 'Log__c', { Text__c: '!$Record.Note__c' });

/** What is wrong with an action, a schedule or a scheduled path → how the refusal at load names it. */
const CASES: readonly (readonly [string, string, RegExp])[] = [
  [
    'an action that is not done here',
    after(log + act('A', 'chatterPost', {})),
    /actionCalls A: <actionType>chatterPost/,
  ],
  [
    'an action whose name is not its type',
    after(log + act('A', 'emailSimple', {}).replace('emailSimple', 'emailAlert')),
    /actionCalls A: <actionName> is emailAlert/,
  ],
  [
    'an input that an action does not take here',
    after(log + act('A', 'emailSimple', { senderType: 'OrgWideEmailAddress' })),
    /actionCalls A: the input senderType of emailSimple/,
  ],
  [
    'an action without a needed input',
    after(log + act('A', 'emailSimple', { emailAddresses: 'a@b.test', emailSubject: 's' })),
    /actionCalls A: the input emailBody is missing/,
  ],
  [
    'an email without recipients',
    after(log + act('A', 'emailSimple', { emailBody: 'b', emailSubject: 's' })),
    /actionCalls A: the input emailAddresses or emailAddressesArray is missing/,
  ],
  [
    'an input of the wrong type',
    after(
      log +
        act('A', 'customNotificationAction', {
          customNotifTypeId: 'x',
          recipientIds: '!$Record.OwnerId',
          title: 't',
          body: 'b',
          targetId: '!$Record.Id',
        }),
    ),
    /actionCalls A: recipientIds needs collection of text/,
  ],
  [
    'an action in a before-save flow',
    flowXml(
      onSave('RecordBeforeSave', 'A'),
      act('A', 'emailSimple', { emailAddresses: 'a@b.test', emailBody: 'b', emailSubject: 's' }),
    ),
    /actionCalls A: a before-save flow cannot do actions/,
  ],
  [
    'a scheduled flow without a schedule',
    after(log).replace('RecordAfterSave', 'Scheduled'),
    /start: <schedule> is missing/,
  ],
  [
    'a schedule with another frequency',
    flowXml(onSchedule('Log', 'Daily', '2026-11-24', '02:00:00.000Z'), log).replace(
      'Daily',
      'Hourly',
    ),
    /<frequency>Hourly/,
  ],
  [
    'a schedule at no time',
    flowXml(onSchedule('Log', 'Daily', 'tomorrow', '02:00:00.000Z'), log),
    /start: <startDate> tomorrow and <startTime>/,
  ],
  [
    'filters of a schedule without an object',
    flowXml(
      onSchedule('Log', 'Daily', '2026-11-24', '02:00:00.000Z', filter('Key__c', 'EqualTo', 'x')),
      log,
    ),
    /start: <filters> need an <object>/,
  ],
  [
    '$Record in a scheduled flow without an object',
    flowXml(onSchedule('Log', 'Daily', '2026-11-24', '02:00:00.000Z'), log),
    /\$Record\.Note__c: a scheduled flow without an object has no \$Record/,
  ],
  [
    '$Record in the filters of a scheduled flow',
    flowXml(
      onSchedule(
        'Log',
        'Daily',
        '2026-11-24',
        '02:00:00.000Z',
        `<object>Job__c</object>${filter('Key__c', 'EqualTo', '!$Record.Note__c')}`,
      ),
      log,
    ),
    /start filters: \$Record\.Note__c: the filters say which records/,
  ],
  [
    'a scheduled path in months',
    after(log, 'Log', timedPath('Log', 1, 'Days').replace('Days', 'Months')),
    /scheduledPaths: <offsetUnit>Months/,
  ],
  [
    'a scheduled path before the save that sets it off',
    after(log, 'Log', timedPath('Log', -1, 'Days')),
    /scheduledPaths: Timed: a path cannot run before/,
  ],
  [
    'a scheduled path on a field that is no time',
    after(log, 'Log', timedPath('Log', 1, 'Days', { field: 'Note__c' })),
    /scheduledPaths Timed: Job__c\.Note__c is a Text, not a date/,
  ],
  [
    'a scheduled path on a field that is not there',
    after(log, 'Log', timedPath('Log', 1, 'Days', { field: 'Gone__c' })),
    /scheduledPaths Timed: Job__c has no field Gone__c/,
  ],
  [
    'too large batches of a scheduled path',
    after(log, 'Log', timedPath('Log', 1, 'Days', { rest: '<maxBatchSize>201</maxBatchSize>' })),
    /scheduledPaths: Timed: <maxBatchSize> is 201; 1 to 200/,
  ],
  [
    'a scheduled path to nowhere',
    after(log, 'Log', timedPath('Gone', 1, 'Days')),
    /scheduledPaths Timed: its connector leads to Gone/,
  ],
  [
    'an asynchronous path with a label',
    after(
      log,
      'Log',
      '<scheduledPaths><connector><targetReference>Log</targetReference></connector><label>Later</label><pathType>AsyncAfterCommit</pathType></scheduledPaths>',
    ),
    /label/,
  ],
  [
    'scheduled paths with entry conditions that ask what changed',
    after(
      log,
      'Log',
      `<filterFormula>ISCHANGED({!$Record.Note__c})</filterFormula>${timedPath('Log', 1, 'Days')}`,
    ),
    /scheduled paths with entry conditions that ask what changed/,
  ],
  [
    'what changed in a scheduled path',
    flowXml(
      onSave('RecordAfterSave', undefined, timedPath('D', 1, 'Days'), 'CreateAndUpdate'),
      decide('D', condition('$Record.Note__c', 'IsChanged', true), 'Log', undefined) + log,
    ),
    /decisions D: IsChanged is not known/,
  ],
];

for (const [name, xml, message] of CASES) {
  test(`${name} is refused with the file and the element`, () => {
    assert.throws(
      () => compileFlows(flowTestMetadata({ Bad: xml })),
      (error) =>
        error instanceof Error &&
        error.message.startsWith('Bad.flow-meta.xml: ') &&
        message.test(error.message),
    );
  });
}
