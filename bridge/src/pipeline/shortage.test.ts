import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMemoryOutbox } from '../edge/log/memoryOutbox.ts';
import type { BudgetName } from '../model/budget.ts';
import { toEpochMs } from '../model/brand.ts';
import type { Severity } from '../model/signal.ts';
import { makeTestLogger } from '../testing/logger.ts';
import { makeSignal } from '../testing/signals.ts';
import type { BudgetStatus } from './governor.ts';
import { makeShortages } from './shortage.ts';

const START = 1_790_000_000_000;
const status = (name: BudgetName, changes: Partial<BudgetStatus> = {}): BudgetStatus => ({
  ...{ name, limit: 100, windowMs: 3_600_000, used: 100, left: 0 },
  ...changes,
});

async function setUp(lacking: Partial<Record<Severity, BudgetName>>, ...signals: Severity[]) {
  const outbox = makeMemoryOutbox();
  const logger = makeTestLogger();
  const said = { now: START, lacking, spacingMs: 0, statuses: [status('publishes')] };
  await outbox.record({
    signals: signals.map((severity, index) => makeSignal(`s${index}`, 0, { severity })),
    recordedAt: toEpochMs(START),
  });
  const governor = {
    lacking: (severity: Severity) => said.lacking[severity],
    spacingMs: () => said.spacingMs,
    status: () => said.statuses,
    keep: () => undefined,
  };
  const clock = () => toEpochMs(said.now);
  return { said, logger, shortages: makeShortages({ governor, outbox, clock, logger }) };
}

test('what waits for want of a budget is named by severity, told once, and told again when it is over', async () => {
  const lacking = { Low: 'publishes', Medium: 'publishes' } as const;
  const { said, logger, shortages } = await setUp(lacking, 'Low', 'Low', 'Medium', 'High');
  await shortages.look();
  await shortages.look();
  assert.deepEqual(shortages.held(), [
    { severity: 'Medium', reason: 'publishes', events: 1 },
    { severity: 'Low', reason: 'publishes', events: 2 },
  ]);
  const text =
    'The events of an hour run short (100 of 100). Waiting: Medium (1), Low (2); worse ones go. ' +
    'None is dropped. Raise salesforce.budget.publishesPerHour for more.';
  assert.deepEqual(logger.lines, [`warn ${text}`]);
  assert.deepEqual(shortages.messages(), [text]);
  said.lacking = {};
  said.now += 60_000;
  await shortages.look();
  assert.deepEqual(shortages.held(), []);
  assert.equal(logger.lines.length, 1, 'room comes and goes by the minute');
  said.now += 61_000;
  await shortages.look();
  assert.deepEqual(logger.lines.slice(1), ['info there are enough events of an hour again']);
  assert.deepEqual(shortages.messages(), []);
});

test('a budget that is used up while nothing waits for it is no shortage', async () => {
  const { logger, shortages } = await setUp({ Low: 'publishes' }, 'High');
  await shortages.look();
  assert.deepEqual([shortages.held(), logger.lines], [[], []]);
});

test('where others have used the limit of the org no share of ours is said to help', async () => {
  const { said, shortages } = await setUp({ Low: 'publishes' }, 'Low');
  said.statuses = [status('publishes', { used: 3 })];
  await shortages.look();
  assert.match(shortages.messages()[0] ?? '', /Others have used what the org has/);
});

test('API calls that run short and deliveries that are used up are told, too, in 255 characters', async () => {
  const { said, shortages } = await setUp({});
  said.statuses = [
    status('apiCalls', { limit: 5e7, used: 5e7 }),
    status('deliveries', { limit: 5e7, used: 5e7 }),
  ];
  said.spacingMs = 60_000;
  await shortages.look();
  const messages = shortages.messages();
  assert.equal(messages.length, 2);
  assert.match(messages[0] ?? '', /salesforce\.budget\.apiCallsPerDay/);
  assert.match(messages[1] ?? '', /Nothing waits.*salesforce\.budget\.deliveriesPerDay/);
  for (const message of messages) assert.ok(message.length <= 255, `${message.length}`);
});
