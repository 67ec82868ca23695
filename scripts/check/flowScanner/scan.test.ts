import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { FLOW, SAMPLE, SAMPLE_SETTINGS } from '../metadata/sample.ts';
import { loadSchema } from '../metadata/schema.ts';
import { judgeMetadata } from '../metadata/step.ts';
import { scanFlows } from './scan.ts';

const schema = loadSchema(join(import.meta.dirname, '../../..'));
const NONE = { rulesOff: {}, flows: {} };
const sample = SAMPLE.find(({ path }) => path.endsWith(`${FLOW}-meta.xml`));
assert.ok(sample !== undefined);
const { path, text } = sample;

/** What the scanner says of the sample's flow after a change: `rule: name`. */
function scanAfter(from: string | RegExp, to: string): readonly string[] {
  const changed = text.replace(from, to);
  assert.notEqual(changed, text, `'${from}' is in the sample's flow`);
  return scan(changed).map((told) => told.replace(/^[^:]*:\d+: /, ''));
}

function scan(flow: string): readonly string[] {
  return scanFlows(schema, [{ path, text: flow }], { ...NONE, rulesOff: { TriggerOrder: 'x' } });
}

test("a flow with one of each is read whole: single elements do not trip the scanner's rules", () => {
  const canvas = `<processMetadataValues><name>CanvasMode</name>
    <value><stringValue>AUTO_LAYOUT_CANVAS</stringValue></value></processMetadataValues><processType>`;
  const found = scanAfter('<processType>', canvas);
  assert.deepEqual(
    found.filter((told) => /AutoLayout|GetRecordAllFields|Something went wrong/.test(told)),
    [],
  );
});

test('what both check, both find: a missing fault path, an unread variable, an element nobody reaches', () => {
  const faults = [
    [/<faultConnector>.*<\/faultConnector>/, '', 'MissingFaultPath: Get_Asset', /no fault path/],
    [
      '<connector><targetReference>Call_Other</targetReference></connector>',
      '',
      'UnconnectedElement: Call_Other',
      /Call_Other is never reached/,
    ],
    [
      '</variables>',
      '</variables><variables><description>x</description><name>spare</name><dataType>String</dataType></variables>',
      'UnusedVariable: spare',
      /spare is read nowhere/,
    ],
  ] as const;
  for (const [from, to, scanners, ours] of faults) {
    assert.ok(scanAfter(from, to).includes(scanners), scanners);
    const changed = SAMPLE.map((source) =>
      source === sample ? { ...source, text: text.replace(from, to) } : source,
    );
    assert.match(judgeMetadata(schema, SAMPLE_SETTINGS, changed).join('\n'), ours);
  }
});

test('what only the scanner checks is found: reading and writing inside a loop', () => {
  const loop = `<loops><description>x</description><name>For_Each_Asset</name><label>x</label>
    <locationX>0</locationX><locationY>0</locationY><collectionReference>Get_Asset</collectionReference>
    <nextValueConnector><targetReference>Update_Reading</targetReference></nextValueConnector></loops><processType>`;
  const looped = text
    .replace('<processType>', loop)
    .replace(
      '</inputAssignments>\n    <object>Reading__c',
      '</inputAssignments>\n    <connector><targetReference>For_Each_Asset</targetReference></connector><object>Reading__c',
    );
  assert.match(scan(looped).join('\n'), /DMLStatementInLoop: Update_Reading/);
});

test('a finding says file, line, rule and name', () => {
  const line = text.slice(0, text.indexOf('<recordLookups>')).split('\n').length;
  const without = text.replace(/<queriedFields>.*<\/queriedFields>/, '');
  assert.ok(scan(without).includes(`${path}:${line}: GetRecordAllFields: Get_Asset`));
});

test('an excused finding is left out; an excuse or a rule that does not exist is a finding', () => {
  const flows = [{ path, text: text.replace(/<queriedFields>.*<\/queriedFields>/, '') }];
  const excuse = 'Reading_AfterCreate_Route GetRecordAllFields';
  const found = scanFlows(schema, flows, { rulesOff: {}, flows: { [excuse]: 'x' } });
  assert.doesNotMatch(found.join('\n'), /GetRecordAllFields/);
  const told = scanFlows(schema, [sample], { rulesOff: { NoRule: 'x' }, flows: { [excuse]: 'x' } });
  assert.match(told.join('\n'), /'Reading_AfterCreate_Route GetRecordAllFields' fits nothing/);
  assert.match(told.join('\n'), /'NoRule' that is switched off does not exist/);
});
