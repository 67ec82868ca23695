import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

import { parseStat, peakResidentBytes, residentBytes, residentParts, treeCpuMs } from './usage.ts';

test('the CPU time of a process is that of all its threads and ended children', () => {
  const text =
    '4242 (a (strange) name) S 17 4242 4242 0 -1 4194560 9 8 7 6 100 20 3 4 20 0 11 0 99 1 2';
  assert.deepEqual(parseStat(text), { parent: 17, cpuMs: 1_270 });
});

test('the CPU time of a tree holds that of a child that runs', async () => {
  const busy = `while (process.cpuUsage().user < 3e5); console.log("done"); setTimeout(() => {}, 1000)`;
  const parent = spawn(process.execPath, [
    '-e',
    `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busy)}], { stdio: 'inherit' })`,
  ]);
  try {
    await once(parent.stdout, 'data');
    const pid = parent.pid ?? assert.fail();
    assert.ok(treeCpuMs(pid) >= 200);
    assert.ok(treeCpuMs(process.pid) >= treeCpuMs(pid));
    assert.ok(residentBytes(pid) > 1_000_000);
    assert.ok(peakResidentBytes(pid) >= residentBytes(pid));
    const { own, files } = residentParts(pid);
    assert.ok(own > 1_000_000 && files > 1_000_000 && own + files <= peakResidentBytes(pid));
  } finally {
    parent.stdout.destroy();
    parent.kill('SIGKILL');
  }
});
