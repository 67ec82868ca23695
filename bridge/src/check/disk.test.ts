import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { checkDisk } from './disk.ts';

function inFolder(work: (dataDir: string, free: number) => void): void {
  const dataDir = mkdtempSync(join(tmpdir(), 'check-disk-'));
  try {
    const { bavail, bsize } = statfsSync(dataDir);
    work(dataDir, bavail * bsize);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

const configOf = (dataDir: string, maxBytes: number) => ({
  dataDir,
  log: { maxBytes, retention: 1 },
  quarantine: { maxBytes: 1_000, retention: 1 },
});
const spaceOf = (dataDir: string, maxBytes: number) =>
  checkDisk(configOf(dataDir, maxBytes)).find(({ name }) => name === 'disk space');

test('a folder that can be written is in order, and nothing is left in it', () => {
  inFolder((dataDir) => {
    const [disk] = checkDisk(configOf(dataDir, 1));
    assert.match(disk?.said ?? '', /durable in \d+\.\d ms/);
    assert.deepEqual(readdirSync(dataDir), []);
  });
});

test('less room than log and quarantine may take is said, and by far too little is a failure', () => {
  inFolder((dataDir, free) => {
    assert.equal(spaceOf(dataDir, Math.floor(free / 2))?.outcome, 'ok');
    assert.equal(spaceOf(dataDir, free * 2)?.outcome, 'warn');
    assert.equal(spaceOf(dataDir, free * 20)?.outcome, 'fail');
  });
});

test('what the log has taken already is not wanted again', () => {
  inFolder((dataDir, free) => {
    mkdirSync(join(dataDir, 'log'));
    const segment = join(dataDir, 'log', '1.log');
    writeFileSync(segment, '');
    // Takes no room: only its length counts.
    truncateSync(segment, free * 19.5);
    assert.equal(spaceOf(dataDir, free * 20)?.outcome, 'ok');
  });
});
