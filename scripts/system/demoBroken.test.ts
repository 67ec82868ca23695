import assert from 'node:assert/strict';
import { test } from 'node:test';

import { runDemo } from './demo.ts';

const broken = {
  reading: /reading/i,
  publish: /signal/i,
  case: /case/i,
} as const;

for (const [stage, sentence] of Object.entries(broken)) {
  test(`a run in which one ${stage} goes wrong ends with 1 and says so`, async () => {
    await using run = await runDemo(['--once', '--break', stage]);
    assert.equal(run.code, 1, run.output);
    assert.match(run.output, sentence);
    assert.ok(run.counts !== undefined);
    const { lost, duplicateCases, cases, faults } = run.counts;
    if (stage === 'case') assert.ok(duplicateCases === 1 || cases !== faults);
    else assert.ok(lost >= 1, `lost: ${lost}`);
  });
}
