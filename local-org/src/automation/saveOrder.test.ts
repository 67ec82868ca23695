import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFlowTestOrg } from './flowTestOrg.ts';
import {
  assign,
  asyncPath,
  condition,
  create,
  decide,
  fields,
  filter,
  flowXml,
  formula,
  go,
  onSave,
} from './flowTestXml.ts';

const BEFORE = 'RecordBeforeSave';
const AFTER = 'RecordAfterSave';

function codes(
  outcomes: readonly { ok: boolean; errors?: readonly { statusCode: string }[] }[],
): string[] {
  return outcomes.map((outcome) => (outcome.ok ? 'ok' : (outcome.errors?.[0]?.statusCode ?? '?')));
}

const updateJob = (name: string, values: Record<string, string | number>): string =>
  `<recordUpdates><name>${name}</name><label>u</label>${filter('Id', 'EqualTo', '!$Record.Id')}${fields(values)}<object>Job__c</object></recordUpdates>`;

const refuseLate =
  decide('Is_Late', condition('$Record.Status__c', 'EqualTo', 'Late'), 'Refuse', undefined) +
  '<customErrors><name>Refuse</name><label>r</label><customErrorMessages><errorMessage>{!$Record.Key__c} is late</errorMessage><fieldSelection>Status__c</fieldSelection><isFieldError>true</isFieldError></customErrorMessages></customErrors>';

test('a before-save flow changes the row that is written, without a save of its own', () => {
  const org = openFlowTestOrg({
    Fill: flowXml(
      onSave(BEFORE, 'Set'),
      assign('Set', [['$Record.Note__c', 'Assign', '!$Record.Key__c']]),
    ),
  });
  org.insert('Job__c', { Key__c: 'a' }, { Key__c: 'b', Note__c: 'given' });
  assert.deepEqual(org.values('Job__c', 'Note__c'), ['a', 'b']);
});

test('an after-save flow sees the id and shares the transaction', () => {
  const org = openFlowTestOrg({
    Log: flowXml(onSave(AFTER, 'L'), create('L', 'Log__c', { Job__c: '!$Record.Id' })),
  });
  org.insert('Job__c', { Key__c: 'a' });
  assert.deepEqual(org.values('Log__c', 'Job__c'), org.values('Job__c', 'Id'));
});

test('a custom error refuses its own row only, and undoes what the row set off', () => {
  const org = openFlowTestOrg({
    Log: flowXml(onSave(AFTER, 'L'), create('L', 'Log__c', { Key__c: '!$Record.Key__c' })).replace(
      '<status>',
      '<triggerOrder>1</triggerOrder><status>',
    ),
    Refuse: flowXml(onSave(AFTER, 'Is_Late'), refuseLate).replace(
      '<status>',
      '<triggerOrder>2</triggerOrder><status>',
    ),
  });
  const outcomes = org.insert(
    'Job__c',
    { Key__c: 'a' },
    { Key__c: 'b', Status__c: 'Late' },
    { Key__c: 'c' },
  );
  assert.deepEqual(codes(outcomes), ['ok', 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'ok']);
  const [, refused] = outcomes;
  assert.ok(refused !== undefined && !refused.ok);
  assert.deepEqual(refused.errors[0], {
    statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    message: 'b is late',
    fields: ['Status__c'],
  });
  assert.deepEqual(org.values('Job__c', 'Key__c'), ['a', 'c']);
  assert.deepEqual(
    org.values('Log__c', 'Key__c'),
    ['a', 'c'],
    'the log of the refused row is gone',
  );
});

test('with all or none one bad row undoes all', () => {
  const org = openFlowTestOrg({});
  const rows = [{ Key__c: 'a' }, { Key__c: 'a' }];
  const outcomes = org.automation.dml.insert('Job__c', rows, org.actor, { allOrNone: true });
  assert.deepEqual(codes(outcomes), ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'DUPLICATE_VALUE']);
  assert.deepEqual(org.rows('Job__c'), []);
});

test('an unhandled fault of an after-save flow fails the row that set it off', () => {
  const org = openFlowTestOrg({
    Copy: flowXml(onSave(AFTER, 'L'), create('L', 'Log__c', { Needed__c: '!$Record.Note__c' })),
  });
  const outcomes = org.insert(
    'Job__c',
    { Key__c: 'a', Note__c: 'short' },
    { Key__c: 'b', Note__c: 'much too long' },
  );
  assert.deepEqual(codes(outcomes), ['ok', 'CANNOT_EXECUTE_FLOW_TRIGGER']);
  assert.deepEqual(org.values('Job__c', 'Key__c'), ['a']);
});

