import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { makeCommandOrg, refusalOf, type CommandOrg } from './commandRows.ts';

// Who may send what to which device, before anything is saved.

test('a command waits for approval, with its Asset and its expiry', async () => {
  const org = await makeCommandOrg();
  await org.made();
  const command = org.only('Signal_Command__c');
  assert.equal(command['Status__c'], 'Waiting');
  assert.equal(command['Asset__c'], org.ids.asset);
  assert.equal(command['Expires_At__c'], '2026-11-23T07:00:00.000Z');
  assert.equal(command['CreatedById'], org.sender);
  assert.deepEqual(org.published('Signal_Notice__e').filter(isCommand), []);
});

const isCommand = ({ Kind__c }: RecordData): boolean => Kind__c === 'Command';

test('a command that needs no approval is approved at once by nobody, and the bridge is told', async () => {
  const org = await makeCommandOrg({ Needs_Approval__c: false, Expires_After_Minutes__c: 5 });
  const id = await org.made();
  const command = org.only('Signal_Command__c');
  assert.deepEqual([command['Status__c'], command['Approved_By__c']], ['Approved', null]);
  assert.equal(command['Expires_At__c'], '2026-11-23T06:05:00.000Z');
  const told = org.published('Signal_Notice__e').filter(isCommand);
  assert.deepEqual(
    told.map(({ Record_Id__c }) => Record_Id__c),
    [id],
  );
});

test('what is filled on save is filled whatever was sent', async () => {
  const org = await makeCommandOrg();
  const time = '2030-01-01T00:00:00.000Z';
  await org.made({
    Status__c: 'Sent',
    Asset__c: org.insert('Asset', { Name: 'Pump 2', AccountId: org.ids.account }),
    Approved_By__c: org.sender,
    Approved_At__c: time,
    Expires_At__c: time,
    Sent_At__c: time,
    Finished_At__c: time,
    Bridge_Message__c: 'done',
  });
  const { Status__c, Asset__c, Approved_By__c, Approved_At__c, Expires_At__c, ...rest } =
    org.only('Signal_Command__c');
  assert.deepEqual([Status__c, Asset__c], ['Waiting', org.ids.asset]);
  assert.equal(Expires_At__c, '2026-11-23T07:00:00.000Z');
  const empty = [Approved_By__c, Approved_At__c, rest['Sent_At__c'], rest['Finished_At__c']];
  assert.deepEqual([...empty, rest['Bridge_Message__c']], [null, null, null, null, null]);
});

interface Wrong {
  readonly what: string;
  readonly type?: RecordData;
  readonly values?: (org: CommandOrg) => RecordData;
  readonly as?: (org: CommandOrg) => string;
  readonly field?: string;
  readonly says: RegExp;
}
const wrong: readonly Wrong[] = [
  {
    what: 'by a person without the permission',
    as: ({ ids }) => ids.person,
    says: /^You may not send commands to devices\. Your administrator can give you/,
  },
  {
    what: 'by somebody who may only approve',
    as: ({ approver }) => approver,
    says: /^You may not send commands/,
  },
  { what: 'by the bridge', as: ({ integration }) => integration, says: /^You may not send/ },
  {
    what: 'of a type that is switched off',
    type: { Active__c: false },
    field: 'Command_Type__c',
    says: /^The command Set speed is switched off\. Choose another one, or ask who keeps the Signal Command Types\.$/,
  },
  {
    what: 'for a device of another type',
    type: { Device_Type__c: 'fan' },
    field: 'Device__c',
    says: /^The command Set speed is for devices of the type fan; pump-001 is a pump\.$/,
  },
  {
    what: 'for a device whose type is written otherwise',
    type: { Device_Type__c: 'Pump' },
    field: 'Device__c',
    says: /is for devices of the type Pump; pump-001 is a pump\.$/,
  },
  {
    what: 'for a device without a type',
    values: (org) => ({
      Device__c: org.insert('Signal_Device__c', { Name: 'p2', Device_Key__c: 'p2' }),
    }),
    field: 'Device__c',
    says: /; p2 is of no type\.$/,
  },
  {
    what: 'without its value',
    values: () => ({ Value__c: null }),
    field: 'Value__c',
    says: /^The command Set speed needs a value at least 10 and at most 20\.5 Hz\.$/,
  },
  {
    what: 'with a value where none is taken',
    type: { Takes_Value__c: false, Minimum__c: null, Maximum__c: null },
    field: 'Value__c',
    says: /^The command Set speed takes no value\. Leave it empty\.$/,
  },
  {
    what: 'with a value below the smallest',
    values: () => ({ Value__c: 9.999999 }),
    field: 'Value__c',
    says: /^The value of Set speed has to be at least 10 and at most 20\.5 Hz\.$/,
  },
  {
    what: 'with a value above the largest',
    type: { Minimum__c: null, Unit__c: null },
    values: () => ({ Value__c: 20.500001 }),
    field: 'Value__c',
    says: /has to be at most 20\.5\.$/,
  },
  {
    what: 'with a negative value where zero is the least',
    type: { Minimum__c: 0, Maximum__c: null },
    values: () => ({ Value__c: -0.000001 }),
    field: 'Value__c',
    says: /has to be at least 0 Hz\.$/,
  },
];
for (const { what, type = {}, values, as, field, says } of wrong) {
  test(`a command ${what} is refused in plain words`, async () => {
    const org = await makeCommandOrg(type);
    const refusal = refusalOf(await org.make(values?.(org), as?.(org)));
    assert.match(refusal?.message ?? '', says);
    assert.equal(refusal?.field, field);
    assert.deepEqual(org.rows('Signal_Command__c'), []);
  });
}

