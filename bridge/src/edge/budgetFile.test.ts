import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeBudgetFile } from './budgetFile.ts';

const use = { stretch: 7, used: [0, 3], critical: [0, 1] };
const record = {
  at: 1_790_000_000_000,
  wallMs: 1_790_000_000_001,
  steadyMs: 12.5,
  limits: { publishes: 50_000 },
  uses: { publishes: use, apiCalls: use, deliveries: use, signalRows: use },
};

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'asset-signals-'));
  const file = join(folder, 'deep', 'budgets.json');
  return {
    file,
    folder: join(folder, 'deep'),
    store: makeBudgetFile(file),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

test('what was saved last is what is loaded, and nothing lies beside it', () => {
  using box = open();
  assert.equal(box.store.load(), undefined);
  box.store.save({ ...record, at: 1 });
  box.store.save(record);
  assert.deepEqual(box.store.load(), record);
  assert.deepEqual(readdirSync(box.folder), ['budgets.json']);
});

test('a file that cannot be read is no empty one', () => {
  using box = open();
  box.store.save(record);
  writeFileSync(box.file, '{"at":1}');
  assert.throws(() => box.store.load());
  writeFileSync(box.file, '');
  assert.throws(() => box.store.load());
});
