import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ScreenState } from '../flow/screenRun.ts';
import type { PermissionSetDef } from '../metadata/schema.ts';
import { openFlowTestOrg, type FlowTestOrg } from './flowTestOrg.ts';
import { create, fields, filter, flowXml, get, go, variable } from './flowTestXml.ts';
import { NoSuchFlow } from './screenFlows.ts';
import { choosesFrom, field, label, screen, screenFlowXml } from './screenTestXml.ts';

const nothing = {
  create: false,
  read: false,
  edit: false,
  delete: false,
  viewAll: false,
  modifyAll: false,
  viewAllFields: false,
};

function permissionSet(name: string, extras: Partial<PermissionSetDef> = {}): PermissionSetDef {
  return {
    name,
    label: name,
    objects: new Map(),
    fields: new Map(),
    userPermissions: new Set(['RunFlow']),
    ...extras,
  };
}

const reader = permissionSet('Reader', {
  objects: new Map([['Job__c', { ...nothing, read: true }]]),
  fields: new Map([['Job__c.Key__c', { read: true, edit: false }]]),
});
const writer = permissionSet('Writer', {
  objects: new Map([
    ['Job__c', { ...nothing, read: true, create: true, edit: true, delete: true }],
    ['Log__c', { ...nothing, read: true, create: true }],
  ]),
  fields: new Map([
    ['Job__c.Key__c', { read: true, edit: true }],
    ['Log__c.Text__c', { read: true, edit: true }],
  ]),
});
const runner = permissionSet('Runner');
const sets = [reader, writer, runner];
const asRole = (...permissionSets: readonly string[]) => ({ permissionSets });

function openOrg(flows: Readonly<Record<string, string>>, isPrivate = false): FlowTestOrg {
  const sharing = new Map(isPrivate ? [['Job__c', 'Private'] as const] : []);
  const org = openFlowTestOrg(flows, { permissionSets: sets, sharing });
  org.insert('Job__c', { Name: 'J', Key__c: 'secret', Note__c: 'for your eyes' });
  return org;
}

function run(org: FlowTestOrg, ...permissionSets: readonly string[]): ScreenState {
  const userId = org.users.idOf(asRole(...permissionSets));
  return org.automation.screenFlows.open('S', {}, { userId }).state();
}

/** What the display field of the screen says, or how else it ended. */
function textOf(state: ScreenState): string {
  if (state.kind === 'failed') return state.message;
  if (state.kind === 'finished') return 'finished';
  const [shown] = state.screen.fields;
  return shown?.kind === 'display' ? shown.text : '';
}

const say = screen(
  'Say',
  field('Text', 'DisplayText', label('{!Get.Key__c} {!Get.Note__c} {!Get.Parent__r.Key__c}')),
);
const fault = screen('Sorry', field('Why', 'DisplayText', label('{!$Flow.FaultMessage}')));
const sorry = go('Sorry', 'faultConnector');
const showing = (mode = ''): string =>
  screenFlowXml('Get', get('Get', 'Job__c', '', go('Say') + sorry) + say + fault, mode);
const inMode = (mode: string): string => `<runInMode>${mode}</runInMode>`;

test('a screen flow gets what its user may read: objects, fields and rows', () => {
  const org = openOrg({ S: showing() });
  assert.equal(textOf(run(org, 'Reader')), 'secret', 'the note is no field of the reader');
  assert.match(textOf(run(org, 'Runner')), /^INVALID_TYPE: sObject type 'Job__c'/);
  const hidden = openOrg({ S: showing() }, true);
  assert.equal(textOf(run(hidden, 'Reader')), '', 'a row of somebody else is not found');
});

test('a filter by a field that its user may not read faults', () => {
  const byNote = get('Get', 'Job__c', filter('Note__c', 'EqualTo', 'x'), go('Say') + sorry);
  const org = openOrg({ S: screenFlowXml('Get', byNote + say + fault) });
  assert.match(textOf(run(org, 'Reader')), /^INVALID_FIELD: No such column 'Note__c'/);
});