test('of several things wrong the first is told: the type, the device, then the value', async () => {
  const of = async (type: RecordData, values: RecordData): Promise<string | undefined> => {
    const org = await makeCommandOrg(type);
    return refusalOf(await org.make(values))?.field;
  };
  const all = { Active__c: false, Device_Type__c: 'fan' };
  assert.equal(await of(all, { Value__c: null }), 'Command_Type__c');
  assert.equal(await of({ Device_Type__c: 'fan' }, { Value__c: null }), 'Device__c');
  const org = await makeCommandOrg({ Takes_Value__c: false });
  assert.match(refusalOf(await org.make({ Value__c: 99 }))?.message ?? '', /takes no value/);
});

test('the type of the command counts, not another one', async () => {
  const org = await makeCommandOrg();
  const other = { Name: 'Stop', Command_Key__c: 'stop', Takes_Value__c: false };
  const Command_Type__c = org.insert('Signal_Command_Type__c', other);
  await org.made({ Command_Type__c, Value__c: null });
  assert.match(
    refusalOf(await org.make({ Command_Type__c }))?.message ?? '',
    /^The command Stop takes/,
  );
});

const right: readonly (readonly [string, RecordData, RecordData])[] = [
  ['the smallest value', {}, { Value__c: 10 }],
  ['the largest value', {}, { Value__c: 20.5 }],
  ['any value where there is no range', { Minimum__c: null, Maximum__c: null }, { Value__c: -7 }],
  ['a type for all devices', { Device_Type__c: null }, {}],
  ['no value where none is taken', { Takes_Value__c: false }, { Value__c: null }],
];
for (const [what, type, values] of right) {
  test(`a command with ${what} is taken`, async () => {
    const org = await makeCommandOrg(type);
    await org.made(values);
    assert.equal(org.only('Signal_Command__c')['Status__c'], 'Waiting');
  });
}

for (const get of ['Signal_Command_Type__c', 'Signal_Device__c']) {
  test(`a command that cannot be checked for want of ${get} is not made`, async () => {
    const org = await makeCommandOrg();
    org.break({ get: [get] });
    const refusal = refusalOf(await org.make());
    assert.match(
      refusal?.message ?? '',
      /^The command could not be checked and was not made\. Try again; if it fails again, tell your administrator: a get broken by a test$/,
    );
  });
}

test('of 200 commands in one call the wrong ones alone are refused, in a handful of queries', async () => {
  const org = await makeCommandOrg({ Needs_Approval__c: false });
  const rows = Array.from({ length: 200 }, (_, n) => ({
    Command_Type__c: org.type,
    Device__c: org.ids.device,
    Value__c: n % 10 === 0 ? 99 : 12,
  }));
  const outcomes = await org.saveAll('insert', 'Signal_Command__c', rows, org.sender);
  assert.deepEqual(
    outcomes.map(({ ok }) => ok),
    rows.map(({ Value__c }) => Value__c === 12),
  );
  assert.equal(org.published('Signal_Notice__e').filter(isCommand).length, 180);
  assert.ok(org.transactions.every(({ most }) => most.queries <= 10));
});

test('an approved command that the bridge cannot be told of is kept, and a failure names it', async () => {
  const org = await makeCommandOrg({ Needs_Approval__c: false }, [], {
    hourlyPublished: 0,
    dailyDelivered: 0,
  });
  const id = await org.made();
  const failures = org.rows('Signal_Failure__c').filter((row) => row['Record_Id__c'] === id);
  assert.equal(failures.length, 1);
  assert.match(String(failures[0]?.['Payload__c']), /^Signal Command C-\d{8} \(.*expires at /);
});
