import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { z } from 'zod';

import { DATA, startAccessOrg } from './accessOrg.ts';
import type { AccessOrg } from './accessOrg.ts';
import { cellsOf } from './compare.ts';
import { jobNames } from './jobs.ts';
import type { Job } from './jobs.ts';
import { makeRecords } from './records.ts';
import type { Records } from './records.ts';
import { FIELDS, FLOWS, readTable, RIGHTS } from './tables.ts';

// What pages and their components get: by GraphQL, by the UI API, and the pages themselves.

let org: AccessOrg;
let records: Records;

before(async () => {
  org = await startAccessOrg();
  records = await makeRecords(org);
});
after(() => org.stop());

/** Those of the tables: a group has no column. */
const jobs = jobNames.filter((name) => name !== 'fieldTechnician');

const readableObjects = (job: Job): ReadonlySet<string> =>
  new Set(
    cellsOf(readTable(RIGHTS))
      .filter(({ name, job: one, cell }) => one === job && /r/i.test(cell) && name.endsWith('__c'))
      .map(({ name }) => name),
  );

test('GraphQL knows a field exactly where the tables let the job read it', async () => {
  for (const { name, job, cell } of cellsOf(readTable(FIELDS))) {
    const [object = '', field = ''] = name.split('.');
    const query = `{ uiapi { query { ${object}(first: 1) { edges { node { ${field} { value } } } } } } }`;
    const { body } = await org.call(job, 'POST', `${DATA}/graphql`, { query });
    const { errors } = z.object({ errors: z.array(z.unknown()).default([]) }).parse(body);
    assert.equal(errors.length === 0, cell !== '-', `${name} as ${job}: ${JSON.stringify(body)}`);
  }
});

test('the UI API leaves out what the job may not read, and refuses objects it has no part in', async () => {
  const policy = await records.make('Signal_Policy__c');
  const path = `${DATA}/ui-api/records/${policy}?optionalFields=Signal_Policy__c.Limit__c,Signal_Policy__c.Queue__c`;
  const seen = async (job: Job): Promise<string[]> => {
    const { status, body } = await org.call(job, 'GET', path);
    if (status !== 200) return [String(status)];
    return Object.keys(z.object({ fields: z.record(z.string(), z.unknown()) }).parse(body).fields);
  };
  assert.deepEqual(await seen('technician'), ['Limit__c', 'Queue__c']);
  assert.deepEqual(await seen('bridge'), ['Limit__c']);
  assert.deepEqual(await seen('sender'), ['403']);
  for (const job of jobs) {
    const info = await org.call(job, 'GET', `${DATA}/ui-api/object-info/Signal_Policy__c`);
    assert.equal(info.status === 200, readableObjects(job).has('Signal_Policy__c'), job);
  }
});

test('there are pages of an object exactly for those who read it', async () => {
  const custom = [...readTable(RIGHTS).keys()].filter((name) => name.endsWith('__c'));
  for (const job of jobs) {
    for (const object of custom) {
      const { status } = await org.call(job, 'GET', `/lightning/o/${object}/list`);
      assert.equal(status !== 404, readableObjects(job).has(object), `${object} as ${job}`);
    }
  }
});

test('a screen flow starts for those whose job it is, and nobody else learns that there is one', async () => {
  const signal = await records.make('Asset_Signal__c');
  for (const { name, job, cell } of cellsOf(readTable(FLOWS))) {
    const inputs = name === 'Signal_SCR_Review' ? { recordId: signal } : {};
    const body = { flow: name, inputs };
    const { status } = await org.call(job, 'POST', '/lightning/interviews', body);
    assert.equal(status, cell === 'x' ? 200 : 404, `${name} as ${job}`);
  }
});

/** The tabs of custom objects, in their order; those of Asset and Case everybody has who may open the app. */
const TABS: Readonly<Record<Job, readonly string[]>> = {
  bridge: [],
  technician: ['Asset_Signal__c'],
  manager: [
    'Asset_Signal__c',
    'Signal_Policy__c',
    'Signal_Proposal__c',
    'Signal_Bridge__c',
    'Signal_Baseline__c',
  ],
  steward: ['Asset_Signal__c', 'Signal_Device__c', 'Signal_Installation__c', 'Signal_Ownership__c'],
  sender: ['Signal_Command__c'],
  approver: ['Signal_Command__c'],
  administrator: [
    'Asset_Signal__c',
    'Signal_Command__c',
    'Signal_Policy__c',
    'Signal_Proposal__c',
    'Signal_Device__c',
    'Signal_Installation__c',
    'Signal_Ownership__c',
    'Signal_Bridge__c',
    'Signal_Failure__c',
    'Signal_Command_Type__c',
    'Signal_Baseline__c',
  ],
  fieldTechnician: ['Asset_Signal__c', 'Signal_Command__c'],
  nobody: [],
};

test('the app shows each job the tabs it works with', async () => {
  for (const job of jobNames) {
    const { body } = await org.call(job, 'GET', '/lightning/o/Nothing__c/list');
    const tabs = [...String(body).matchAll(/\/lightning\/o\/(\w+__c)\/list/g)];
    assert.deepEqual(
      tabs.map(([, name = '']) => name),
      TABS[job],
      job,
    );
  }
});
