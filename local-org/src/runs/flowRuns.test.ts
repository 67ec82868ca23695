import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openFlowTestOrg, type FlowTestOrg } from '../automation/flowTestOrg.ts';
import {
  assign,
  condition,
  create,
  decide,
  filter,
  flowXml,
  get,
  go,
  onEvent,
  onSave,
  variable,
} from '../automation/flowTestXml.ts';
import { makeFlowRuns, type StoredRun } from './flowRuns.ts';

const main = flowXml(
  onSave('RecordAfterSave', 'Find', filter('Key__c', 'NotEqualTo', 'other')),
  get('Find', 'Job__c', filter('Key__c', 'EqualTo', '!$Record.Note__c'), go('Choose')) +
    decide('Choose', condition('$Record.Count__c', 'GreaterThan', 1), 'Set', 'Set') +
    assign(
      'Set',
      [
        ['text', 'Assign', '!$Record.Note__c'],
        ['apiToken', 'Assign', 'sesame'],
      ],
      go('Write'),
    ) +
    variable('text', 'String') +
    variable('apiToken', 'String') +
    create('Write', 'Log__c', { Text__c: '!text', Count__c: '!$Record.Count__c' }),
);

const open = (flows: Readonly<Record<string, string>> = { Main: main }, flowRuns = 10) =>
  openFlowTestOrg(flows, { flowRuns });

const only = (org: FlowTestOrg): StoredRun => {
  const [run, ...others] = org.runs.list({}, 10);
  assert.ok(run !== undefined && others.length === 0);
  return run;
};

const idOf = (org: FlowTestOrg, key: string): string =>
  String(org.rows('Job__c').find((row) => row['Key__c'] === key)?.['Id']);

test('a run is kept with what set it off, its steps in order, their ways and values', () => {
  const org = open();
  org.insert('Job__c', { Key__c: 'a', Note__c: 'a', Count__c: 2 });
  const run = only(org);
  const id = idOf(org, 'a');
  assert.deepEqual(run.trigger, { kind: 'record', object: 'Job__c', id });
  assert.deepEqual([run.flow, run.end, run.userId], ['Main', 'completed', org.actor.userId]);
  assert.deepEqual(
    run.steps.map(({ element, connector, detail }) => [element, connector, detail]),
    [
      ['Find', 'next', undefined],
      ['Choose', 'rule', 'Choose_Yes'],
      ['Set', 'next', undefined],
      ['Write', 'next', undefined],
    ],
  );
  const [find, choose, , write] = run.steps;
  assert.deepEqual(find?.given, [['Key__c EqualTo', 'a']]);
  assert.match(String(find?.result[0]?.[1]), new RegExp(`^Job__c \\{ Id: ${id}, `));
  assert.deepEqual(choose?.given, [['$Record.Count__c', '2']]);
  assert.deepEqual(write?.given, [
    ['Text__c', 'a'],
    ['Count__c', '2'],
  ]);
  assert.equal(find?.limits.queries, 1);
  assert.deepEqual([run.limits.queries, run.limits.dmlRows, run.limits.elements], [1, 1, 4]);
});

test('what a variable that is called like a secret holds is never kept', () => {
  const org = open();
  org.insert('Job__c', { Key__c: 'a', Note__c: 'a', Count__c: 1 });
  const run = only(org);
  assert.ok(run.steps[2]?.result.some(([name, text]) => name === 'apiToken' && /not/.test(text)));
  assert.doesNotMatch(JSON.stringify(run), /sesame/);
});

test('a long value is shortened', () => {
  const org = open();
  org.insert('Job__c', { Key__c: 'a', Note__c: 'n'.repeat(255), Count__c: 1 });
  const [, text] = only(org).steps[3]?.given[0] ?? [];
  assert.equal(text?.length, 200);
});

test('a record finds the runs it set off and those that read it', () => {
  const org = open();
  org.insert('Job__c', { Key__c: 'other' }, { Key__c: 'a', Note__c: 'other' });
  org.insert('Job__c', { Key__c: 'b', Note__c: 'nobody' });
  const touching = (key: string): unknown[] =>
    org.runs.list({ touched: idOf(org, key) }, 10).map(({ trigger }) => trigger.id);
  assert.deepEqual(touching('a'), [idOf(org, 'a')]);
  assert.deepEqual(touching('other'), [idOf(org, 'a')]);
  assert.deepEqual(touching('b'), [idOf(org, 'b')]);
});

