import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';

import { logIn, startCli } from './salesforceCli.ts';
import type { SalesforceCli } from './salesforceCli.ts';
import { startStrangersOrg } from './strangersOrg.ts';
import type { StrangersOrg } from './strangersOrg.ts';

// The package goes through Salesforce's own conversion to metadata format, and through SOAP.

const root = join(import.meta.dirname, '../..');
const ROUTE = 'force-app/core/service/flows/Signal_SFL_Route.flow-meta.xml';
const ACTIVE = 'force-app/core/service/objects/Signal_Policy__c/fields/Active__c.field-meta.xml';

let org: StrangersOrg;
let cli: SalesforceCli;
let project: string;
before(async () => {
  org = await startStrangersOrg();
  project = join(org.world.folder, 'project');
  await cp(join(root, 'sfdx-project.json'), join(project, 'sfdx-project.json'));
  cli = await startCli(org, project);
});
beforeEach(() => cp(join(root, 'force-app'), join(project, 'force-app'), { recursive: true }));
after(() => org[Symbol.asyncDispose]());

async function change(file: string, from: string | RegExp, to: string): Promise<void> {
  const path = join(project, file);
  const text = await readFile(path, 'utf8');
  assert.notEqual(text.search(from), -1, `${file} has no ${String(from)}`);
  await writeFile(path, text.replace(from, to));
}

const dryRun = (source: string) =>
  cli.run('project', 'deploy', 'start', '--dry-run', '--source-dir', source);

test('sf checks the whole package against the org', async () => {
  const login = await logIn(cli, org);
  assert.equal(login.code, 0, login.output);
  const { code, output } = await dryRun('force-app');
  assert.equal(code, 0, output);
  assert.match(output, /Signal_SFL_Route\s+Flow/);
  assert.match(output, /Signal_Policy__c\.Active__c\s+CustomField/);
});

test('sf prints what is wrong with which component and on which line, and ends with 1', async () => {
  await change(
    ROUTE,
    '<targetReference>Save_Disposition</targetReference>',
    '<targetReference>Save_Nothing</targetReference>',
  );
  await change(ACTIVE, '<type>Checkbox</type>', '<type>Percent</type>');
  const { code, output } = await dryRun('force-app/core/service');
  assert.equal(code, 1, output);
  assert.match(output, /Component Failures \[2\]/);
  assert.match(
    output,
    /Flow\s+Signal_SFL_Route\s+assignments \w+: its connector leads to Save_Nothing, which is not an element of this flow.*\d+:1/,
  );
  assert.match(output, /CustomField\s+Signal_Policy__c\.Active__c\s+.*field type Percent.*\d+:1/);
});

test('sf tells the line of XML that is not well-formed', async () => {
  await change(ROUTE, '</Flow>', '</Flo>');
  const { code, output } = await cli.run('project', 'deploy', 'validate', '--source-dir', ROUTE);
  assert.equal(code, 1, output);
  assert.match(output, /Signal_SFL_Route.*Flow.*Flo/s);
});

test('sf is told that a real deploy has no place here', async () => {
  const { code, output } = await cli.run('project', 'deploy', 'start', '--source-dir', ROUTE);
  assert.equal(code, 1, output);
  assert.match(output, /this org takes its metadata at start: local-org --metadata DIR/);
});

test('sf is told by name that nothing is retrieved', async () => {
  const { code, output } = await cli.run('project', 'retrieve', 'start', '--metadata', 'Flow');
  assert.notEqual(code, 0);
  assert.match(output, /of the Metadata API is not implemented by the local org/);
});
