import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { z } from 'zod';

import { logIn, startCli } from './salesforceCli.ts';
import type { SalesforceCli } from './salesforceCli.ts';
import { startStrangersOrg } from './strangersOrg.ts';
import type { StrangersOrg } from './strangersOrg.ts';

let org: StrangersOrg;
let cli: SalesforceCli;
before(async () => {
  org = await startStrangersOrg();
  cli = await startCli(org, org.world.folder);
  const login = await logIn(cli, org);
  assert.equal(login.code, 0, login.output);
});
after(() => org[Symbol.asyncDispose]());

const rows = z.object({ records: z.array(z.record(z.string(), z.unknown())) });

test('sf lists the org it has logged in to as connected', async () => {
  const listed = z
    .object({
      nonScratchOrgs: z.array(z.object({ alias: z.string(), connectedStatus: z.string() })),
    })
    .parse(await cli.json('org', 'list'));
  assert.deepEqual(listed.nonScratchOrgs, [{ alias: 'local', connectedStatus: 'Connected' }]);
});

test('sf prints the rows of a query under the names of their columns', async () => {
  const soql = 'SELECT Name, Asset__r.Name FROM Signal_Device__c';
  const { code, output } = await cli.run('data', 'query', '--query', soql);
  assert.equal(code, 0, output);
  assert.match(output, /NAME\s+ASSET__R\.NAME/);
  assert.match(output, /pump-001\s+Pump 001/);
});

test('sf prints groups with the values of their functions', async () => {
  const soql = 'SELECT Name, COUNT(Id) FROM Signal_Device__c GROUP BY Name';
  const csv = await cli.run('data', 'query', '--query', soql, '--result-format', 'csv');
  assert.match(csv.output, /^Name,count\(Id\)\npump-001,1$/m);
});

test('sf says what is wrong with a query', async () => {
  const { code, output } = await cli.run('data', 'query', '--query', 'SELECT Nope FROM Account');
  assert.equal(code, 1);
  assert.match(output, /No such column 'Nope' on entity 'Account'/);
});

test('sf creates a record, and is told why another is refused', async () => {
  const made = z
    .object({ id: z.string() })
    .parse(
      await cli.json(
        'data',
        'create',
        'record',
        '--sobject',
        'Account',
        '--values',
        "Name='One two'",
      ),
    );
  const found = await cli.json(
    ...['data', 'query', '--query', `SELECT Name FROM Account WHERE Id = '${made.id}'`],
  );
  assert.equal(rows.parse(found).records[0]?.['Name'], 'One two');
  const refused = await cli.run(
    ...['data', 'create', 'record', '--sobject', 'Account', '--values', 'Phone=1'],
  );
  assert.equal(refused.code, 1);
  assert.match(refused.output, /REQUIRED_FIELD_MISSING|Required fields are missing/);
});

test('sf upserts a file through Bulk API 2.0', async () => {
  const file = join(org.world.folder, 'devices.csv');
  await writeFile(
    file,
    'Device_Key__c,Name,Device_Type__c\nbulk-1,"One, two",pump\nbulk-2,"said ""no""",\n',
  );
  const args = ['data', 'upsert', 'bulk', '--sobject', 'Signal_Device__c', '--file', file];
  const upsert = [...args, '--external-id', 'Device_Key__c', '--wait', '2'];
  const first = await cli.run(...upsert);
  assert.equal(first.code, 0, first.output);
  await writeFile(file, 'Device_Key__c,Device_Type__c\nbulk-1,chiller\n');
  const second = z
    .object({ records: z.object({ successfulResults: z.array(z.looseObject({})) }) })
    .parse(await cli.json(...upsert));
  assert.equal(second.records.successfulResults[0]?.['sf__Created'], 'false');
  const found = await cli.json(
    ...['data', 'query', '--query'],
    "SELECT Name, Device_Type__c FROM Signal_Device__c WHERE Device_Key__c LIKE 'bulk-%' ORDER BY Device_Key__c",
  );
  assert.deepEqual(
    rows.parse(found).records.map(({ Name, Device_Type__c }) => [Name, Device_Type__c]),
    [
      ['One, two', 'chiller'],
      ['said "no"', null],
    ],
  );
});

test('sf ends with 1 when a line of the file fails, and the good ones are in', async () => {
  const file = join(org.world.folder, 'partly.csv');
  await writeFile(file, 'Device_Key__c,Name\nbulk-3,three\n,nameless\n');
  const { code, output } = await cli.run(
    ...['data', 'upsert', 'bulk', '--sobject', 'Signal_Device__c', '--file', file],
    ...['--external-id', 'Device_Key__c', '--wait', '2'],
  );
  assert.equal(code, 1);
  assert.match(output, /failed to process 1 records/);
  const found = await cli.json(
    ...['data', 'query', '--query'],
    "SELECT Id FROM Signal_Device__c WHERE Device_Key__c = 'bulk-3'",
  );
  assert.equal(rows.parse(found).records.length, 1);
});

test('sf tells that a column of the file is no field', async () => {
  const file = join(org.world.folder, 'wrong.csv');
  await writeFile(file, 'Device_Key__c,Nope\nbulk-4,1\n');
  const { code, output } = await cli.run(
    ...['data', 'upsert', 'bulk', '--sobject', 'Signal_Device__c', '--file', file],
    ...['--external-id', 'Device_Key__c', '--wait', '2'],
  );
  assert.notEqual(code, 0);
  assert.match(output, /InvalidBatch : Field name not found : Nope/);
});
