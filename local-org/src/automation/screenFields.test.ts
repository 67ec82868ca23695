import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openFlowTestOrg } from './flowTestOrg.ts';
import { condition, create, variable } from './flowTestXml.ts';
import { errorsOf, fieldOf, open, said, screenOf } from './screenTestFlow.ts';
import { choice, choosesFrom, field, label, screen, screenFlowXml } from './screenTestXml.ts';

const asking = (fields: string, more = ''): string =>
  screenFlowXml(
    'Ask',
    screen('Ask', fields, 'Say') +
      screen('Say', field('Said', 'DisplayText', label('{!Pick}'))) +
      more,
  );
const pick = (widget: string, rest = ''): string =>
  field('Pick', widget, label('Pick') + choosesFrom('Yes', 'No', 'jobs', 'statuses') + rest);
const sets =
  choice('Yes', 'It is so') +
  choice('No', 'It is not') +
  `<dynamicChoiceSets><name>jobs</name><dataType>String</dataType><displayField>Name</displayField><object>Job__c</object><outputAssignments><assignToReference>key</assignToReference><field>Key__c</field></outputAssignments><sortField>Name</sortField><sortOrder>Desc</sortOrder><valueField>Id</valueField></dynamicChoiceSets>` +
  `<dynamicChoiceSets><name>statuses</name><dataType>Picklist</dataType><displayField xsi:nil="true"/><object xsi:nil="true"/><picklistField>Status__c</picklistField><picklistObject>Job__c</picklistObject></dynamicChoiceSets>` +
  variable('key', 'String', { output: true });

test('choices are the flow’s own, of records and of a picklist; texts show their labels', () => {
  const org = openFlowTestOrg({
    S: asking(pick('RadioButtons'), sets).replace(
      '<Flow ',
      '<Flow xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ',
    ),
  });
  org.insert('Job__c', { Name: 'A', Key__c: 'ka' }, { Name: 'B', Key__c: 'kb' });
  const flow = open(org);
  const shown = fieldOf(flow, 'Pick');
  assert.ok(shown.kind === 'choice');
  assert.deepEqual(
    shown.options.map((option) => option.label),
    ['It is so', 'It is not', 'B', 'A', 'New', 'Done', 'Late'],
  );
  flow.next({ Pick: shown.options[2]?.value });
  assert.equal(said(flow), 'B', 'the label, where the value is an id');
  flow.next({});
  const state = flow.state();
  assert.deepEqual(state.kind === 'finished' && state.outputs, { key: 'kb' });
});

test('several choices are given as a list and kept in the order of the screen', () => {
  const S = asking(pick('MultiSelectCheckboxes'), sets.replaceAll(/ xsi:nil="true"/g, ''));
  const flow = open(openFlowTestOrg({ S }));
  flow.next({ Pick: ['Late', 'No', 'Yes'] });
  assert.equal(said(flow), 'It is so;It is not;Late');
  flow.back();
  const again = fieldOf(flow, 'Pick');
  assert.deepEqual(again.kind === 'choice' && again.chosen, ['Yes', 'No', 'Late']);
});

test('a default chooses what there is to choose and nothing else', () => {
  const chosen = (rest: string): unknown => {
    const S = asking(pick('DropdownBox', rest), sets.replaceAll(/ xsi:nil="true"/g, ''));
    const flow = open(openFlowTestOrg({ S }));
    const shown = fieldOf(flow, 'Pick');
    flow.next({});
    return [shown.kind === 'choice' && shown.chosen, said(flow)];
  };
  const byValue = (text: string): string =>
    `<defaultValue><stringValue>${text}</stringValue></defaultValue>`;
  assert.deepEqual(chosen(byValue('Done')), [['Done'], 'Done']);
  assert.deepEqual(chosen(byValue('Gone')), [[], '']);
  const first = '<defaultSelectedChoiceReference>No</defaultSelectedChoiceReference>';
  assert.deepEqual(chosen(first), [['No'], 'It is not']);
});

