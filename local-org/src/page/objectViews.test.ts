import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeAccess } from '../api/accessControl.ts';
import type { Grants } from '../api/accessControl.ts';
import type { ListFilter } from '../metadata/listViewFilter.ts';
import { withComponents } from '../metadata/locationField.ts';
import type { PageMetadata } from '../metadata/pages.ts';
import type { ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import { makeField } from '../metadata/systemFields.ts';
import { testMetadata } from '../store/testOrg.ts';
import type { ObjectView } from '../../browser/data/pageContext.ts';
import { objectViews } from './objectViews.ts';

const known = testMetadata.objects.get('Thing__c');
assert.ok(known);
const place = makeField('Place__c', 'Place', 'Location', { scale: 6 });
const thing: ObjectDef = {
  ...known,
  fields: new Map([...known.fields, ...withComponents(place)]),
};
const metadata: OrgMetadata = {
  ...testMetadata,
  objects: new Map([...testMetadata.objects, ['Thing__c', thing]]),
};
const clerk = metadata.permissionSets.get('Clerk');
assert.ok(clerk);
const grants = new Map<string, Grants>([
  ['admin', { isAdministrator: true, permissionSets: [] }],
  ['clerk', { isAdministrator: false, permissionSets: [clerk] }],
]);

const blank = (field: string): ListFilter => ({ field, operation: 'equals', values: [] });

const pages: PageMetadata = {
  apps: [],
  tabs: new Map(),
  listViews: [
    {
      object: 'Thing__c',
      name: 'Blank',
      label: 'Blank',
      columns: ['Name', 'Notes__c'],
      filters: [],
    },
    {
      object: 'Thing__c',
      name: 'Silent',
      label: 'Silent',
      columns: [],
      filters: [blank('Notes__c')],
    },
  ],
  layouts: new Map([
    [
      'Thing__c',
      {
        object: 'Thing__c',
        sections: [
          { heading: 'Basics', columns: [['Name', 'Notes__c'], ['Amount__c']] },
          { heading: 'Words', columns: [['Notes__c']] },
          { heading: 'Where', columns: [['Place__c']] },
        ],
        relatedLists: [
          {
            object: 'Thing__c',
            lookup: 'Parent__c',
            columns: ['Name'],
            sort: { field: 'Amount__c', descending: true },
          },
        ],
        actions: undefined,
      },
    ],
  ]),
  compactLayouts: new Map([['Thing__c', ['Name', 'Amount__c', 'Notes__c']]]),
  recordPages: new Map(),
  quickActions: [],
  bundles: new Map(),
};

function viewAs(user: string): ObjectView {
  const access = makeAccess(metadata, grants, () => undefined);
  const view = objectViews(
    { objects: metadata.objects, pages, access, mayRun: () => true },
    undefined,
    user,
  )['Thing__c'];
  assert.ok(view);
  return view;
}

test('the lists of an object are its list views, behind one of all records', () => {
  const names = viewAs('admin').lists.map(({ name }) => name);
  assert.deepEqual(names, ['All', 'Blank', 'Silent']);
});

test('a list that asks for a field one may not read is not offered, and such a column not shown', () => {
  const { lists } = viewAs('clerk');
  assert.deepEqual(
    lists.map(({ name }) => name),
    ['All', 'Blank'],
  );
  assert.deepEqual(lists[1]?.columns, ['Name']);
});

test('details stand in the sections of the layout, and a section of which nothing is left is gone', () => {
  assert.deepEqual(
    viewAs('admin').details.map(({ heading }) => heading),
    ['Basics', 'Words', 'Where'],
  );
  assert.deepEqual(viewAs('clerk').details[0], {
    heading: 'Basics',
    columns: [['Name'], ['Amount__c']],
  });
  assert.ok(!viewAs('clerk').details.some(({ heading }) => heading === 'Words'));
});

test('a place is shown as its latitude and longitude', () => {
  assert.deepEqual(viewAs('admin').details[2]?.columns, [
    ['Place__Latitude__s', 'Place__Longitude__s'],
  ]);
});

test('the header shows the compact layout without the name, which is there already', () => {
  assert.deepEqual(viewAs('admin').highlights, ['Amount__c', 'Notes__c']);
  assert.deepEqual(viewAs('clerk').highlights, ['Amount__c']);
});

test('a related list is called like its object and sorted as the layout says', () => {
  assert.deepEqual(viewAs('admin').relatedLists, [
    {
      object: 'Thing__c',
      lookup: 'Parent__c',
      columns: ['Name'],
      label: 'Things',
      orderBy: { field: 'Amount__c', descending: true },
    },
  ]);
});
