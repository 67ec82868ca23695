import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openFlowTestOrg } from '../../src/automation/flowTestOrg.ts';
import {
  condition,
  create,
  decide,
  asyncPath,
  filter,
  flowXml,
  get,
  go,
  onSave,
  timedPath,
} from '../../src/automation/flowTestXml.ts';
import { screen, screenFlowXml } from '../../src/automation/screenTestXml.ts';
import { compileFlows } from '../../src/flow/compile.ts';
import { coverageTable, makeCoverage, shortcomings } from './coverage.ts';
import type { FlowCoverage } from './coverage.ts';

const loop = `<loops><name>Each</name><label>e</label><collectionReference>Find</collectionReference><iterationOrder>Asc</iterationOrder>${go('Write', 'nextValueConnector')}</loops>`;
const main = flowXml(
  onSave('RecordAfterSave', 'Choose', filter('Key__c', 'NotEqualTo', 'other')),
  decide('Choose', condition('$Record.Count__c', 'EqualTo', 1), 'Find', undefined) +
    get('Find', 'Job__c', filter('Key__c', 'EqualTo', '!$Record.Note__c'), go('Each'), false) +
    loop +
    create('Write', 'Log__c', { Text__c: 'x' }, go('Each') + go('Late', 'faultConnector')) +
    create('Late', 'Log__c', { Text__c: 'late' }),
);

/** Runs the flow for each of these jobs and says what that has reached. */
function coverageAfter(...jobs: Readonly<Record<string, string | number>>[]): FlowCoverage {
  const org = openFlowTestOrg({ Main: main });
  org.insert('Job__c', ...jobs);
  const coverage = makeCoverage();
  org.steps.forEach((step) => coverage.add(step));
  const source = compileFlows(org.metadata).get('Main')?.source;
  assert.ok(source !== undefined);
  return coverage.of('Main', source);
}

test('a flow that never ran has reached nothing, and all of it is named', () => {
  const covered = coverageAfter({ Key__c: 'other' });
  assert.deepEqual(covered.missed, covered.goals);
  assert.match(
    shortcomings([covered])[0] ?? '',
    /^Main: 0 % .* missing: Find, Write, Late, Choose, Each$/,
  );
});

test('taking one outcome of a decision leaves the default to be tested', () => {
  const { missed } = coverageAfter({ Key__c: 'a', Count__c: 1, Note__c: 'a' });
  const decision = missed.outcomes.filter((name) => name.startsWith('Choose'));
  assert.deepEqual(decision, ['Choose: (default)']);
});

test('a loop that never has an item leaves its next value to be tested', () => {
  const { missed } = coverageAfter(
    { Key__c: 'a', Count__c: 1, Note__c: 'nobody' },
    { Key__c: 'b', Count__c: 2 },
  );
  assert.deepEqual(missed.outcomes, ['Each: (next value)']);
});

test('a data element that always works leaves its fault path to be tested, whatever the elements', () => {
  const covered = coverageAfter({ Key__c: 'a', Count__c: 1, Note__c: 'a' });
  assert.deepEqual(covered.goals.faults, ['Write']);
  assert.deepEqual(covered.missed.faults, ['Write']);
  assert.ok(shortcomings([covered]).includes('Main: no test takes the fault path of Write'));
});

test('one element of twenty may be missing, two may not', () => {
  const names = Array.from({ length: 20 }, (_, index) => `E${index}`);
  const none = { elements: [], outcomes: [], faults: [], paths: [] };
  const missing = (...elements: string[]): FlowCoverage => ({
    flow: 'Main',
    goals: { ...none, elements: names },
    missed: { ...none, elements },
  });
  assert.deepEqual(shortcomings([missing('E1')]), []);
  assert.deepEqual(shortcomings([missing('E1', 'E2')]), [
    'Main: 90 % of its elements are executed, 95 % are needed; missing: E1, E2',
  ]);
});

test('the table has a line a flow, by name, and their sum', () => {
  const flow = (name: string, missed: readonly string[]): FlowCoverage => ({
    flow: name,
    goals: { elements: ['A', 'B'], outcomes: ['A: Yes'], faults: [], paths: ['(at once)'] },
    missed: { elements: missed, outcomes: [], faults: [], paths: [] },
  });
  assert.deepEqual(coverageTable([flow('Second', ['A']), flow('First', [])]).split('\n'), [
    'flow    elements  outcomes  fault paths  ways in',
    'First     2 of 2    1 of 1       0 of 0   1 of 1',
    'Second    1 of 2    1 of 1       0 of 0   1 of 1',
    'all       3 of 4    2 of 2       0 of 0   2 of 2',
  ]);
});

test('a screen is reached when it shows, and what comes after it when it is answered', () => {
  const S = screenFlowXml(
    'Ask',
    screen('Ask', '', 'Write') + create('Write', 'Log__c', { Text__c: 'x' }),
  );
  const org = openFlowTestOrg({ S });
  const flow = org.automation.screenFlows.open(
    'S',
    {},
    { userId: org.users.idOf('administrator') },
  );
  const source = compileFlows(org.metadata).get('S')?.source;
  assert.ok(source !== undefined);
  const missed = (): readonly string[] => {
    const coverage = makeCoverage();
    org.steps.forEach((step) => coverage.add(step));
    return coverage.of('S', source).missed.elements;
  };
  assert.deepEqual(missed(), ['Write']);
  flow.next({});
  assert.deepEqual(missed(), []);
});

test('a flow is entered at once, asynchronously and by each scheduled path, and each is to be tested', () => {
  const timed = `${asyncPath('Late')}${timedPath('Late', 1, 'Hours', { name: 'Soon' })}${timedPath('Late', 2, 'Days', { name: 'Later' })}`;
  const xml = flowXml(
    onSave('RecordAfterSave', 'Late', timed),
    create('Late', 'Log__c', { Text__c: 'late' }),
  );
  const flow = compileFlows(openFlowTestOrg({ Main: xml }).metadata).get('Main');
  assert.ok(flow !== undefined);
  const coverage = makeCoverage();
  coverage.begin({ flow, path: undefined });
  coverage.begin({ flow, path: 'Later' });
  const covered = coverage.of('Main', flow.source);
  assert.deepEqual(covered.goals.paths, ['(at once)', '(asynchronous)', 'Soon', 'Later']);
  assert.deepEqual(covered.missed.paths, ['(asynchronous)', 'Soon']);
  assert.ok(shortcomings([covered]).includes('Main: no test comes in by the path Soon'));
  coverage.begin({ flow, path: '' });
  assert.deepEqual(coverage.of('Main', flow.source).missed.paths, ['Soon']);
});
