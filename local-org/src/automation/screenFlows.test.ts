import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openFlowTestOrg } from './flowTestOrg.ts';
import { condition, create, decide, variable, go } from './flowTestXml.ts';
import { errorsOf, fieldOf, open, said, screenOf } from './screenTestFlow.ts';
import {
  choice,
  choosesFrom,
  field,
  label,
  required,
  screen,
  screenFlowXml,
} from './screenTestXml.ts';

const askWhy = screen(
  'Ask',
  field('Hello', 'DisplayText', label('&lt;p&gt;About &lt;b&gt;{!key}&lt;/b&gt;&lt;/p&gt;')) +
    field('Verdict', 'RadioButtons', label('Verdict') + choosesFrom('Yes', 'No') + required) +
    field(
      'Why',
      'InputField',
      `${label('Why?')}<visibilityRule><conditionLogic>and</conditionLogic>${condition('Verdict', 'EqualTo', 'No')}</visibilityRule>${required}`,
    ),
  'Log',
);
const reviewing = screenFlowXml(
  'Ask',
  askWhy +
    choice('Yes', 'It is so') +
    choice('No', 'It is not') +
    create('Log', 'Log__c', { Key__c: '!Verdict', Text__c: '!Why' }, go('Thanks')) +
    screen('Thanks', field('Done', 'DisplayText', label('Kept {!Log}'))) +
    variable('key', 'String', { input: true }) +
    variable('outcome', 'String', { output: true }),
);

test('a screen stops the interview, and its answers are read by the name of their field', () => {
  const org = openFlowTestOrg({ S: reviewing });
  const flow = open(org, { key: 'pump-1' });
  const hello = fieldOf(flow, 'Hello');
  assert.equal(hello.kind === 'display' && hello.text, 'About pump-1');
  assert.deepEqual(org.rows('Log__c'), [], 'nothing is saved before the answer');
  flow.next({ Verdict: 'No', Why: 'a loose cable' });
  assert.equal(screenOf(flow).name, 'Thanks');
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['a loose cable']);
  flow.next({});
  assert.equal(flow.state().kind, 'finished');
  assert.throws(() => flow.next({}), /is over/);
});

test('a required field keeps its user on the screen, unless it is hidden', () => {
  const org = openFlowTestOrg({ S: reviewing });
  const flow = open(org);
  flow.next({});
  assert.deepEqual(errorsOf(flow), { Verdict: 'Complete this field.' });
  flow.next({ Verdict: 'No' });
  assert.deepEqual(errorsOf(flow), { Why: 'Complete this field.' });
  assert.equal(fieldOf(flow, 'Why').visible, true);
  flow.next({ Verdict: 'Yes' });
  assert.equal(screenOf(flow).name, 'Thanks');
  assert.deepEqual(org.values('Log__c', 'Key__c'), ['Yes']);
});

test('the last screen says Finish, the first has no way back', () => {
  const flow = open(openFlowTestOrg({ S: reviewing }));
  assert.deepEqual([screenOf(flow).back, screenOf(flow).next], [null, 'Next']);
  flow.next({ Verdict: 'Yes' });
  assert.deepEqual([screenOf(flow).back, screenOf(flow).next], ['Previous', 'Finish']);
});

test('going back shows the former screen with its answers and undoes nothing', () => {
  const org = openFlowTestOrg({ S: reviewing });
  const flow = open(org);
  flow.next({ Verdict: 'No', Why: 'first' });
  flow.back();
  assert.equal(screenOf(flow).name, 'Ask');
  const why = fieldOf(flow, 'Why');
  assert.equal(why.kind === 'input' && why.value, 'first');
  assert.equal(org.rows('Log__c').length, 1);
  flow.next({ Why: 'second' });
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['first', 'second']);
});

test('an answer that no screen can send throws with what there is', () => {
  const flow = open(openFlowTestOrg({ S: reviewing }));
  assert.throws(
    () => flow.next({ Verdict: 'Perhaps' }),
    /'Perhaps' is not a choice; there are: Yes, No/,
  );
  assert.throws(() => flow.next({ Other: 1 }), /asks no Other; it asks: Verdict, Why/);
});

test('a fault that nobody handles undoes what happened since the last screen, and no more', () => {
  const org = openFlowTestOrg({
    S: screenFlowXml(
      'One',
      screen('One', '', 'Kept') +
        create('Kept', 'Log__c', { Text__c: 'kept' }, go('Two')) +
        screen('Two', '', 'Undone') +
        create('Undone', 'Log__c', { Text__c: 'undone' }, go('Bad')) +
        create('Bad', 'Log__c', { Needed__c: 'much too long a text' }),
    ),
  });
  const flow = open(org);
  flow.next({});
  flow.next({});
  const state = flow.state();
  assert.equal(state.kind === 'failed' && state.element, 'Bad');
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['kept']);
});

