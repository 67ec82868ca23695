import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAssumptions } from './automation/assumptions.ts';
import { makeDocuments, staleDocuments } from './documents.ts';
import { ELEMENT_HANDLERS } from './flow/compile.ts';

test('SUPPORT.md and ASSUMPTIONS.md say what the code does', async () => {
  const stale = await staleDocuments();
  assert.deepEqual(stale, [], 'run node local-org/src/documents.ts');
});

test('every element that runs is documented', async () => {
  const support = [...(await makeDocuments()).values()][0] ?? '';
  for (const kind of Object.keys(ELEMENT_HANDLERS))
    assert.match(support, new RegExp(`\`${kind}\``));
});

test('assumptions: the standard readings, one chosen, and what is refused', () => {
  assert.equal(parseAssumptions([])['duplicate-in-batch'], 'row');
  assert.equal(parseAssumptions(['duplicate-in-batch=batch'])['duplicate-in-batch'], 'batch');
  assert.throws(
    () => parseAssumptions(['gravity=off']),
    /no such rule; allowed: duplicate-in-batch/,
  );
  assert.throws(
    () => parseAssumptions(['created-by=nobody']),
    /allowed: created-by=as-sent, created-by=overridden/,
  );
});
