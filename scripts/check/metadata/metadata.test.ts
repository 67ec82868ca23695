import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { KNOWN_TYPES } from './file.ts';
import { FLOW_MUTATIONS } from './flowMutations.ts';
import { FLOW, SAMPLE } from './sample.ts';
import { SCHEMA_MUTATIONS } from './schemaMutations.ts';
import { loadSchema, readSchema } from './schema.ts';
import { judgeMetadata } from './step.ts';

const schema = loadSchema(join(import.meta.dirname, '../../..'));

/** The findings after one change to one file of the sample, without their paths. */
function findAfter(file: string, from: string | RegExp, to: string): readonly string[] {
  let changed = 0;
  const sources = SAMPLE.map((source) => {
    if (!source.path.endsWith(`${file}-meta.xml`)) return source;
    const text = source.text.replace(from, to);
    if (text !== source.text) changed += 1;
    return { ...source, text };
  });
  assert.equal(changed, 1, `'${from}' is in ${file} of the sample`);
  return judgeMetadata(schema, sources).map((told) => told.replace(/^[^:]*:\d+: /, ''));
}

test('the sample is without fault', () => {
  assert.deepEqual(judgeMetadata(schema, SAMPLE), []);
});

test('every metadata type a suffix stands for is in the schema', () => {
  assert.deepEqual(
    [...KNOWN_TYPES].filter((type) => schema.get(type)?.kind !== 'struct'),
    [],
  );
});

for (const [name, file, from, to, said] of [...SCHEMA_MUTATIONS, ...FLOW_MUTATIONS]) {
  test(`found: ${name}`, () => {
    const found = findAfter(file, from, to);
    assert.ok(
      found.some((told) => told.startsWith(said)),
      `expected: ${said}\nfound: ${found.join('\n') || 'nothing'}`,
    );
  });
}

test('a before-save flow needs no fault path', () => {
  const found = findAfter(
    FLOW,
    /<faultConnector>.*<\/faultConnector>([^]*)RecordAfterSave/,
    '$1RecordBeforeSave',
  );
  assert.ok(!found.some((told) => told.includes('fault path')), found.join('\n'));
});

test('what only a fault path leads to needs none of its own, until the normal way leads there too', () => {
  const found = findAfter(FLOW, '<targetReference>Call_Other<', '<targetReference>Update_Reading<');
  assert.ok(
    found.some((told) => told.startsWith('recordUpdates Update_Reading has no fault path')),
  );
});

test('a file of an unknown suffix is named, not passed over', () => {
  const strange = { path: 'force-app/core/x/A.apex-meta.xml', text: '<A/>' };
  assert.match(judgeMetadata(schema, [strange])[0] ?? '', /:1: the suffix 'apex' is unknown/);
});

test('an admin page component may spell out what the schema calls text', () => {
  const path = 'force-app/core/lwc/chart/chart.js-meta.xml';
  const text = `<LightningComponentBundle xmlns="x"><apiVersion>66.0</apiVersion><description>A chart.</description>
    <isExposed>true</isExposed><masterLabel>Chart</masterLabel>
    <targetConfigs><targetConfig targets="a"><property name="b" type="String"/></targetConfig></targetConfigs>
    <targets><target>lightning__RecordPage</target></targets></LightningComponentBundle>`;
  assert.deepEqual(judgeMetadata(schema, [{ path, text }]), []);
});

test('a finding says file and line', () => {
  const [first] = SAMPLE;
  assert.ok(first !== undefined);
  const text = first.text.replace('ReadWrite', 'Everybody');
  assert.match(
    judgeMetadata(schema, [{ ...first, text }])[0] ?? '',
    /^force-app\/core\/objects\/Reading__c\/Reading__c\.object-meta\.xml:11: <sharingModel> is 'Everybody'/,
  );
});

test('a form of declaration that is not understood stops the schema from being read', () => {
  assert.throws(
    () => readSchema('export type A = { b: [string, number] };'),
    /type A has a member/,
  );
  assert.throws(() => readSchema('export type A = keyof B;'), /type A has a form/);
});
