import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowTestMetadata } from '../automation/flowTestOrg.ts';
import {
  assign,
  asyncPath,
  condition,
  create,
  decide,
  filter,
  flowXml,
  formula,
  get,
  go,
  onEvent,
  onSave,
  variable,
} from '../automation/flowTestXml.ts';
import { compileFlows } from './compile.ts';
import { FlowLoadError } from './errors.ts';
import { Unsupported } from '../metadata/schema.ts';

function refusal(flows: Readonly<Record<string, string>>): string {
  try {
    compileFlows(flowTestMetadata(flows));
  } catch (error) {
    assert.ok(error instanceof Unsupported || error instanceof FlowLoadError, String(error));
    return error.message;
  }
  return assert.fail('the flow was loaded');
}

const after = (body: string, first = 'Log', extra = ''): string =>
  flowXml(onSave('RecordAfterSave', first, extra), body);
const log = create('Log', 'Log__c', { Text__c: '!$Record.Note__c' });
const FILE = /^Bad\.flow-meta\.xml: /;

/** What is wrong with a flow → how the refusal names it. Each is refused at load. */
const CASES: readonly (readonly [string, string, RegExp])[] = [
  [
    'an unknown element',
    after(`${log}<waits><name>S</name></waits>`),
    /Flow: <waits> is not implemented/,
  ],
  [
    'an unknown attribute of an element',
    after(
      log.replace(
        '<object>',
        '<operationOneMatchingRecord>None</operationOneMatchingRecord><object>',
      ),
    ),
    /recordCreates Log: <operationOneMatchingRecord>/,
  ],
  [
    'the compound field of a geolocation',
    after(create('Log', 'Log__c', { Text__c: '!$Record.Place__c' })),
    /\$Record\.Place__c: a compound field/,
  ],
  [
    'a filter by a compound field',
    after(get('Log', 'Job__c', filter('Place__c', 'EqualTo', ''))),
    /a filter by the compound field Place__c/,
  ],
  [
    'adding nothing',
    after(
      assign('A', [['v', 'Add', 'x']]).replace(/<value>.*<\/value>/, '') +
        variable('v', 'String') +
        log,
    ),
    /v Add: a <value> is missing/,
  ],
  [
    'an outcome that asks whether a new record has changed',
    after(
      decide('D', condition('$Record.Note__c', 'EqualTo', 'x'), 'Log', undefined).replace(
        '<label>Yes</label>',
        '<doesRequireRecordChangedToMeetCriteria>true</doesRequireRecordChangedToMeetCriteria><label>Yes</label>',
      ) + log,
    ),
    /needs a flow that runs on updates/,
  ],
  [
    'an XML attribute',
    after(log.replace('<object>', '<object nillable="true">')),
    /recordCreates Log: <object> with attributes/,
  ],
  [
    'a renamed connector',
    after(log.replace('</recordCreates>', `${go('X', 'connectors')}</recordCreates>`)),
    /recordCreates Log: <connectors>/,
  ],
  [
    'a connector to nowhere',
    after(log.replace('</recordCreates>', `${go('Gone')}</recordCreates>`)),
    /recordCreates Log: its connector leads to Gone/,
  ],
  ['a start to nowhere', after(log, 'Gone'), /start: its connector leads to Gone/],
  [
    'an unknown trigger',
    after(log).replace('RecordAfterSave', 'RecordAfterDelete'),
    /<triggerType>RecordAfterDelete/,
  ],
  [
    'an order of flows before a delete',
    after(log)
      .replace('RecordAfterSave', 'RecordBeforeDelete')
      .replace(/<recordTriggerType>\w+/, '<recordTriggerType>Delete')
      .replace('<status>', '<triggerOrder>1</triggerOrder><status>'),
    /<triggerOrder>: flows before a delete have no order/,
  ],
  [
    'a backslash in a formula',
    after(
      `${log}<formulas><name>f</name><dataType>String</dataType><expression>"a\\"b"</expression></formulas>`,
    ),
    /cannot contain a backslash/,
  ],
  [
    'a time in an asynchronous path',
    after(
      log,
      'Log',
      asyncPath('Log').replace('<pathType>', '<offsetNumber>1</offsetNumber><pathType>'),
    ),
    /scheduledPaths: <offsetNumber>/,
  ],
  [
    'filters on an event start',
    flowXml(onEvent('Log') + filter('Key__c', 'EqualTo', 'x'), create('Log', 'Log__c', {})),
    /start: <filters>/,
  ],
  [
    'a workflow process',
    after(log).replace('AutoLaunchedFlow', 'Workflow'),
    /<processType>Workflow/,
  ],
  [
    'an unknown condition operator',
    after(decide('D', condition('$Record.Note__c', 'WasSet', true), 'Log', undefined) + log, 'D'),
    /decisions D rule D_Yes: the operator WasSet/,
  ],
  [
    'an unknown filter operator',
    after(get('G', 'Job__c', filter('Key__c', 'Like', 'x')) + log),
    /recordLookups G: the filter operator Like/,
  ],
  [
    'an unknown assignment operator',
    after(assign('A', [['v', 'RemoveUncommon', 'x']]) + variable('v', 'String') + log),
    /assignments A: the assignment operator RemoveUncommon/,
  ],
  [
    'an unknown formula function',
    after(log + formula('f', 'String', 'VLOOKUP("a", "b")')),
    /formulas f: the formula function VLOOKUP/,
  ],
  [
    'PRIORVALUE in a formula resource',
    after(log + formula('f', 'Number', 'PRIORVALUE({!$Record.Count__c})')),
    /formulas f: PRIORVALUE is not allowed in a formula resource/,
  ],
  [
    'a formula of another type',
    after(log + formula('f', 'Number', '"a"')),
    /formulas f: the formula gives text, its dataType is Number/,
  ],
  [
    'an unknown name in a formula',
    after(log + formula('f', 'String', '{!nobody}')),
    /formulas f: nobody is not an element or resource/,
  ],
  [
    'formulas in a circle',
    after(log + formula('f', 'String', '{!g}') + formula('g', 'String', '{!f}')),
    /refers to itself/,
  ],
  [
    'an unknown object',
    after(create('Log', 'Nothing__c', {})),
    /recordCreates Log: the object Nothing__c/,
  ],
  [
    'an unknown field',
    after(create('Log', 'Log__c', { Nothing__c: 'x' })),
    /recordCreates Log: Log__c has no field Nothing__c/,
  ],
  [
    'an unknown field of $Record',
    after(create('Log', 'Log__c', { Text__c: '!$Record.Nope__c' })),
    /Job__c has no field Nope__c/,
  ],
  [
    'a field set by the platform',
    after(create('Log', 'Log__c', { CreatedDate: '!$Flow.CurrentDateTime' })),
    /CreatedDate is set by the platform/,
  ],
  [
    'a value of another type',
    after(create('Log', 'Log__c', { Count__c: '!$Record.Note__c' })),
    /Log__c\.Count__c needs number, \$Record\.Note__c is text/,
  ],
  [
    'a comparison of two types',
    after(decide('D', condition('$Record.Count__c', 'EqualTo', 'x'), 'Log', undefined) + log, 'D'),
    /\$Record\.Count__c EqualTo needs number, 'x' is text/,
  ],
  [
    'a filter by a long text',
    after(get('G', 'Job__c', filter('Long__c', 'EqualTo', 'x')) + log),
    /Job__c\.Long__c is a long text/,
  ],
  [
    'a field that was not queried',
    after(
      get('G', 'Job__c', filter('Key__c', 'EqualTo', 'x'), '<queriedFields>Id</queriedFields>') +
        log +
        formula('f', 'String', '{!G.Note__c}'),
    ),
    /Note__c is not among the queriedFields of G/,
  ],
  [
    'an unknown variable',
    after(assign('A', [['nobody', 'Assign', 'x']]) + log),
    /assignments A: nobody is not an element or resource/,
  ],
  [
    'assigning to a formula',
    after(assign('A', [['f', 'Assign', 'x']]) + formula('f', 'String', '"a"') + log),
    /f cannot be assigned to/,
  ],
  [
    'an unknown global value',
    after(create('Log', 'Log__c', { Text__c: '!$Setup.Hello' })),
    /the global value \$Setup\.Hello/,
  ],
  [
    'a merge field in a text value',
    after(create('Log', 'Log__c', { Text__c: 'Hi {!$Record.Note__c}' })),
    /merge field in a stringValue/,
  ],
  [
    'a rich text template',
    after(
      `${log}<textTemplates><name>t</name><isViewedAsPlainText>false</isViewedAsPlainText><text>x</text></textTemplates>`,
    ),
    /a rich text template/,
  ],
  [
    'a save in a before-save flow',
    flowXml(onSave('RecordBeforeSave', 'Log'), log),
    /a before-save flow cannot create/,
  ],
  [
    '$Record__Prior where nothing was before',
    after(log.replace('$Record.', '$Record__Prior.')),
    /only a flow that runs on updates has a prior record/,
  ],
  [
    '$Record without a trigger',
    flowXml(go('Log'), log),
    /a flow without a trigger has no \$Record/,
  ],
  [
    'logic that names no condition',
    after(
      decide('D', condition('$Record.Note__c', 'IsNull', true), 'Log', undefined, '1 AND 2') + log,
      'D',
    ),
    /the logic '1 AND 2' is not a formula over conditions 1 to 1/,
  ],
  ['a name used twice', after(log + variable('Log', 'String')), /the name Log is used twice/],
  [
    'a name used twice in another case',
    after(log + variable('log', 'String')),
    /the name log is used twice/,
  ],
  [
    'a subflow that is not there',
    after(`<subflows><name>S</name><label>s</label><flowName>Nowhere</flowName></subflows>`, 'S'),
    /subflows S: there is no flow Nowhere/,
  ],
  [
    'a subflow with a trigger',
    after(`<subflows><name>S</name><label>s</label><flowName>Bad</flowName></subflows>`, 'S'),
    /Bad has a trigger of its own/,
  ],
  [
    'IsChanged in an asynchronous path',
    after(
      decide('D', condition('$Record.Note__c', 'IsChanged', true), 'Log', undefined) + log,
      'Log',
      asyncPath('D'),
    ),
    /decisions D: IsChanged is not known in an asynchronous path/,
  ],
  [
    'ISCHANGED behind a formula in an asynchronous path',
    after(
      decide('D', condition('f', 'EqualTo', true), 'Log', undefined) +
        log +
        formula('g', 'Boolean', 'ISCHANGED({!$Record.Note__c})') +
        formula('f', 'Boolean', 'NOT({!g})'),
      'Log',
      asyncPath('D'),
    ),
    /decisions D: f asks what changed/,
  ],
  ['XML that is not well-formed', after(log).replace('</Flow>', ''), /not well-formed/],
  [
    'another root element',
    after(log).replaceAll('Flow', 'Flaw'),
    /the root element must be <Flow>/,
  ],
  ['no status', after(log).replace('<status>Active</status>', ''), /<status> is missing/],
];

for (const [what, xml, message] of CASES) {
  test(`${what} is refused with the file and the element`, () => {
    const text = refusal({ Bad: xml });
    assert.match(text, FILE);
    assert.match(text, message);
  });
}

test('an event-triggered flow cannot call another flow', () => {
  const callee = flowXml('', '');
  const xml = flowXml(
    onEvent('S'),
    '<subflows><name>S</name><label>s</label><flowName>Callee</flowName></subflows>',
  );
  assert.match(
    refusal({ Bad: xml, Callee: callee }),
    /a flow set off by an event cannot call another flow/,
  );
});

test('flows that call each other in a circle are refused', () => {
  const call = (name: string): string =>
    flowXml(
      go('S'),
      `<subflows><name>S</name><label>s</label><flowName>${name}</flowName></subflows>`,
    );
  assert.match(
    refusal({ A: call('B'), B: call('A') }),
    /flows call each other in a circle: A → B → A/,
  );
});

test('the sound flow around these mistakes loads', () => {
  assert.equal(compileFlows(flowTestMetadata({ Good: after(log) })).size, 1);
});