test('a fault is kept with its message and the way it took, also when the run goes on', () => {
  const faulty = flowXml(
    onSave('RecordAfterSave', 'Write', filter('Key__c', 'EqualTo', 'a')),
    create('Write', 'Job__c', { Key__c: 'a' }, go('Late', 'faultConnector')) +
      create('Late', 'Log__c', { Text__c: 'late' }),
  );
  const org = open({ Main: faulty });
  org.insert('Job__c', { Key__c: 'a' });
  const run = only(org);
  assert.deepEqual([run.end, run.faults], ['completed', 1]);
  assert.deepEqual(
    run.steps.map(({ connector }) => connector),
    ['fault', 'next'],
  );
  assert.match(run.steps[0]?.detail ?? '', /DUPLICATE_VALUE/);
  assert.equal(org.runs.list({ troubledOnly: true }, 10).length, 1);
});

test('a run that fails is kept although its transaction was undone, and so are those undone with it', () => {
  const first = flowXml(
    onSave('RecordAfterSave', 'Note', filter('Key__c', 'EqualTo', 'a')),
    create('Note', 'Log__c', { Text__c: 'first' }),
  );
  const second = flowXml(
    onSave('RecordAfterSave', 'Write', filter('Key__c', 'EqualTo', 'a')),
    create('Write', 'Job__c', { Key__c: 'a' }),
  );
  const org = open({ A: first, B: second });
  const [outcome] = org.insert('Job__c', { Key__c: 'a' });
  assert.equal(outcome?.ok, false);
  assert.deepEqual(org.rows('Log__c'), []);
  const ends = org.runs.list({}, 20).map(({ flow, end, message }) => [flow, end, message !== '']);
  assert.deepEqual(ends.slice(0, 2), [
    ['B', 'failed', true],
    ['A', 'undone', false],
  ]);
});

test('a limit that stops the transaction is why every interview of the batch failed', () => {
  const circle = flowXml(
    onSave('RecordAfterSave', 'Round', filter('Key__c', 'EqualTo', 'a')),
    assign('Round', [['text', 'Assign', 'x']], go('Round')) + variable('text', 'String'),
  );
  const org = open({ Main: circle });
  assert.throws(() => org.insert('Job__c', { Key__c: 'a' }), /CPU time limit/);
  const run = only(org);
  assert.equal(run.end, 'failed');
  assert.match(run.message, /CPU time limit exceeded/);
  assert.equal(run.steps.length, 300);
  assert.ok(run.leftOut > 100_000);
});

test('a run that an event set off is found by the UUID of the event', async () => {
  const org = open({
    Main: flowXml(onEvent('Write'), create('Write', 'Log__c', { Text__c: '!$Record.Key__c' })),
  });
  const [outcome] = org.publish('Job__e', { Key__c: 'k' });
  assert.equal(outcome?.ok, true);
  await org.automation.idle();
  const run = only(org);
  assert.deepEqual([run.trigger.kind, run.trigger.object], ['event', 'Job__e']);
  assert.equal(org.runs.list({ touched: run.trigger.id }, 10).length, 1);
});

test('what a subflow did is part of the run that called it', () => {
  const inner = flowXml(go('Write'), create('Write', 'Log__c', { Text__c: 'inner' }));
  const outer = flowXml(
    onSave('RecordAfterSave', 'Call', filter('Key__c', 'EqualTo', 'a')),
    `<subflows><name>Call</name><label>c</label><flowName>Inner</flowName></subflows>`,
  );
  const org = open({ Inner: inner, Main: outer });
  org.insert('Job__c', { Key__c: 'a' });
  assert.deepEqual(
    only(org).steps.map(({ flow, element }) => `${flow}.${element}`),
    ['Main.Call', 'Inner.Write'],
  );
});

test('only the last runs are kept, across a restart too', () => {
  const org = open({ Main: main }, 3);
  for (let index = 0; index < 8; index += 1) org.insert('Job__c', { Key__c: `k${index}` });
  org.runs.close();
  const again = makeFlowRuns(org.store, org.clock, 3);
  const numbers = again.list({}, 10).map(({ trigger }) => trigger.id);
  assert.deepEqual(numbers, [idOf(org, 'k7'), idOf(org, 'k6'), idOf(org, 'k5')]);
  assert.equal(again.list({ touched: idOf(org, 'k0') }, 10).length, 0);
});

test('with nothing to keep nothing is watched', () => {
  const org = open({ Main: main }, 0);
  org.insert('Job__c', { Key__c: 'a' });
  assert.equal(org.runs.watcher, undefined);
  assert.deepEqual(org.runs.list({}, 10), []);
});