test('values keep their type: numbers by their scale, days, times and flags', () => {
  const S = screenFlowXml(
    'Ask',
    screen(
      'Ask',
      field('Amount', 'InputField', '<scale>2</scale>', 'Number') +
        field('Day', 'InputField', '', 'Date') +
        field('At', 'InputField', '', 'DateTime') +
        field('Flag', 'InputField', '', 'Boolean'),
      'Save',
    ) +
      create('Save', 'Job__c', {
        Count__c: '!Amount',
        Day__c: '!Day',
        At__c: '!At',
        Flag__c: '!Flag',
      }),
  );
  const org = openFlowTestOrg({ S });
  const flow = open(org);
  const good = { Amount: '1.25', Day: '2026-02-28', At: '2026-11-23T07:00:00+01:00', Flag: true };
  for (const [name, answer, problem] of [
    ['Amount', '1.255', 'Enter a number with at most 2 decimals.'],
    ['Amount', 'many', 'Enter a number.'],
    ['Day', '2026-02-30', 'Enter a date.'],
    ['At', 'soon', 'Enter a date and time.'],
  ] as const) {
    flow.next({ ...good, [name]: answer });
    assert.deepEqual(errorsOf(flow), { [name]: problem });
  }
  assert.throws(() => flow.next({ Flag: 'yes' }), /Flag takes a Boolean/);
  flow.next(good);
  const [job] = org.rows('Job__c');
  assert.deepEqual(
    [job?.['Count__c'], job?.['Day__c'], job?.['At__c'], job?.['Flag__c']],
    [1.25, '2026-02-28', '2026-11-23T06:00:00.000Z', true],
  );
});

test('an answer is good when the formula of its field is true', () => {
  const rule = `<validationRule><errorMessage>Not before {!least}.</errorMessage><formulaExpression>{!Amount} &gt;= {!least}</formulaExpression></validationRule>`;
  const S = screenFlowXml(
    'Ask',
    screen('Ask', field('Amount', 'InputField', rule, 'Number'), 'Say') +
      screen('Say', '') +
      variable('least', 'Number', { start: 5 }),
  );
  const flow = open(openFlowTestOrg({ S }));
  flow.next({ Amount: 4 });
  assert.deepEqual(errorsOf(flow), { Amount: 'Not before 5.' });
  flow.next({ Amount: 5 });
  assert.equal(screenOf(flow).name, 'Say');
});

test('where fields ask whether to be visible, nothing and empty text are the same', () => {
  const visible = (operator: string, of: string | boolean): string =>
    `<visibilityRule><conditionLogic>and</conditionLogic>${condition('Text', operator, of)}</visibilityRule>`;
  const S = screenFlowXml(
    'Ask',
    screen(
      'Ask',
      field('Text', 'InputField') +
        field('A', 'DisplayText', visible('EqualTo', '!$GlobalConstant.EmptyString')) +
        field('B', 'DisplayText', visible('IsNull', true)) +
        field('C', 'DisplayText', visible('NotEqualTo', 'x')),
    ),
  );
  const flow = open(openFlowTestOrg({ S }));
  const shown = (answers: Readonly<Record<string, string>>): string[] =>
    flow
      .look(answers)
      .fields.filter(({ visible: isVisible }) => isVisible)
      .map(({ name }) => name);
  assert.deepEqual(shown({}), ['Text', 'A', 'B', 'C']);
  assert.deepEqual(shown({ Text: '' }), ['Text', 'A', 'B', 'C']);
  assert.deepEqual(shown({ Text: 'x' }), ['Text']);
});

test('a value is text in a formatted text, never markup, and a link leads to no script', () => {
  const html =
    '&lt;p&gt;{!key} &lt;a href=&quot;{!link}&quot;&gt;there&lt;/a&gt; &amp;amp; back&lt;/p&gt;';
  const S = screenFlowXml(
    'Show',
    screen('Show', field('Text', 'DisplayText', label(html))) +
      variable('key', 'String', { input: true }) +
      variable('link', 'String', { input: true }),
  );
  const org = openFlowTestOrg({ S });
  const content = (inputs: Readonly<Record<string, unknown>>): unknown => {
    const shown = fieldOf(open(org, inputs), 'Text');
    return shown.kind === 'display' && shown.content;
  };
  assert.deepEqual(content({ key: '<b>x</b>', link: '/500' }), [
    { tag: 'p', content: ['<b>x</b> ', { tag: 'a', href: '/500', content: ['there'] }, ' & back'] },
  ]);
  for (const link of ['javascript:alert(1)', '//elsewhere.test', ''])
    assert.doesNotMatch(JSON.stringify(content({ key: '', link })), /href/, link);
});
