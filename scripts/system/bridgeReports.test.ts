import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeBridgeReports } from '../../bridge/src/edge/salesforce/bridgeReports.ts';
import { toEpochMs } from '../../bridge/src/model/brand.ts';
import { API_VERSION, restOf } from './orgSession.ts';
import { makeWorld } from './world.ts';

const NOW = Date.now();
const report = {
  at: toEpochMs(NOW),
  dueAt: toEpochMs(NOW + 300_000),
  status: 'Running',
  version: '0.1.0',
  waiting: 3,
  deadLetters: 0,
  devices: 40,
  left: { publishes: 900 },
  message: '',
} as const;

test('a bridge reports under its name, once made and then updated, and is told the limits of the org', async () => {
  await using world = await makeWorld();
  const { state } = await world.startOrg();
  const admin = await world.admin(state);
  const bridgeKey = 'plant/süd 1';
  const reports = makeBridgeReports({
    rest: restOf(world, state),
    namespace: '',
    apiVersion: API_VERSION,
    bridgeKey,
  });

  const first = await reports.report(report);
  assert.ok(first.ok, first.ok ? '' : first.error.reason);
  const { publishes, deliveries, apiCalls } = first.value;
  for (const limit of [publishes, deliveries, apiCalls]) {
    assert.ok(limit !== undefined && limit.left > 0 && limit.left <= limit.max);
  }
  const goodbye = {
    ...report,
    status: 'Stopped',
    waiting: 0,
    message: 'Stopped for an update.',
  } as const;
  const { dueAt: _, ...unwatched } = goodbye;
  assert.ok((await reports.report(unwatched)).ok);
  const records = await admin.query(
    'SELECT Bridge_Key__c, Status__c, Waiting_Events__c, Heartbeat_Due_At__c, Publishes_Left__c, Message__c FROM Signal_Bridge__c',
  );
  const rows = records.map((row) =>
    Object.values(row as Readonly<Record<string, unknown>>).slice(1),
  );
  assert.deepEqual(rows, [[bridgeKey, 'Stopped', 0, null, 900, 'Stopped for an update.']]);
});