test('a before-save flow sees the defaults of what was not given, and the owner to be', () => {
  const copy = fields({ Note__c: '!$Record.OwnerId', Key__c: '!text' });
  const org = openFlowTestOrg({
    Copy: flowXml(
      onSave(BEFORE, 'Set'),
      `<recordUpdates><name>Set</name><label>Set</label>${copy}<inputReference>$Record</inputReference></recordUpdates>` +
        formula('text', 'String', 'IF({!$Record.Flag__c}, "on", "off")'),
    ),
  });
  org.insert('Job__c', {});
  assert.deepEqual(
    [org.values('Job__c', 'Note__c'), org.values('Job__c', 'Key__c')],
    [[org.actor.userId], ['off']],
  );
});

test('a record saved again by its own after-save flow runs before-save flows but no after-save flow again', () => {
  const org = openFlowTestOrg({
    Count: flowXml(
      onSave(BEFORE, 'Set', '', 'CreateAndUpdate'),
      assign('Set', [['$Record.Count__c', 'Add', 1]]),
    ),
    Touch: flowXml(
      onSave(AFTER, 'U', '', 'CreateAndUpdate'),
      updateJob('U', { Note__c: 'touched' }),
    ),
  });
  org.insert('Job__c', { Key__c: 'a' });
  assert.deepEqual(org.values('Job__c', 'Count__c'), [2]);
  assert.equal(org.steps.filter((step) => step.element === 'U').length, 1);
});

test('entry filters, and only when the update makes them true', () => {
  const org = openFlowTestOrg({
    Done: flowXml(
      onSave(
        AFTER,
        'L',
        `${filter('Status__c', 'EqualTo', 'Done')}<filterLogic>and</filterLogic><doesRequireRecordChangedToMeetCriteria>true</doesRequireRecordChangedToMeetCriteria>`,
        'CreateAndUpdate',
      ),
      create('L', 'Log__c', { Text__c: '!$Record.Note__c' }),
    ),
  });
  const [outcome] = org.insert('Job__c', { Key__c: 'a', Status__c: 'New', Note__c: '1' });
  const Id = outcome?.ok === true ? outcome.id : '';
  org.update('Job__c', { Id, Status__c: 'Done', Note__c: '2' });
  org.update('Job__c', { Id, Note__c: '3' });
  org.update('Job__c', { Id, Status__c: 'New', Note__c: '4' });
  org.update('Job__c', { Id, Status__c: 'Done', Note__c: '5' });
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['2', '5']);
});

test('an entry formula knows what is new and what changed', () => {
  const expression =
    'OR(ISNEW(), AND(ISCHANGED({!$Record.Count__c}), PRIORVALUE({!$Record.Count__c}) = 1))';
  const org = openFlowTestOrg({
    Changed: flowXml(
      onSave(AFTER, 'L', `<filterFormula>${expression}</filterFormula>`, 'CreateAndUpdate'),
      create('L', 'Log__c', { Count__c: '!$Record.Count__c', Text__c: '!$Record.Note__c' }),
    ),
  });
  const [outcome] = org.insert('Job__c', { Key__c: 'a', Count__c: 1, Note__c: 'new' });
  const Id = outcome?.ok === true ? outcome.id : '';
  org.update('Job__c', { Id, Note__c: 'other field' });
  org.update('Job__c', { Id, Count__c: 2, Note__c: 'changed' });
  org.update('Job__c', { Id, Count__c: 3, Note__c: 'not from 1' });
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['new', 'changed']);
});

test('an asynchronous path runs after the commit, in a transaction of its own', async () => {
  const org = openFlowTestOrg({
    Later: flowXml(
      onSave(AFTER, undefined, asyncPath('L')),
      create('L', 'Log__c', { Key__c: '!$Record.Key__c' }),
    ),
  });
  org.insert('Job__c', { Key__c: 'a' }, { Key__c: 'b' });
  assert.deepEqual(org.rows('Log__c'), [], 'nothing has run when the save is answered');
  await org.automation.idle();
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['a', 'b']);
});

test('a save that is undone leaves no asynchronous path', async () => {
  const org = openFlowTestOrg({
    Later: flowXml(
      onSave(AFTER, undefined, asyncPath('L')),
      create('L', 'Log__c', { Key__c: '!$Record.Key__c' }),
    ),
  });
  org.automation.dml.insert('Job__c', [{ Key__c: 'a' }, { Key__c: 'a' }], org.actor, {
    allOrNone: true,
  });
  await org.automation.idle();
  assert.deepEqual(org.rows('Log__c'), []);
});

for (const [reading, text] of [
  ['current', 'later'],
  ['as-saved', 'first'],
] as const) {
  test(`read as ${reading}, $Record of an asynchronous path holds what was ${text}`, async () => {
    const later = flowXml(
      onSave(AFTER, undefined, asyncPath('L')),
      create('L', 'Log__c', { Text__c: '!$Record.Note__c' }),
    );
    const org = openFlowTestOrg({ Later: later }, { assume: [`async-record=${reading}`] });
    const [outcome] = org.insert('Job__c', { Key__c: 'a', Note__c: 'first' });
    org.update('Job__c', { Id: outcome?.ok === true ? outcome.id : '', Note__c: 'later' });
    await org.automation.idle();
    assert.deepEqual(org.values('Log__c', 'Text__c'), [text]);
  });
}

