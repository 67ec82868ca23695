import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import {
  app,
  assetPage,
  bundleMeta,
  greetingSource,
  labelsFile,
  quickAction,
  writeSource,
} from '../page/testSource.ts';
import { loadMetadata } from './load.ts';
import { loadLabels, loadPages } from './pages.ts';
import type { PageMetadata } from './pages.ts';
import { customObject, xmlOf } from './testSource.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pages-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Loads the sample with some of its files changed or others added. */
function load(changes: Readonly<Record<string, string>> = {}): PageMetadata {
  writeSource(root, { ...greetingSource, ...changes });
  return loadPages([root], loadMetadata([root]).objects);
}

const page = 'flexipages/Asset_Page.flexipage-meta.xml';

test('apps, pages, actions and bundles are read and know each other', () => {
  const pages = load();
  assert.deepEqual(
    pages.apps.map(({ label, tabs }) => ({ label, tabs })),
    [{ label: 'Plant', tabs: ['Asset', 'Case'] }],
  );
  assert.deepEqual(pages.recordPages.get('Asset_Page')?.regions, [
    { name: 'header', components: [] },
    {
      name: 'main',
      components: [
        { kind: 'standard', name: 'force:highlightsPanel' },
        { kind: 'bundle', name: 'greeting', properties: {} },
      ],
    },
    { name: 'sidebar', components: [] },
  ]);
  assert.deepEqual(pages.quickActions, [
    {
      kind: 'component',
      name: 'Asset.Greet',
      object: 'Asset',
      label: 'Greet',
      component: 'greeting',
    },
  ]);
  const bundle = pages.bundles.get('greeting');
  assert.deepEqual(bundle?.objects, ['Asset']);
  assert.deepEqual(bundle?.formFactors, ['Large']);
});

test('a property of a component is given with the type that its bundle declares', () => {
  const property = (value: string): string =>
    `<componentInstanceProperties><name>tone</name><value>${value}</value></componentInstanceProperties>`;
  const pages = load({ [page]: assetPage(['c:greeting'], { properties: property('7') }) });
  assert.deepEqual(pages.recordPages.get('Asset_Page')?.regions[1]?.components, [
    { kind: 'bundle', name: 'greeting', properties: { tone: '7' } },
  ]);
});

const onlyFor = (left: string, right: string): string =>
  `<visibilityRule><criteria><leftValue>${left}</leftValue><operator>EQUAL</operator><rightValue>${right}</rightValue></criteria></visibilityRule>`;

test('a component may be for one form factor alone', () => {
  const rule = onlyFor('{!$Client.formFactor}', 'Small');
  const pages = load({ [page]: assetPage(['c:greeting'], { properties: rule }) });
  assert.equal(pages.recordPages.get('Asset_Page')?.regions[1]?.components[0]?.only, 'Small');
});

test('two bundles of one name are an error that names both folders', () => {
  const other = join(root, 'other/lwc/greeting');
  assert.throws(
    () => load({ 'other/lwc/greeting/greeting.js-meta.xml': bundleMeta() }),
    (error) =>
      error instanceof Error &&
      error.message.includes(other) &&
      error.message.includes(join(root, 'lwc/greeting')),
  );
});

test('labels of several files are one list; a name in two files is an error that names both', () => {
  load({ 'more/labels/CustomLabels.labels-meta.xml': labelsFile('Bye', 'So long') });
  assert.deepEqual(
    [...loadLabels([root])],
    [
      ['Hello', 'Good day,'],
      ['Bye', 'So long'],
    ],
  );
  const again = { 'x/labels/CustomLabels.labels-meta.xml': labelsFile('Hello', 'Hi') };
  assert.throws(() => load(again), /the label Hello is also defined in .*CustomLabels/);
});

