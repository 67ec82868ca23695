import assert from 'node:assert/strict';
import { test } from 'node:test';

import { describeRound, throughputPage } from './page.ts';
import { summarise } from './rates.ts';
import type { Round } from './round.ts';

const round = (rate: number, cpuUs: number): Round => ({
  rate,
  cpuUs,
  acknowledgedRate: rate,
  messages: 1_000,
  opened: { expected: 5, arrived: 5 },
  cleared: { expected: 5, arrived: 4 },
  drainMs: 120,
  sustained: false,
  sourceUs: 0.3,
  troubles: ['2 messages in quarantine'],
});

test('the page holds rates, costs, ratios and what did not arrive', () => {
  const detail = [round(100_000, 2), round(120_000, 3)];
  const ours = { ...summarise(detail, Number.POSITIVE_INFINITY), detail };
  const load = { devices: 10_000, signals: 0.01, window: 10_000 };
  const [page, ...drawings] = throughputPage({ ours }, 1.567, 9.04, load);
  assert.equal(page?.name, 'throughput.md');
  assert.match(
    page.text,
    /110,000 \(100,000–120,000\) \| 2\.50 \(2\.00–3\.00\) \| 0 of 2 \| 18 of 20/,
  );
  assert.match(page.text, /\*\*1\.57×\*\*[^]*\*\*9\.0×\*\*/);
  assert.match(page.text, /one in 200 takes a device beyond its limit/);
  for (const { name } of drawings) assert.ok(page.text.includes(`(${name})`), `${name} is shown`);
});

test('a round says what was wrong with it', () => {
  const line = describeRound('ours', round(1_000, 2));
  assert.match(line, /5 of 5 Opened and 4 of 5 Cleared/);
  assert.match(line, /did not keep up/);
  assert.match(line, /2 messages in quarantine/);
});
