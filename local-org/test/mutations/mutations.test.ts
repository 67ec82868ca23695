import assert from 'node:assert/strict';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { before, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { EQUIVALENT } from './equivalent.ts';
import { OPERATORS } from './operators.ts';
import type { Told } from './worker.ts';

// The package's flows with one slip each: what the org lets pass, one of the flow tests has to notice.

/* More workers would only share the cores and the memory. */
const WORKERS = Math.min(4, availableParallelism());

let told: readonly Told[];
before(async () => {
  const shares = Array.from({ length: WORKERS }, (_, share) => judgeShare(share));
  told = (await Promise.all(shares)).flat();
});

async function judgeShare(share: number): Promise<Told[]> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { share, of: WORKERS },
  });
  const answered = once(worker, 'message') as Promise<[Told[]]>;
  // Rejects with what the worker threw.
  const [[fates]] = await Promise.all([answered, once(worker, 'exit')]);
  return fates;
}

const names = (kind: Told['fate']['kind'], operator?: string): string[] =>
  told
    .filter((one) => one.fate.kind === kind && (operator ?? one.operator) === one.operator)
    .map(({ name }) => name);

test('every kind of slip is made, and none is made twice', (t) => {
  assert.equal(new Set(told.map(({ name }) => name)).size, told.length);
  for (const operator of Object.keys(OPERATORS)) {
    const all = told.filter((one) => one.operator === operator).length;
    const [refused, failed, differs] = (['refused', 'failed', 'differs'] as const).map(
      (kind) => names(kind, operator).length,
    );
    t.diagnostic(`${operator}: ${all}, refused ${refused}, failed ${failed}, differs ${differs}`);
    assert.ok(all > 0, `${operator} found nothing to change`);
  }
  t.diagnostic(`${told.length} mutants in all`);
});

test('a connector that leads nowhere is refused when the flow is loaded', () => {
  const all = told.filter(({ operator }) => operator === 'renameTarget').map(({ name }) => name);
  assert.deepEqual(names('refused', 'renameTarget').toSorted(), all.toSorted());
});

test('every other slip is refused or changes a result, but those that mean the same', () => {
  assert.deepEqual(names('survived').toSorted(), Object.keys(EQUIVALENT).toSorted());
});
