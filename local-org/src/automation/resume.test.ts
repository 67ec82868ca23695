import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { openFlowTestOrg } from './flowTestOrg.ts';
import { asyncPath, create, flowXml, onSave } from './flowTestXml.ts';
import { spine } from './flowTestSpine.ts';

function folder(context: TestContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'local-org-'));
  context.after(() => rmSync(made, { recursive: true, force: true }));
  return path.join(made, 'org.sqlite');
}

test('what a stopped org left pending is taken up at the next start, once', async (context) => {
  const file = folder(context);
  const first = openFlowTestOrg(spine, { path: file, stopped: true });
  first.publish('Job__e', { Key__c: 'a' }, { Key__c: 'b' });
  first.insert('Job__c', { Key__c: 'c' });
  await assert.rejects(first.automation.idle(), /not started/);
  first.store.close();

  const second = openFlowTestOrg(spine, { path: file });
  await second.automation.idle();
  assert.deepEqual(second.values('Job__c', 'Key__c'), ['c', 'a', 'b']);
  const logs = second.values('Log__c', 'Key__c').map(String);
  assert.equal(logs.toSorted((a, b) => a.localeCompare(b)).join(''), 'aabbcc');
  second.store.close();

  const third = openFlowTestOrg(spine, { path: file });
  await third.automation.idle();
  assert.equal(third.rows('Log__c').length, 6, 'nothing runs a second time');
  third.store.close();
});

test('a flow that was switched off does not catch up when it is switched on again', async (context) => {
  const file = folder(context);
  openFlowTestOrg(spine, { path: file }).store.close();
  const off = openFlowTestOrg({}, { path: file });
  off.publish('Job__e', { Key__c: 'missed' });
  await off.automation.idle();
  off.store.close();
  const on = openFlowTestOrg(spine, { path: file });
  on.publish('Job__e', { Key__c: 'seen' });
  await on.automation.idle();
  assert.deepEqual(on.values('Job__c', 'Key__c'), ['seen']);
  on.store.close();
});

test('a path that failed waits for its next run across a restart', async (context) => {
  const file = folder(context);
  const later = flowXml(
    onSave('RecordAfterSave', undefined, asyncPath('Log')),
    create('Log', 'Log__c', { Job__c: '!$Record.Note__c', Key__c: '!$Record.Key__c' }),
  );
  const first = openFlowTestOrg({ Later: later }, { path: file });
  const [outcome] = first.insert('Job__c', { Key__c: 'a', Note__c: 'no id' });
  await first.automation.idle();
  assert.match(first.logged.join(), /again in 15 minutes/);
  first.update('Job__c', { Id: outcome?.ok === true ? outcome.id : '', Note__c: null });
  await first.automation.idle();
  first.automation.stop();
  first.store.close();

  const second = openFlowTestOrg({ Later: later }, { path: file });
  await second.automation.idle();
  assert.deepEqual(second.rows('Log__c'), []);
  second.clock.time += 15 * 60_000;
  await second.automation.idle();
  assert.deepEqual(second.values('Log__c', 'Key__c'), ['a']);
  second.store.close();
});

test('killed with -9 anywhere, every event is processed exactly once', async (context) => {
  const file = folder(context);
  openFlowTestOrg(spine, { path: file, stopped: true }).store.close();
  const script = `
    import { openFlowTestOrg } from ${JSON.stringify(path.join(import.meta.dirname, 'flowTestOrg.ts'))};
    import { spine } from ${JSON.stringify(path.join(import.meta.dirname, 'flowTestSpine.ts'))};
    const org = openFlowTestOrg(spine, { path: ${JSON.stringify(file)} });
    let next = Number(process.argv[1]);
    setInterval(() => {
      org.publish('Job__e', { Key__c: 'k' + next });
      process.stdout.write(next + '\\n');
      next += 1;
    }, 1);
  `;
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round += 1)
    acknowledged.push(...(await runAndKill(script, round * 10_000)));

  const org = openFlowTestOrg(spine, { path: file });
  await org.automation.idle();
  const keys = org.values('Job__c', 'Key__c');
  assert.ok(acknowledged.length > 10, `only ${acknowledged.length} events in three runs`);
  for (const key of acknowledged)
    assert.equal(keys.filter((one) => one === `k${key}`).length, 1, key);
  const logs = org.values('Log__c', 'Key__c');
  for (const key of keys) assert.equal(logs.filter((one) => one === key).length, 2, String(key));
  assert.equal(org.automation.bus.read('/event/Job__e', 0, 100_000).length, keys.length);
  org.store.close();
});

/** The numbers that the child reported as published before it was killed. */
async function runAndKill(script: string, from: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ['--input-type=module-typescript', '-e', script, String(from)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split('\n').length >= 20) child.kill('SIGKILL');
    });
    child.on('exit', () => resolve());
  });
  return output.split('\n').slice(0, -1);
}
