import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openFlowTestOrg } from '../automation/flowTestOrg.ts';
import { assign, create, flowXml, get, filter, onSave } from '../automation/flowTestXml.ts';
import { InvalidSource, Unsupported } from '../metadata/schema.ts';
import type { FieldDef, FieldType } from '../metadata/schema.ts';
import { makeField } from '../metadata/systemFields.ts';

const field = (name: string, type: FieldType, source: string, blanksAsZero = false): FieldDef =>
  makeField(name, name, type, {
    system: true,
    ...(type === 'Number' ? { precision: 6, scale: 2 } : {}),
    ...(type === 'Text' ? { length: 1300 } : {}),
    formula: { source, blanksAsZero, file: `${name}.field-meta.xml` },
  });

test('each type is computed when the row is read', () => {
  const org = openFlowTestOrg(
    {},
    {
      jobFields: [
        field('Title__c', 'Text', 'TEXT(Status__c) & " " & Key__c'),
        field('Third__c', 'Number', 'Count__c / 3'),
        field('Due__c', 'Date', 'Day__c + 7'),
        field('Later__c', 'DateTime', 'NOW() + 1'),
        field('Is_Done__c', 'Checkbox', 'ISPICKVAL(Status__c, "Done")'),
      ],
    },
  );
  org.insert('Job__c', { Key__c: 'a', Status__c: 'Done', Count__c: 2, Day__c: '2026-11-23' }, {});
  const shown = (): unknown[] =>
    org
      .rows('Job__c')
      .map((row) => ['Title__c', 'Third__c', 'Due__c', 'Is_Done__c'].map((name) => row[name]));
  assert.deepEqual(shown(), [
    ['Done a', 0.67, '2026-11-30', true],
    [' ', null, null, false],
  ]);
  assert.equal(org.values('Job__c', 'Later__c')[0], '2026-11-24T06:00:00.000Z');
  org.clock.time += 60_000;
  assert.equal(org.values('Job__c', 'Later__c')[0], '2026-11-24T06:01:00.000Z');
});

test('an empty number is nothing, or 0 where the field says so', () => {
  const org = openFlowTestOrg(
    {},
    {
      jobFields: [
        field('Blank__c', 'Number', 'Count__c + 1'),
        field('Zero__c', 'Number', 'Count__c + 1', true),
      ],
    },
  );
  org.insert('Job__c', {});
  assert.deepEqual(
    [org.values('Job__c', 'Blank__c'), org.values('Job__c', 'Zero__c')],
    [[null], [1]],
  );
});

test('what cannot be computed or does not fit is empty', () => {
  const org = openFlowTestOrg(
    {},
    {
      jobFields: [
        field('Divided__c', 'Number', '1 / Count__c'),
        field('Huge__c', 'Number', '1000000 - Count__c'),
      ],
    },
  );
  org.insert('Job__c', { Count__c: 0 });
  assert.deepEqual(
    [org.values('Job__c', 'Divided__c'), org.values('Job__c', 'Huge__c')],
    [[null], [null]],
  );
});

test('formulas use each other and those of parents, whatever their order in the source', () => {
  const org = openFlowTestOrg(
    {},
    {
      jobFields: [
        field('Last__c', 'Text', 'Middle__c & "/" & Parent__r.First__c'),
        field('Middle__c', 'Text', 'First__c & "!"'),
        field('First__c', 'Text', 'UPPER(Key__c)'),
      ],
    },
  );
  const [parent] = org.insert('Job__c', { Key__c: 'p' });
  org.insert('Job__c', { Key__c: 'c', Parent__c: parent?.ok === true ? parent.id : null });
  assert.deepEqual(org.values('Job__c', 'Last__c'), ['P!/', 'C!/P']);
});

