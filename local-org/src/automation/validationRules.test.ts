import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InvalidSource, Unsupported } from '../metadata/schema.ts';
import type { ValidationRuleDef } from '../metadata/schema.ts';
import type { SaveOutcome } from '../store/records.ts';
import { insertRow } from '../store/seed.ts';
import { openFlowTestOrg } from './flowTestOrg.ts';
import { assign, create, fields, filter, flowXml, go, onSave } from './flowTestXml.ts';

const rule = (
  name: string,
  formula: string,
  extras: Partial<ValidationRuleDef> = {},
): ValidationRuleDef => ({
  object: 'Job__c',
  name,
  file: `${name}.validationRule-meta.xml`,
  active: true,
  formula,
  message: `${name} says no`,
  ...extras,
});

/** `ok`, or every error of the row as `CODE message [fields]`. */
function told(outcomes: readonly SaveOutcome[]): (string | string[])[] {
  return outcomes.map((outcome) =>
    outcome.ok
      ? 'ok'
      : outcome.errors.map(
          ({ statusCode, message, fields: of }) => `${statusCode} ${message} [${of.join()}]`,
        ),
  );
}

const no = (name: string, field = ''): string =>
  `FIELD_CUSTOM_VALIDATION_EXCEPTION ${name} says no [${field}]`;

test('a row for which a rule is true is refused with its message and field, the others are saved', () => {
  const rules = [rule('Negative', 'Count__c < 0', { field: 'Count__c' })];
  const org = openFlowTestOrg({}, { rules });
  const outcomes = org.insert(
    'Job__c',
    { Key__c: 'a', Count__c: 1 },
    { Key__c: 'b', Count__c: -1 },
    { Key__c: 'c' },
  );
  assert.deepEqual(told(outcomes), ['ok', [no('Negative', 'Count__c')], 'ok']);
  assert.deepEqual(org.values('Job__c', 'Key__c'), ['a', 'c']);
});

test('every rule that is true answers, in the order of their names; inactive ones do not', () => {
  const rules = [
    rule('Second', 'ISBLANK(Note__c)', { field: 'Note__c' }),
    rule('First', 'NOT(Flag__c)'),
    rule('Off', 'TRUE', { active: false }),
    rule('Elsewhere', 'TRUE', { object: 'Log__c' }),
  ];
  const org = openFlowTestOrg({}, { rules });
  assert.deepEqual(told(org.insert('Job__c', { Key__c: 'a' })), [
    [no('First'), no('Second', 'Note__c')],
  ]);
});

test('the checks of the system come first, rules see what before-save flows made of the row', () => {
  const fill = flowXml(
    onSave('RecordBeforeSave', 'Set'),
    assign('Set', [['$Record.Note__c', 'Assign', 'filled']]),
  );
  const rules = [rule('Filled', 'Note__c = "filled"')];
  const org = openFlowTestOrg({ Fill: fill }, { rules });
  const [sane, wrong] = told(org.insert('Job__c', { Key__c: 'a' }, { Status__c: 'Nope' }));
  assert.deepEqual(sane, [no('Filled')]);
  assert.match(String(wrong), /^INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST/);
});

test('after-save flows do not run for a row that a rule refuses', () => {
  const log = flowXml(onSave('RecordAfterSave', 'L'), create('L', 'Log__c', { Key__c: 'x' }));
  const org = openFlowTestOrg({ Log: log }, { rules: [rule('Never', 'Key__c = "b"')] });
  org.insert('Job__c', { Key__c: 'a' }, { Key__c: 'b' });
  assert.equal(org.rows('Log__c').length, 1);
});

test('ISNEW, ISCHANGED and PRIORVALUE know the save; rows that are not saved are left alone', () => {
  const rules = [
    rule('Locked', 'AND(NOT(ISNEW()), ISCHANGED(Key__c))'),
    rule('Back', 'AND(ISPICKVAL(PRIORVALUE(Status__c), "Done"), ISPICKVAL(Status__c, "New"))'),
    rule('Born_Late', 'AND(ISNEW(), ISPICKVAL(Status__c, "Late"))'),
    rule('Never_On_New', 'AND(ISNEW(), OR(ISCHANGED(Key__c), PRIORVALUE(Key__c) <> Key__c))'),
  ];
  const org = openFlowTestOrg({}, { rules });
  // As if it had been there before the rule.
  const old = org.store.writeInsert('Job__c', { Key__c: 'old', Status__c: 'Late' }, org.actor);
  const [made, late] = org.insert(
    'Job__c',
    { Key__c: 'a', Status__c: 'Done' },
    { Status__c: 'Late' },
  );
  assert.deepEqual(told([old, made, late].flatMap((one) => one ?? [])), [
    'ok',
    'ok',
    [no('Born_Late')],
  ]);
  const id = made?.ok === true ? made.id : '';
  const oldId = old.ok ? old.id : '';
  assert.deepEqual(
    told(
      org.update(
        'Job__c',
        { Id: id, Status__c: 'New', Key__c: 'z' },
        { Id: oldId, Note__c: 'fine' },
      ),
    ),
    [[no('Back'), no('Locked')], 'ok'],
  );
  assert.deepEqual(told(org.update('Job__c', { Id: id, Key__c: 'a', Note__c: 'same' })), ['ok']);
});

