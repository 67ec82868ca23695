import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { budgetRecord, testBudgetStore } from '../ports/budgets.contract.ts';
import { makeMemoryBudgets } from '../testing/budgets.ts';
import { makeBudgetFile } from './budgetFile.ts';

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'asset-signals-'));
  const file = join(folder, 'deep', 'budgets.json');
  return {
    file,
    folder: join(folder, 'deep'),
    store: makeBudgetFile(file),
    again: () => makeBudgetFile(file),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

testBudgetStore('file', open);
testBudgetStore('memory', () => {
  const store = makeMemoryBudgets();
  return { store, again: () => store, [Symbol.dispose]: () => undefined };
});

test('nothing lies beside the file', () => {
  using box = open();
  box.store.save(budgetRecord);
  assert.deepEqual(readdirSync(box.folder), ['budgets.json']);
});

test('a file that cannot be read is no empty one', () => {
  using box = open();
  box.store.save(budgetRecord);
  writeFileSync(box.file, '{"at":1}');
  assert.throws(() => box.store.load());
  writeFileSync(box.file, '');
  assert.throws(() => box.store.load());
});