test('flows and rules see formula fields of the row about to be saved', () => {
  const flows = {
    Before: flowXml(
      onSave('RecordBeforeSave', 'Set'),
      assign('Set', [['$Record.Note__c', 'Assign', '!$Record.Title__c']]),
    ),
    After: flowXml(
      onSave('RecordAfterSave', 'Log'),
      create('Log', 'Log__c', { Text__c: '!$Record.Title__c' }),
    ),
  };
  const long = {
    object: 'Job__c',
    name: 'Long',
    file: 'Long.xml',
    active: true,
    formula: 'LEN(Title__c) > 4',
    message: 'too long',
  };
  const org = openFlowTestOrg(flows, {
    jobFields: [field('Title__c', 'Text', 'Key__c & "#"')],
    rules: [long],
  });
  const outcomes = org.insert('Job__c', { Key__c: 'abc' }, { Key__c: 'abcd' });
  assert.deepEqual(
    outcomes.map(({ ok }) => ok),
    [true, false],
  );
  assert.deepEqual(org.values('Job__c', 'Note__c'), ['abc#']);
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['abc#']);
});

test('nobody writes a formula field', () => {
  const jobFields = [field('Title__c', 'Text', 'Key__c & "#"')];
  const org = openFlowTestOrg({}, { jobFields });
  const [outcome] = org.insert('Job__c', { Key__c: 'a', Title__c: 'mine' });
  assert.equal(
    outcome?.ok === false && outcome.errors[0]?.statusCode,
    'INVALID_FIELD_FOR_INSERT_UPDATE',
  );
  const flow = flowXml(
    onSave('RecordBeforeSave', 'Set'),
    assign('Set', [['$Record.Title__c', 'Assign', 'x']]),
  );
  assert.throws(() => openFlowTestOrg({ Bad: flow }, { jobFields }), /cannot be assigned to/);
});

test('a flow that filters or sorts by a formula field is refused', () => {
  const jobFields = [field('Title__c', 'Text', 'Key__c & "#"')];
  const looking = (filters: string, rest: string): string =>
    flowXml(onSave('RecordAfterSave', 'G'), get('G', 'Job__c', filters, rest));
  const sort = '<sortField>Title__c</sortField><sortOrder>Asc</sortOrder>';
  for (const [flow, feature] of [
    [looking(filter('Title__c', 'EqualTo', 'x'), ''), /a filter by the formula field Title__c/],
    [looking(filter('Key__c', 'EqualTo', 'x'), sort), /sorting by the formula field Title__c/],
  ] as const)
    assert.throws(() => openFlowTestOrg({ Bad: flow }, { jobFields }), feature);
});

test('a formula that is wrong or asks too much is refused when the org loads', () => {
  const refused = (fields: readonly FieldDef[], problem: RegExp): void => {
    assert.throws(
      () => openFlowTestOrg({}, { jobFields: fields }),
      (error) => {
        assert.ok(error instanceof InvalidSource || error instanceof Unsupported, String(error));
        assert.match(error.message, problem);
        return true;
      },
    );
  };
  refused([field('A__c', 'Number', 'Key__c')], /A__c\..*gives text, the field is a Number/);
  refused([field('A__c', 'Text', 'Status__c')], /gives picklist.*TEXT\(\)/);
  refused([field('A__c', 'Text', '$User.Id')], /the global value \$User\.Id/);
  refused([field('A__c', 'Checkbox', 'ISNEW()')], /only known while a record is saved/);
  refused([field('A__c', 'Checkbox', 'ISBLANK(Long__c)')], /Long__c is a long text/);
  refused([field('A__c', 'Text', 'HYPERLINK("a", "b")')], /the formula function HYPERLINK/);
  refused(
    [field('A__c', 'Checkbox', 'REGEX("a", "a")')],
    /REGEX is not allowed in a formula field/,
  );
  refused([field('A__c', 'Text', 'A__c & "x"')], /A__c depends on itself/);
  refused(
    [field('A__c', 'Text', 'Parent__r.B__c & "x"'), field('B__c', 'Text', 'A__c & "y"')],
    /depends on itself/,
  );
});