test('a rule sees parents, the user and the time; ids and stamps are those before the save', () => {
  const rules = [
    rule('Parent_Done', 'ISPICKVAL(Parent__r.Status__c, "Done")'),
    rule('Not_Mine', 'OwnerId <> $User.Id'),
    rule('Past', 'At__c < NOW()'),
    rule('Has_Id', 'AND(ISNEW(), NOT(ISBLANK(Id) && ISBLANK(CreatedDate)))'),
    rule('Stamped', 'AND(NOT(ISNEW()), LastModifiedDate = NOW())'),
  ];
  const org = openFlowTestOrg({}, { rules });
  const [parent] = org.insert('Job__c', { Key__c: 'p', Status__c: 'Done' });
  const parentId = parent?.ok === true ? parent.id : '';
  const [profile] = org.store.select({ object: 'Profile' });
  const ProfileId = String(profile?.['Id']);
  const named = { Username: 'o@example.test', LastName: 'Other', ProfileId };
  const other = insertRow(org.store, 'User', named, org.actor);
  assert.deepEqual(
    told(
      org.insert(
        'Job__c',
        { Parent__c: parentId },
        { At__c: '2026-11-23T05:59:59Z' },
        { At__c: '2026-11-23T06:00:00Z' },
      ),
    ),
    [[no('Parent_Done')], [no('Past')], 'ok'],
  );
  const given = org.store.writeInsert('Job__c', { Key__c: 'g' }, { userId: other });
  org.clock.time += 60_000;
  const row = { Id: given.ok ? given.id : '', Note__c: 'n' };
  assert.deepEqual(told(org.update('Job__c', row)), [[no('Not_Mine')]]);
  assert.deepEqual(told(org.update('Job__c', { Id: parentId, Note__c: 'n' })), ['ok']);
});

test("a refused save takes its flow's fault path, and the flow may tell why", () => {
  const fault = create('C', 'Job__c', { Count__c: -1 }, go('L', 'faultConnector'));
  const flow = flowXml(
    onSave('RecordAfterSave', 'C', '', 'Create', 'Log__c'),
    fault +
      `<recordUpdates><name>L</name><label>l</label>${filter('Id', 'EqualTo', '!$Record.Id')}${fields({ Text__c: '!$Flow.FaultMessage' })}<object>Log__c</object></recordUpdates>`,
  );
  const org = openFlowTestOrg({ Try: flow }, { rules: [rule('Negative', 'Count__c < 0')] });
  org.insert('Log__c', { Key__c: 'x' });
  assert.equal(org.rows('Job__c').length, 0);
  assert.match(
    String(org.values('Log__c', 'Text__c')[0]),
    /FIELD_CUSTOM_VALIDATION_EXCEPTION.*Negative says no/,
  );
});

test('all or none: one refused row takes the others back', () => {
  const org = openFlowTestOrg({}, { rules: [rule('Negative', 'Count__c < 0')] });
  const outcomes = org.automation.dml.insert(
    'Job__c',
    [{ Key__c: 'a' }, { Key__c: 'b', Count__c: -1 }],
    org.actor,
    { allOrNone: true },
  );
  const [first, second] = told(outcomes);
  assert.match(String(first), /^ALL_OR_NONE_OPERATION_ROLLED_BACK/);
  assert.deepEqual(second, [no('Negative')]);
  assert.equal(org.rows('Job__c').length, 0);
});

test('a formula that cannot be computed refuses the row and names the rule', () => {
  const org = openFlowTestOrg({}, { rules: [rule('Broken', '1 / Count__c > 2')] });
  assert.deepEqual(told(org.insert('Job__c', { Count__c: 0 }, { Count__c: 1 })), [
    [
      'FORMULA_EXPRESSION_INVALID The formula in the "Broken" validation rule is invalid: division by zero []',
    ],
    'ok',
  ]);
});

test('what a rule may not say is refused when the org loads, also when it is not active', () => {
  const refused = (formula: string, type: typeof Error, problem: RegExp): void => {
    assert.throws(
      () => openFlowTestOrg({}, { rules: [rule('Bad', formula, { active: false })] }),
      (error) => {
        assert.ok(error instanceof type, String(error));
        assert.match(error.message, problem);
        return true;
      },
    );
  };
  const unsupported = Unsupported as unknown as typeof Error;
  const invalid = InvalidSource as unknown as typeof Error;
  refused('$Setup.Bypass', unsupported, /Bad\..*the global value \$Setup\.Bypass/);
  refused('VLOOKUP(Key__c, "a")', unsupported, /the formula function VLOOKUP/);
  refused('Owner.Name = "x"', unsupported, /through OwnerId, which may point to several objects/);
  refused('Nope__c = 1', invalid, /Job__c has no field Nope__c/);
  refused('Nope__r.Name = "a"', invalid, /Job__c has no lookup Nope__r/);
  refused('Count__c = "a"', invalid, /number and text do not go together/);
  refused('Status__c = "New"', invalid, /wrap a picklist field in TEXT\(\)/);
  refused('Count__c', invalid, /gives number, not boolean/);
  refused('ISCHANGED(Parent__r.Key__c)', invalid, /a field of Job__c itself is needed/);
  refused('AND(Flag__c', invalid, /the formula ends too early/);
});
