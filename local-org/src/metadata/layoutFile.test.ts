import assert from 'node:assert/strict';
import { test } from 'node:test';

import { testMetadata } from '../store/testOrg.ts';
import { readCompactLayout } from './compactLayoutFile.ts';
import { readLayout } from './layoutFile.ts';
import type { PageLayout } from './layoutFile.ts';

const { objects } = testMetadata;
const item = (field: string): string =>
  `<layoutItems><behavior>Edit</behavior><field>${field}</field></layoutItems>`;
const section = (columns: readonly string[], style = 'TwoColumnsTopToBottom'): string =>
  `<layoutSections><customLabel>true</customLabel><detailHeading>true</detailHeading><editHeading>true</editHeading>
  <label>Basics</label>${columns.map((column) => `<layoutColumns>${column}</layoutColumns>`).join('')}<style>${style}</style></layoutSections>`;

function read(inside: string, name = 'Thing__c-Thing Layout'): PageLayout {
  const flag = '<showHighlightsPanel>false</showHighlightsPanel>';
  return readLayout(
    'x.layout-meta.xml',
    name,
    `<Layout>${inside}${flag}</Layout>`,
    objects,
    new Set(['Thing__c.Ask']),
  );
}

test('a layout has its sections with their fields, column by column, and its lists', () => {
  const lookup = [...(objects.get('Thing__c')?.fields.values() ?? [])].find(
    ({ type, system }) => type === 'Lookup' && !system,
  );
  const list = `<relatedLists><fields>NAME</fields><relatedList>Thing__c.${lookup?.name ?? ''}</relatedList><sortField>CREATED_DATE</sortField><sortOrder>Desc</sortOrder></relatedLists>`;
  assert.deepEqual(read(section([item('Name'), item('Amount__c')]) + list), {
    object: 'Thing__c',
    sections: [{ heading: 'Basics', columns: [['Name'], ['Amount__c']] }],
    relatedLists: [
      {
        object: 'Thing__c',
        lookup: lookup?.name,
        columns: ['Name'],
        sort: { field: 'CreatedDate', descending: true },
      },
    ],
    actions: undefined,
  });
});

const action = (name: string, type: string, order: number): string =>
  `<platformActionListItems><actionName>${name}</actionName><actionType>${type}</actionType><sortOrder>${order}</sortOrder></platformActionListItems>`;
const actionList = (items: string, context = 'Record'): string =>
  `<platformActionList><actionListContext>${context}</actionListContext>${items}</platformActionList>`;

test('a layout names the actions of its page, in its order; buttons of the platform draw nothing', () => {
  const ask = action('Thing__c.Ask', 'QuickAction', 1);
  assert.deepEqual(read(actionList(action('Edit', 'StandardButton', 0) + ask)).actions, [
    'Thing__c.Ask',
  ]);
  assert.deepEqual(read(actionList(action('Edit', 'StandardButton', 0))).actions, []);
});

test('what of a layout pages here cannot draw is refused by name', () => {
  for (const [inside, problem] of [
    [section([item('Nope__c')]), /<layoutItems>: no field Nope__c on Thing__c/],
    [section([''], 'CustomLinks'), /<style>: CustomLinks is not implemented/],
    [section(['', ''], 'OneColumn'), /OneColumn has 1 <layoutColumns>/],
    ['<quickActionList></quickActionList>', /quickActionList/],
    [actionList('', 'Listview'), /<actionListContext>: Listview is not implemented/],
    [actionList(action('Thing__c.Nope', 'QuickAction', 0)), /no action Thing__c.Nope in this org/],
    [actionList(action('Share', 'StandardButton', 0)), /StandardButton Share is not implemented/],
    [
      '<relatedLists><relatedList>RelatedNoteList</relatedList></relatedLists>',
      /<relatedList>: RelatedNoteList is not implemented/,
    ],
  ] as const)
    assert.throws(() => read(inside), problem);
  assert.throws(() => read('', 'Case-Case Layout'), /a layout of this object is not implemented/);
});

test('a compact layout has up to ten fields, none of them a long text', () => {
  const fields = (...names: string[]): string =>
    `<CompactLayout><fullName>Short</fullName>${names.map((name) => `<fields>${name}</fields>`).join('')}<label>Short</label></CompactLayout>`;
  const compact = (...names: string[]): readonly string[] =>
    readCompactLayout('x', objects.get('Thing__c'), 'Short', fields(...names)).fields;
  assert.deepEqual(compact('Name', 'Amount__c'), ['Name', 'Amount__c']);
  assert.throws(() => compact('Notes__c'), /Notes__c is a long text/);
  assert.throws(() => compact('Nope__c'), /no field Nope__c on Thing__c/);
  assert.throws(() => compact(), /1 to 10 fields/);
  assert.throws(() => compact(...Array.from({ length: 11 }, () => 'Name')), /1 to 10 fields/);
});
