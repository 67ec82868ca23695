import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import type { SoapNode } from './envelope.ts';
import { readEnvelope } from './envelope.ts';
import { metadataApi } from './metadataApi.ts';
import { makeZip } from './testZip.ts';

const forceApp = join(import.meta.dirname, '../../../../force-app');
const MANIFEST = '<Package xmlns="http://soap.sforce.com/2006/04/metadata"/>';
const route = readFileSync(
  join(forceApp, 'core/service/flows/Signal_AfterCreate_Route.flow-meta.xml'),
  'utf8',
);

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'metadata-api-test-'));
  cpSync(forceApp, join(folder, 'force-app'), { recursive: true });
});
after(() => rmSync(folder, { recursive: true, force: true }));

const admin = { userId: 'admin', organizationId: 'org' };

function bodyOf(inside: string): SoapNode {
  return readEnvelope(`<e:Envelope xmlns:e="x"><e:Body><op>${inside}</op></e:Body></e:Envelope>`)
    .body;
}

/** Deploys a package and answers its failures as `file:line problem`, or the status when there are none. */
function deploy(files: Readonly<Record<string, string>>, checkOnly = true, session = admin) {
  const { operations } = metadataApi({
    clock: { now: () => 0 },
    roots: [join(folder, 'force-app')],
    mayDeploy: (userId) => userId === 'admin',
    nameOf: (userId) => userId,
  });
  const zip = makeZip({ 'package.xml': MANIFEST, ...files }).toString('base64');
  const options = `<DeployOptions><checkOnly>${checkOnly}</checkOnly></DeployOptions>`;
  const asked = operations['deploy']?.(bodyOf(`<ZipFile>${zip}</ZipFile>${options}`), session);
  const { id } = Object(asked) as { id: string };
  const check = `<asyncProcessId>${id}</asyncProcessId><includeDetails>true</includeDetails>`;
  const result = operations['checkDeployStatus']?.(bodyOf(check), session);
  const { status, details } = Object(result) as {
    status: string;
    details: {
      componentFailures: {
        fileName: string;
        fullName: string;
        lineNumber?: number;
        problem: string;
      }[];
    };
  };
  const failures = details.componentFailures.map(
    ({ fileName, lineNumber = '', problem }) => `${fileName}:${lineNumber} ${problem}`,
  );
  return failures.length === 0 ? [status] : failures;
}

test('a flow that the org has already passes', () => {
  assert.deepEqual(deploy({ 'flows/Signal_AfterCreate_Route.flow': route }), ['Succeeded']);
});

test('a new flow is judged together with what the org has', () => {
  const other = route.replace('Signal_SFL_Route', 'Signal_SFL_Nowhere');
  assert.deepEqual(deploy({ 'flows/Another.flow': other }), [
    `flows/Another.flow:${lineOf(other, '<name>Route_Signal</name>')} ` +
      'subflows Route_Signal: there is no flow Signal_SFL_Nowhere',
  ]);
});

test('fields lie inside their object, and their lines are those of the object file', () => {
  const field = (name: string, type: string): string => `
    <fields>
        <fullName>${name}</fullName>
        <label>${name}</label>
        <type>${type}</type>
    </fields>`;
  const object = `<?xml version="1.0" encoding="UTF-8"?>
<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">${field('First__c', 'Date')}${field('Good__c', 'DateTime')}${field('Bad__c', 'Percent')}
</CustomObject>
`;
  const [failure, ...others] = deploy({ 'objects/Asset.object': object });
  assert.deepEqual(others, []);
  assert.match(failure ?? '', /the field type Percent is not implemented/);
  const line = Number(/:(\d+) /.exec(failure ?? '')?.[1]);
  assert.ok(line >= lineOf(object, 'Bad__c</fullName>') - 1 && line <= lineOf(object, '>Percent<'));
});

test('all problems are told at once', () => {
  const failures = deploy({
    'flows/Broken.flow': '<Flow>\n<label>x</Flow>',
    'flows/Signal_AfterCreate_Route.flow': route.replace('<subflows>', '<waits/><subflows>'),
    'queues/Nobody.queue': '<Queue><fullName>Nobody</fullName><sharing>x</sharing></Queue>',
    'classes/A.cls': 'class A {}',
  });
  assert.deepEqual(
    failures.map((failure) => failure.replace(/:.*/, '')).toSorted((a, b) => a.localeCompare(b)),
    [
      'classes/A.cls',
      'flows/Broken.flow',
      'flows/Signal_AfterCreate_Route.flow',
      'queues/Nobody.queue',
    ],
  );
});

test('what no longer fits in the org itself is told too', () => {
  const field = (name: string): string =>
    readFileSync(join(forceApp, `core/service/objects/Signal_Policy__c/fields/${name}`), 'utf8');
  const route1 = field('Route__c.field-meta.xml').replace(
    '<type>Picklist</type>',
    '<type>DateTime</type>',
  );
  const inside = route1
    .replace(/[\s\S]*?<CustomField[^>]*>/, '')
    .replace('</CustomField>', '')
    .replace(/<valueSet>[\s\S]*<\/valueSet>/, '')
    .replace(/<(required|defaultValue|length)>.*<\/\1>/g, '');
  const object = `<CustomObject><fields>${inside}</fields></CustomObject>`;
  const [failure = ''] = deploy({ 'objects/Signal_Policy__c.object': object });
  assert.match(failure, /^core\/service\/flows\/\w+\.flow-meta\.xml: .*own source/);
});

test('the manifest may name only what is there', () => {
  const manifest = '<Package><types>\n<members>Gone</members><name>Flow</name></types></Package>';
  assert.match(deploy({ 'package.xml': manifest })[0] ?? '', /'Gone' of type Flow was named/);
});

test('a real deploy of a valid package, and any by who may not, are refused by name', () => {
  const files = { 'flows/Signal_AfterCreate_Route.flow': route };
  assert.throws(() => deploy(files, false), /takes its metadata at start: local-org --metadata/);
  assert.throws(() => deploy(files, true, { ...admin, userId: 'x' }), /Modify Metadata/);
});

const lineOf = (text: string, part: string): number =>
  text.slice(0, text.indexOf(part)).split('\n').length;
