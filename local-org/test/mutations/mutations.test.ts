import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { metadata } from '../flows/packageOrg.ts';
import { EQUIVALENT } from './equivalent.ts';
import { judgeAll } from './judgeAll.ts';
import { makeMutants } from './mutants.ts';
import { OPERATORS } from './operators.ts';
import { isAlwaysTried, isSampled } from './sample.ts';
import type { Told } from './worker.ts';

// The package's flows with one slip each: what the org lets pass, one of the flow tests has to notice.

let told: readonly Told[];
before(async () => {
  told = await judgeAll({ everything: false, flows: [] });
});

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
  const tried = new Set(told.map(({ name }) => name));
  const explained = Object.keys(EQUIVALENT).filter((name) => tried.has(name));
  assert.deepEqual(names('survived').toSorted(), explained.toSorted());
});

test('a reason why a slip means the same is of a slip that there is', () => {
  const all = new Set(makeMutants(metadata.flows).map(({ name }) => name));
  assert.deepEqual(
    Object.keys(EQUIVALENT).filter((name) => !all.has(name)),
    [],
  );
});

test('every outcome and every fault path of every flow is broken, whatever the sample', () => {
  const tried = new Set(told.map(({ name }) => name));
  const mutants = makeMutants(metadata.flows);
  const always = mutants.filter(isAlwaysTried);
  assert.ok(always.length > 300);
  for (const { name } of always) assert.ok(tried.has(name), name);
  assert.deepEqual(
    mutants
      .filter(isSampled)
      .map(({ name }) => name)
      .toSorted(),
    [...tried].toSorted(),
  );
});