test('in system mode with sharing only rows count, without sharing nothing does', () => {
  const withSharing = { S: showing(inMode('SystemModeWithSharing')) };
  assert.equal(textOf(run(openOrg(withSharing), 'Runner')), 'secret for your eyes');
  assert.equal(textOf(run(openOrg(withSharing, true), 'Runner')), '');
  const without = { S: showing(inMode('SystemModeWithoutSharing')) };
  assert.equal(textOf(run(openOrg(without, true), 'Runner')), 'secret for your eyes');
});

const saving = (element: string, mode = ''): string =>
  screenFlowXml('Save', element + screen('Done', '') + fault, mode);
const done = go('Done') + sorry;

test('what its user may not create faults, with the codes of the platform', () => {
  const log = { S: saving(create('Save', 'Log__c', { Text__c: 'x' }, done)) };
  assert.match(textOf(run(openOrg(log), 'Reader')), /CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY/);
  const allowed = openOrg(log);
  assert.equal(textOf(run(allowed, 'Writer')), '');
  assert.deepEqual(allowed.values('Log__c', 'Text__c'), ['x']);
  const keyField = { S: saving(create('Save', 'Log__c', { Key__c: 'x' }, done)) };
  assert.match(
    textOf(run(openOrg(keyField), 'Writer')),
    /INVALID_FIELD_FOR_INSERT_UPDATE: Unable to create\/update fields: Key__c\./,
  );
  const system = saving(
    create('Save', 'Log__c', { Key__c: 'x' }, done),
    inMode('SystemModeWithoutSharing'),
  );
  const org = openOrg({ S: system });
  run(org, 'Runner');
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['x']);
});

const updateAll = (values: Readonly<Record<string, string>>): string =>
  `<recordUpdates><name>Save</name><label>Save</label>${done}${filter('Name', 'EqualTo', 'J')}${fields(values)}<object>Job__c</object></recordUpdates>`;

test('rows of others are not updated, nor fields that are read only', () => {
  const read = { S: saving(updateAll({ Key__c: 'changed' })) };
  assert.match(textOf(run(openOrg(read), 'Reader')), /CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY/);
  const note = { S: saving(updateAll({ Note__c: 'changed' })) };
  assert.match(textOf(run(openOrg(note), 'Writer')), /INVALID_FIELD_FOR_INSERT_UPDATE/);
  const visible = openFlowTestOrg(read, {
    permissionSets: sets,
    sharing: new Map([['Job__c', 'Read'] as const]),
  });
  visible.insert('Job__c', { Name: 'J', Key__c: 'a' });
  assert.match(textOf(run(visible, 'Writer')), /INSUFFICIENT_ACCESS_OR_READONLY/);
  assert.deepEqual(visible.values('Job__c', 'Key__c'), ['a']);
});

test('a record variable that was got saves only what was changed in it', () => {
  const flow = screenFlowXml(
    'Get',
    get('Get', 'Job__c', '', go('Change')) +
      `<assignments><name>Change</name><label>c</label>${go('Save')}<assignmentItems><assignToReference>Get.Key__c</assignToReference><operator>Assign</operator><value><stringValue>new</stringValue></value></assignmentItems></assignments>` +
      `<recordUpdates><name>Save</name><label>Save</label>${done}<inputReference>Get</inputReference></recordUpdates>` +
      screen('Done', '') +
      fault,
  );
  const system = { S: flow.replace('<start>', `${inMode('SystemModeWithoutSharing')}<start>`) };
  const org = openOrg(system);
  assert.equal(textOf(run(org, 'Runner')), '');
  const own = openOrg({ S: flow });
  assert.equal(textOf(run(own, 'Writer')), '', 'the note, which is not the writer’s, stays');
  assert.deepEqual(own.values('Job__c', 'Key__c'), ['new']);
  assert.deepEqual(own.values('Job__c', 'Note__c'), ['for your eyes']);
});

