import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from './database.ts';
import { prepareOutbox } from './statements.ts';

test('no question to the outbox reads all of it, however many events it holds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
  try {
    using storage = openDatabase(join(folder, 'bridge.sqlite'));
    const { database } = storage;
    for (const [name, { sourceSQL }] of Object.entries(prepareOutbox(database))) {
      const steps = database
        .prepare(`EXPLAIN QUERY PLAN ${sourceSQL}`)
        .all()
        .map(({ detail }) => String(detail));
      const whole = (step: string): boolean =>
        /TEMP B-TREE/.test(step) || (/SCAN (outbox\w*|e|s|k)\b/.test(step) && !/INDEX/.test(step));
      assert.deepEqual(steps.filter(whole), [], name);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