test('what pages here cannot draw is refused by name, and what is not there is said', () => {
  for (const [changes, problem] of [
    [{ [page]: assetPage(['force:chatter']) }, /<componentName>: force:chatter is not implemented/],
    [{ [page]: assetPage(['greeting'], { region: 'left' }) }, /region: left is not implemented/],
    [{ [page]: assetPage(['nobody']) }, /no bundle nobody in this org/],
    [
      {
        [page]: assetPage(['greeting'], { properties: onlyFor('{!Record.Status}', 'Installed') }),
      },
      /<visibilityRule>: a rule on {!Record.Status} is not implemented/,
    ],
    [
      {
        [page]: assetPage(['greeting'], {
          properties:
            '<componentInstanceProperties><name>size</name><value>1</value></componentInstanceProperties>',
        }),
      },
      /greeting.size: the bundle declares no such property/,
    ],
    [{ 'applications/Plant.app-meta.xml': app('Nope') }, /no record page Nope for Asset/],
    [
      { 'applications/Plant.app-meta.xml': app('Asset_Page', ['standard-Opportunity']) },
      /<tabs>: standard-Opportunity is not implemented/,
    ],
    [
      { 'quickActions/Asset.Greet.quickAction-meta.xml': quickAction('nobody') },
      /no bundle nobody in this org/,
    ],
    [
      {
        'quickActions/Asset.Ask.quickAction-meta.xml': quickAction('x')
          .replace(/<actionSubtype>.*<\/actionSubtype>/, '<flowDefinition>Asks</flowDefinition>')
          .replace(/<lightningWebComponent>.*<\/lightningWebComponent>/s, '')
          .replace('>LightningWebComponent<', '>Flow<'),
      },
      /no flow Asks in this org/,
    ],
    [
      {
        'lwc/greeting/greeting.js-meta.xml': bundleMeta().replace(
          'lightning__RecordPage',
          'lightning__HomePage',
        ),
      },
      /<target>: lightning__HomePage is not implemented/,
    ],
    [
      {
        'lwc/greeting/greeting.js-meta.xml': bundleMeta().replace(
          '<isExposed>true',
          '<isExposed>false',
        ),
      },
      /greeting is not exposed for lightning__RecordPage/,
    ],
    [
      {
        'lwc/greeting/greeting.js-meta.xml': bundleMeta(
          `<targetConfigs><targetConfig targets="lightning__RecordPage"><objects><object>Case</object>
          </objects></targetConfig></targetConfigs>`,
        ),
      },
      /greeting may stand on pages of Case only/,
    ],
    [
      {
        'labels/CustomLabels.labels-meta.xml': labelsFile('Hello', 'Tag').replace('en_US', 'de'),
      },
      /Hello: the language de is not implemented/,
    ],
    [
      { 'tabs/Nope__c.tab-meta.xml': '<CustomTab><customObject>true</customObject></CustomTab>' },
      /no object Nope__c in this org/,
    ],
  ] as const) {
    assert.throws(() => load(changes), problem);
    rmSync(root, { recursive: true });
  }
});

test('an object has one layout, and the compact layout that it names', () => {
  const assigned = '<compactLayoutAssignment>Short</compactLayoutAssignment>';
  const object = customObject('Thing', assigned);
  const compact = xmlOf(
    'CompactLayout',
    '<fullName>Short</fullName><fields>Name</fields><label>Short</label>',
  );
  const layout = xmlOf('Layout', '<showEmailCheckbox>false</showEmailCheckbox>');
  const files = {
    'objects/Thing__c/Thing__c.object-meta.xml': object,
    'objects/Thing__c/compactLayouts/Short.compactLayout-meta.xml': compact,
    'layouts/Thing__c-Thing Layout.layout-meta.xml': layout,
  };
  const pages = load(files);
  assert.deepEqual(pages.compactLayouts.get('Thing__c'), ['Name']);
  assert.deepEqual(pages.layouts.get('Thing__c')?.sections, []);
  assert.throws(
    () => load({ 'layouts/Thing__c-Other.layout-meta.xml': layout }),
    /a second layout of Thing__c is not implemented/,
  );
  rmSync(root, { recursive: true });
  assert.throws(
    () => load({ 'objects/Thing__c/Thing__c.object-meta.xml': object }),
    /<compactLayoutAssignment>: Thing__c has no Short/,
  );
});