test('one row that may not be deleted keeps all of them', () => {
  const remove = `<recordDeletes><name>Save</name><label>Save</label>${done}${filter('Name', 'EqualTo', 'J')}<object>Job__c</object></recordDeletes>`;
  const org = openOrg({ S: saving(remove) });
  assert.match(textOf(run(org, 'Writer')), /INSUFFICIENT_ACCESS_OR_READONLY/, 'only owners delete');
  assert.equal(org.rows('Job__c').length, 1);
});

test('choices of records are those that its user sees', () => {
  const set = `<dynamicChoiceSets><name>jobs</name><dataType>String</dataType><displayField>Key__c</displayField><object>Job__c</object><valueField>Id</valueField></dynamicChoiceSets>`;
  const flow = screenFlowXml(
    'Ask',
    set + screen('Ask', field('Job', 'DropdownBox', choosesFrom('jobs'))),
  );
  const labels = (org: FlowTestOrg): string[] => {
    const state = run(org, 'Reader');
    const [job] = state.kind === 'screen' ? state.screen.fields : [];
    return job?.kind === 'choice' ? job.options.map((option) => option.label) : ['no choices'];
  };
  assert.deepEqual(labels(openOrg({ S: flow })), ['secret']);
  assert.deepEqual(labels(openOrg({ S: flow }, true)), []);
});

test('a subflow runs as its caller, unless it says otherwise', () => {
  const inner = (mode: string): string =>
    flowXml(
      go('Make'),
      create('Make', 'Log__c', { Key__c: 'k' }) + variable('unused', 'String'),
    ).replace('<start>', `${mode}<start>`);
  const call = `<subflows><name>Call</name><label>c</label>${go('Done')}<flowName>Inner</flowName></subflows>`;
  const outer = screenFlowXml('Call', call + screen('Done', ''));
  const refused = openOrg({ S: outer, Inner: inner('') });
  assert.match(textOf(run(refused, 'Runner')), /CANNOT_INSERT/);
  const org = openOrg({ S: outer, Inner: inner(inMode('SystemModeWithoutSharing')) });
  assert.equal(textOf(run(org, 'Runner')), '');
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['k']);
});

test('a flow with a trigger is the system, whoever saves', () => {
  const after = flowXml(
    `${go('Make')}<object>Log__c</object><recordTriggerType>Create</recordTriggerType><triggerType>RecordAfterSave</triggerType>`,
    create('Make', 'Job__c', { Key__c: 'made', Note__c: 'by the system' }),
  );
  const org = openOrg({
    S: saving(create('Save', 'Log__c', { Text__c: 'x' }, done)),
    After: after,
  });
  assert.equal(textOf(run(org, 'Writer')), '');
  assert.ok(org.values('Job__c', 'Note__c').includes('by the system'));
});

test('running takes Run Flows, or the flow in a permission set; of a restricted flow, only the latter', () => {
  const may = (restricted: boolean, ...permissionSets: readonly PermissionSetDef[]): boolean => {
    const mark = `<isAdditionalPermissionRequiredToRun>${restricted}</isAdditionalPermissionRequiredToRun>`;
    const org = openFlowTestOrg(
      { S: screenFlowXml('One', screen('One', ''), mark) },
      { permissionSets },
    );
    const user =
      permissionSets.length === 0
        ? 'administrator'
        : asRole(...permissionSets.map(({ name }) => name));
    try {
      org.automation.screenFlows.open('S', {}, { userId: org.users.idOf(user) });
      return true;
    } catch (error) {
      assert.ok(error instanceof NoSuchFlow);
      return false;
    }
  };
  const none = permissionSet('None', { userPermissions: new Set() });
  const listed = permissionSet('Listed', { userPermissions: new Set(), flows: new Set(['S']) });
  assert.deepEqual(
    [may(false, runner), may(false, listed), may(false, none), may(false)],
    [true, true, false, true],
  );
  assert.deepEqual([may(true, runner), may(true, listed), may(true)], [false, true, false]);
});
