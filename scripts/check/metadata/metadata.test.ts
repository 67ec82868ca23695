import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEPLOY_MUTATIONS } from './deployMutations.ts';
import { KNOWN_TYPES } from './file.ts';
import { FLOW_MUTATIONS } from './flowMutations.ts';
import { REFERENCE_MUTATIONS } from './referenceMutations.ts';
import { FLOW, SAMPLE, SAMPLE_SETTINGS } from './sample.ts';
import { SCHEMA_MUTATIONS } from './schemaMutations.ts';
import { SCREEN_MUTATIONS } from './screenMutations.ts';
import { loadSchema, readSchema } from './schema.ts';
import { judgeMetadata } from './step.ts';
import { USE_MUTATIONS } from './useMutations.ts';

const schema = loadSchema(join(import.meta.dirname, '../../..'));

/** The findings after one change to one file of the sample, without their paths. */
function findAfter(file: string, from: string | RegExp, to: string): readonly string[] {
  let changed = 0;
  const sources = SAMPLE.map((source) => {
    if (![file, `${file}-meta.xml`].some((end) => source.path.endsWith(end))) return source;
    const text = source.text.replace(from, to);
    if (text !== source.text) changed += 1;
    return { ...source, text };
  });
  assert.equal(changed, 1, `'${from}' is in ${file} of the sample`);
  return judgeMetadata(schema, SAMPLE_SETTINGS, sources).map((told) =>
    told.replace(/^[^:]*:\d+: /, ''),
  );
}

test('the sample is without fault', () => {
  assert.deepEqual(judgeMetadata(schema, SAMPLE_SETTINGS, SAMPLE), []);
});

test('every metadata type a suffix stands for is in the schema', () => {
  assert.deepEqual(
    [...KNOWN_TYPES].filter((type) => schema.get(type)?.kind !== 'struct'),
    [],
  );
});

for (const [name, file, from, to, said] of [
  ...SCHEMA_MUTATIONS,
  ...FLOW_MUTATIONS,
  ...REFERENCE_MUTATIONS,
  ...USE_MUTATIONS,
  ...DEPLOY_MUTATIONS,
  ...SCREEN_MUTATIONS,
]) {
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
  assert.match(
    judgeMetadata(schema, SAMPLE_SETTINGS, [strange])[0] ?? '',
    /:1: the suffix 'apex' is unknown/,
  );
});

test('an admin page component may spell out what the schema calls text', () => {
  const path = 'force-app/core/lwc/chart/chart.js-meta.xml';
  const text = `<LightningComponentBundle xmlns="x"><apiVersion>66.0</apiVersion><description>A chart.</description>
    <isExposed>true</isExposed><masterLabel>Chart</masterLabel>
    <targetConfigs><targetConfig targets="a"><property name="b" type="String" label="B" description="What b is."/></targetConfig></targetConfigs>
    <targets><target>lightning__RecordPage</target></targets></LightningComponentBundle>`;
  const found = judgeMetadata(schema, SAMPLE_SETTINGS, [{ path, text }]);
  assert.deepEqual(
    found.filter((told) => told.includes('targetConfig') || told.includes('property')),
    [],
  );
});

test('a finding says file and line', () => {
  const [first] = SAMPLE;
  assert.ok(first !== undefined);
  const text = first.text.replace('ReadWrite', 'Everybody');
  assert.match(
    judgeMetadata(schema, SAMPLE_SETTINGS, [{ ...first, text }])[0] ?? '',
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

test('a component without its metadata or its script is not whole, and one name is one component', () => {
  const without = (end: string): readonly string[] =>
    judgeMetadata(
      schema,
      SAMPLE_SETTINGS,
      SAMPLE.filter(({ path }) => !path.endsWith(end)),
    );
  assert.match(without('readingLine.js-meta.xml').join('\n'), /readingLine has no \.js-meta\.xml/);
  assert.match(
    without('readingLine/readingLine.js').join('\n'),
    /readingLine has no readingLine\.js/,
  );
  const copies = SAMPLE.filter(({ path }) => path.includes('/readingLine/')).map((source) => ({
    ...source,
    path: source.path.replace('/core/lwc/', '/core/other/lwc/'),
  }));
  const found = judgeMetadata(schema, SAMPLE_SETTINGS, [...SAMPLE, ...copies]);
  assert.match(found.join('\n'), /component readingLine exists twice/);
});

test('an exception takes its finding away, and is one itself when it fits nothing', () => {
  const changed = SAMPLE.map((source) => ({
    ...source,
    text: source.text.replace(' {!newState}', ''),
  }));
  const text = 'constants newState is read nowhere in the flow';
  const settings = { ...SAMPLE_SETTINGS, exceptions: { [text]: 'It is about to be.' } };
  assert.deepEqual(judgeMetadata(schema, settings, changed), []);
  assert.match(
    judgeMetadata(schema, settings, SAMPLE).join('\n'),
    /'constants newState .* fits nothing/,
  );
});

test('what a test, a comment or a list of rights says is no use of a field', () => {
  const spoken = { path: 'bridge/src/x.ts', text: '// Reading__c State__c\n' };
  const tested = { path: 'bridge/src/x.test.ts', text: "const x = 'Reading__c State__c';\n" };
  const faked = { path: 'bridge/src/testing/x.ts', text: "const x = 'Reading__c State__c';\n" };
  const asked = {
    path: 'bridge/src/check/rights.ts',
    text: "const x = ['Reading__c', 'State__c'];\n",
  };
  const silent = [...SAMPLE, spoken, tested, faked, asked];
  assert.deepEqual(judgeMetadata(schema, SAMPLE_SETTINGS, silent), []);
  const said = {
    path: 'bridge/src/x.ts',
    text: 'const x = `${prefix}Reading__c ${prefix}State__c`;',
  };
  const found = judgeMetadata(schema, SAMPLE_SETTINGS, [...SAMPLE, said]);
  assert.match(
    found.join('\n'),
    /Feeder does not grant Reading__c\.State__c, which a bridge reads/,
  );
});