test('an asynchronous path that fails runs again after 15, 30, 60 and 120 minutes, then never', async () => {
  const later = flowXml(
    onSave(AFTER, undefined, asyncPath('Wait_For_It')),
    create('Wait_For_It', 'Log__c', { Job__c: '!$Record.Note__c' }, go('Done')) +
      create('Done', 'Log__c', { Key__c: '!$Record.Key__c' }),
  );
  const minutes = (org: ReturnType<typeof openFlowTestOrg>, count: number): Promise<void> => {
    org.clock.time += count * 60_000;
    return org.automation.idle();
  };
  const org = openFlowTestOrg({ Later: later });
  org.insert('Job__c', { Key__c: 'bad', Note__c: 'no id' }, { Key__c: 'good' });
  await org.automation.idle();
  assert.deepEqual(org.values('Log__c', 'Key__c').filter(Boolean), ['good']);
  for (const [pause, line] of [
    [15, /again in 30 minutes/],
    [30, /again in 60 minutes/],
    [60, /again in 120 minutes/],
    [120, /tried 5 times and is given up/],
  ] as const) {
    const before = org.logged.length;
    await minutes(org, pause - 1);
    assert.equal(org.logged.length, before, `not before ${pause} minutes`);
    await minutes(org, 1);
    assert.match(org.logged.at(-1) ?? '', line);
  }
  const after = org.logged.length;
  await minutes(org, 600);
  assert.equal(org.logged.length, after);

  const [outcome] = org.insert('Job__c', { Key__c: 'mended', Note__c: 'no id' });
  await org.automation.idle();
  org.update('Job__c', { Id: outcome?.ok === true ? outcome.id : '', Note__c: null });
  await minutes(org, 15);
  assert.deepEqual(org.values('Log__c', 'Key__c').filter(Boolean), ['good', 'mended']);
});

test('a save that goes on setting off saves is stopped, and nothing of it is left', () => {
  const org = openFlowTestOrg({
    Chain: flowXml(
      onSave(AFTER, 'J'),
      create('J', 'Job__c', { Key__c: '!next' }) +
        formula('next', 'String', '{!$Record.Key__c} & "x"'),
    ),
  });
  assert.throws(() => org.insert('Job__c', { Key__c: 'a' }), /Maximum trigger depth exceeded/);
  assert.deepEqual(org.rows('Job__c'), []);
});

test('more than 150 saves in one transaction are refused', () => {
  const many = Array.from({ length: 151 }, (_, index) =>
    create(`C${index}`, 'Log__c', { Key__c: 'k' }, index < 150 ? go(`C${index + 1}`) : ''),
  );
  const org = openFlowTestOrg({ Many: flowXml(onSave(AFTER, 'C0'), many.join('')) });
  assert.throws(
    () => org.insert('Job__c', { Key__c: 'a' }),
    /Too many DML statements: 151 \(limit 150\)/,
  );
  assert.deepEqual(org.rows('Log__c'), []);
});

test('an upsert creates, updates, and refuses a key given twice', () => {
  const org = openFlowTestOrg({});
  org.insert('Job__c', { Key__c: 'old' });
  const records = [
    { Key__c: 'old', Count__c: 1 },
    { Key__c: 'new' },
    { Key__c: 'twice' },
    { Key__c: 'twice' },
  ];
  const outcomes = org.automation.dml.upsert('Job__c', 'Key__c', records, org.actor, {
    allOrNone: false,
  });
  assert.deepEqual(codes(outcomes), ['ok', 'ok', 'DUPLICATE_VALUE', 'DUPLICATE_VALUE']);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.ok && outcome.created),
    [false, true, false, false],
  );
  assert.deepEqual(org.values('Job__c', 'Count__c'), [1, null]);
});

test('PublishAfterCommit goes with the transaction, PublishImmediately does not', async () => {
  const org = openFlowTestOrg({
    Both: flowXml(
      onSave(AFTER, 'A'),
      create('A', 'Done__e', { Key__c: '!$Record.Key__c' }, go('B')) +
        create('B', 'Now__e', { Key__c: '!$Record.Key__c' }, go('Is_Late')) +
        refuseLate,
    ),
  });
  const count = (object: string): number =>
    org.automation.bus.read(`/event/${object}`, 0, 100).length;
  org.insert('Job__c', { Key__c: 'a' });
  assert.deepEqual([count('Done__e'), count('Now__e')], [1, 1]);
  assert.throws(() =>
    org.store.transaction(() => {
      org.insert('Job__c', { Key__c: 'b' });
      throw new Error('undone by the caller');
    }),
  );
  assert.equal(count('Done__e'), 1);
  org.insert('Job__c', { Key__c: 'c', Status__c: 'Late' });
  await org.automation.idle();
  assert.deepEqual(
    [count('Done__e'), count('Now__e')],
    [1, 2],
    'the refused row did publish at once',
  );
});
