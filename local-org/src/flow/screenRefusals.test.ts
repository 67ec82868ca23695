import assert from 'node:assert/strict';
import { test } from 'node:test';

import { flowTestMetadata } from '../automation/flowTestOrg.ts';
import { create, filter, flowXml, go, onSave } from '../automation/flowTestXml.ts';
import {
  choice,
  choosesFrom,
  field,
  label,
  screen,
  screenFlowXml,
} from '../automation/screenTestXml.ts';
import { Unsupported } from '../metadata/schema.ts';
import { compileFlows } from './compile.ts';
import { FlowLoadError } from './errors.ts';

const ask = (fields: string, more = '', rest = ''): string =>
  screenFlowXml('Ask', screen('Ask', fields, undefined, rest) + more);
const value = '<value><stringValue>a</stringValue></value>';
const set = (inside: string): string =>
  `<dynamicChoiceSets><name>set</name>${inside}</dynamicChoiceSets>`;
const choosing = (more: string): string => ask(field('F', 'DropdownBox', choosesFrom('set')), more);

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ['a component', ask(field('F', 'ComponentInstance')), /field F: <fieldType>ComponentInstance/],
  ['a section', ask(field('F', 'RegionContainer')), /<fieldType>RegionContainer/],
  ['a password', ask(field('F', 'PasswordField')), /<fieldType>PasswordField/],
  ['a currency', ask(field('F', 'InputField', '', 'Currency')), /<dataType>Currency/],
  [
    'a field that is only shown',
    ask(field('F', 'InputField', '<isReadOnly><booleanValue>true</booleanValue></isReadOnly>')),
    /<isReadOnly>/,
  ],
  ['an image', ask(field('F', 'DisplayText', label('&lt;img src="x"&gt;'))), /<img> in a text/],
  ['an action on a screen', ask('', '', '<actions/>'), /screens Ask: <actions>/],
  [
    'a choice without a value',
    ask('', choice('set', 'x').replace(/<value>.*<\/value>/, '')),
    /choices set: a choice without a <value>/,
  ],
  [
    'a choice to type in',
    ask('', choice('set', 'x').replace('</choices>', '<userInput/></choices>')),
    /choices set: <userInput>/,
  ],
  ['an unknown choice', choosing(''), /set is not a choice of this flow/],
  [
    'a choice of another type',
    choosing(
      choice('set', 'x')
        .replace('String', 'Number')
        .replace(value, '<value><numberValue>1</numberValue></value>')
        .replace(/<stringValue>.*<\/stringValue>/, '<numberValue>1</numberValue>'),
    ),
    /the choice set is a Number, the field a String/,
  ],
  [
    'a choice set over a collection',
    choosing(
      set(
        '<dataType>String</dataType><collectionReference>x</collectionReference><displayField>Name</displayField><object>Job__c</object>',
      ),
    ),
    /dynamicChoiceSets set: <collectionReference>/,
  ],
  [
    'a choice set of an unknown field',
    choosing(
      set('<dataType>String</dataType><displayField>Nope__c</displayField><object>Job__c</object>'),
    ),
    /Job__c has no field Nope__c/,
  ],
  [
    'a choice set of a field that is no picklist',
    choosing(
      set(
        '<dataType>Picklist</dataType><picklistField>Note__c</picklistField><picklistObject>Job__c</picklistObject>',
      ),
    ),
    /Note__c is not a picklist/,
  ],
  ['a name that is taken', ask(field('Ask', 'InputField')), /the name Ask is used twice/],
  [
    'a screen in a flow without a user',
    flowXml(go('Ask'), screen('Ask', '')),
    /the screen Ask needs <processType>Flow/,
  ],
  [
    'a screen flow with a trigger',
    ask('').replace(/<start>.*<\/start>/, `<start>${onSave('RecordAfterSave', 'Ask')}</start>`),
    /a screen flow has no trigger/,
  ],
  [
    'sharing for a flow with a trigger',
    flowXml(
      onSave('RecordAfterSave', 'Log', filter('Key__c', 'EqualTo', 'x')),
      create('Log', 'Log__c', {}),
    ).replace('<start>', '<runInMode>SystemModeWithSharing</runInMode><start>'),
    /cannot be SystemModeWithSharing/,
  ],
  [
    'a formula that is no condition',
    ask(
      field(
        'F',
        'InputField',
        '<validationRule><errorMessage>x</errorMessage><formulaExpression>1</formulaExpression></validationRule>',
      ),
    ),
    /the formula gives number, not boolean/,
  ],
];

for (const [name, xml, problem] of REFUSED)
  test(`refused at load: ${name}`, () => {
    assert.throws(
      () => compileFlows(flowTestMetadata({ S: xml })),
      (error) => {
        assert.ok(error instanceof Unsupported || error instanceof FlowLoadError, String(error));
        assert.match(error.message, problem);
        assert.match(error.message, /^S\.flow-meta\.xml: /);
        return true;
      },
    );
  });

test('only a screen flow may call a screen flow', () => {
  const call = `<subflows><name>Call</name><label>c</label><flowName>Inner</flowName></subflows>`;
  const flows = { Inner: ask(''), S: flowXml(go('Call'), call) };
  assert.throws(
    () => compileFlows(flowTestMetadata(flows)),
    /Inner is a screen flow, which only a screen flow can call/,
  );
});