test('every stretch between two screens has limits of its own', () => {
  const many = (name: string, next: string): string =>
    `<loops><name>Each_${name}</name><label>e</label><collectionReference>all</collectionReference><iterationOrder>Asc</iterationOrder>${go(`Save_${name}`, 'nextValueConnector')}${go(next, 'noMoreValuesConnector')}</loops>` +
    create(`Save_${name}`, 'Log__c', { Text__c: name }, go(`Each_${name}`));
  const flow = screenFlowXml(
    'Each_A',
    many('A', 'One') +
      screen('One', '', 'Each_B') +
      many('B', 'Two') +
      screen('Two', '') +
      variable('all', 'String', { input: true, collection: true }),
  );
  const org = openFlowTestOrg({ S: flow });
  const all = Array.from({ length: 100 }, (_, index) => `k${index}`);
  const shown = open(org, { all });
  shown.next({});
  assert.equal(screenOf(shown).name, 'Two', 'two times 100 saves, where one transaction has 150');
  const tooMany = open(org, { all: [...all, ...all] }).state();
  assert.match(tooMany.kind === 'failed' ? tooMany.message : '', /Too many DML statements/);
  assert.equal(org.rows('Log__c').length, 200);
});

test('a decision after a screen goes by its answer', () => {
  const org = openFlowTestOrg({
    S: screenFlowXml(
      'Ask',
      screen('Ask', field('Sure', 'InputField', label('Sure?'), 'Boolean'), 'Was_Sure') +
        decide('Was_Sure', condition('Sure', 'EqualTo', true), 'Yes', 'No') +
        screen('Yes', '') +
        screen('No', ''),
    ),
  });
  const sure = open(org);
  sure.next({ Sure: true });
  assert.equal(screenOf(sure).name, 'Yes');
  const unsure = open(org);
  unsure.next({});
  assert.equal(screenOf(unsure).name, 'No');
});

test('a subflow with screens goes on in its caller, and back over its end', () => {
  const inner = screenFlowXml(
    'Inner_Ask',
    screen('Inner_Ask', field('Text', 'InputField'), 'Keep') +
      `<assignments><name>Keep</name><label>k</label><assignmentItems><assignToReference>given</assignToReference><operator>Assign</operator><value><elementReference>Text</elementReference></value></assignmentItems></assignments>` +
      variable('given', 'String', { output: true }),
  );
  const outer = screenFlowXml(
    'Call',
    `<subflows><name>Call</name><label>c</label>${go('Say')}<flowName>Inner</flowName><outputAssignments><assignToReference>got</assignToReference><name>given</name></outputAssignments></subflows>` +
      screen('Say', field('Said', 'DisplayText', label('{!got}'))) +
      variable('got', 'String'),
  );
  const flow = open(openFlowTestOrg({ S: outer, Inner: inner }));
  assert.equal(screenOf(flow).name, 'Inner_Ask');
  flow.next({ Text: 'one' });
  assert.equal(said(flow), 'one');
  flow.back();
  assert.equal(screenOf(flow).name, 'Inner_Ask');
  flow.next({ Text: 'two' });
  assert.equal(said(flow), 'two');
});

test('runs keep every stretch of an interview, with its answers and without its secrets', () => {
  const S = screenFlowXml(
    'Ask',
    screen('Ask', field('Text', 'InputField') + field('Password', 'InputField'), 'Save') +
      create('Save', 'Log__c', { Text__c: '!Text' }, go('Thanks')) +
      screen('Thanks', ''),
  );
  const org = openFlowTestOrg({ S }, { flowRuns: 10 });
  const flow = open(org);
  flow.next({ Text: 'seen', Password: 'hunter2' });
  flow.next({});
  const runs = org.runs.list({}, 10).toReversed();
  assert.deepEqual(
    runs.map(({ end, trigger, steps }) => [
      end,
      trigger.kind,
      steps.map((step) => `${step.element} ${step.outcome}`),
    ]),
    [
      ['waiting', 'user', ['Ask shown']],
      ['waiting', 'user', ['Ask done', 'Save done', 'Thanks shown']],
      ['completed', 'user', ['Thanks done']],
    ],
  );
  assert.deepEqual(runs[1]?.steps[0]?.result, [
    ['Text', 'seen'],
    ['Password', '(not shown)'],
  ]);
  assert.equal(new Set(runs.map(({ transaction }) => transaction)).size, 3);
  assert.equal(org.runs.list({ interview: runs[0]?.interview }, 10).length, 3);
});
