import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { FieldValue } from '../../src/store/records.ts';
import { makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { usage } from './usage.ts';

const TYPES = ['first-use', 'adoption-low', 'declining', 'normal', 'hours'] as const;

async function engaging(): Promise<PackageOrg> {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Route__c: 'Engage' });
  return org;
}

const countBy = (values: readonly FieldValue[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(values, String)].map(([value, all]) => [value, all.length] as const),
  );

test('200 usage signals of 50 Assets in one batch: one Task for each Asset and kind, limits far away', async () => {
  const org = await engaging();
  const { account: AccountId } = org.ids;
  const assets = Array.from({ length: 50 }, (_, index) =>
    org.insert('Asset', { Name: `Pump ${index}`, AccountId }),
  );
  // Every Asset: first use at 0; low adoption twice at 1, in two episodes; at last declining, normal or hours.
  await org.publish(
    ...assets.flatMap((asset, index) => [
      usage('first-use', 'Opened', 0, asset),
      ...['a', 'b'].map((episode) =>
        usage('adoption-low', 'Opened', 1, asset, {
          ...{ Event_Key__c: `${asset} ${episode}`, Episode_Key__c: `${asset} ${episode}` },
        }),
      ),
      usage(TYPES[2 + (index % 3)] ?? '', 'Opened', 2, asset),
    ]),
  );
  const signals = org.rows('Asset_Signal__c');
  assert.equal(signals.length, 200);
  // Declining and normal overtake low adoption; mere hours of use, being newer, do so too and leave the health as it was.
  assert.deepEqual(countBy(signals.map((row) => row['Disposition__c'] ?? null)), {
    Acted: 100,
    Suppressed: 100,
  });
  const pumps = org.rows('Asset').filter(({ Id }) => Id !== org.ids.asset);
  const health = pumps.map((row) => row['Signal_Renewal_Health__c'] ?? null);
  assert.deepEqual(countBy(health), { 'At Risk': 17, Good: 17, null: 16 });
  const subjects = org.rows('Task').map(({ Subject }) => String(Subject).split(':')[0] ?? '');
  assert.deepEqual(countBy(subjects), { Onboarding: 50, Renewal: 17 });
  for (const { most } of org.transactions) {
    assert.ok(most.queries <= 40, `${most.queries} queries`);
    assert.ok(most.dmlStatements <= 30, `${most.dmlStatements} DML statements`);
    assert.ok(most.dmlRows <= 2000, `${most.dmlRows} rows`);
  }
});

test('an Asset takes twelve usage signals at once: the others fail with the reason, and a retry engages', async () => {
  const org = await engaging();
  const episodes = Array.from({ length: 20 }, (_, index) => `episode ${index}`);
  await org.publish(
    ...episodes.map((key) =>
      usage('declining', 'Opened', 0, undefined, { Event_Key__c: key, Episode_Key__c: key }),
    ),
  );
  const failed = org.rows('Asset_Signal__c').filter((row) => row['Disposition__c'] === 'Failed');
  assert.equal(failed.length, 8);
  for (const { Disposition_Reason__c } of failed)
    assert.match(String(Disposition_Reason__c), /twelve usage signals at once.*duplicate updates/);
  const at = '2026-11-23T06:30:00.000Z';
  const retries = failed.map(({ Id = null }) => ({ Id, Retry_Requested_At__c: at }));
  await org.saveAll('update', 'Asset_Signal__c', retries, 'bridge');
  const ends = org.rows('Asset_Signal__c').map((row) => row['Disposition__c'] ?? null);
  assert.deepEqual(countBy(ends), { Acted: 20 });
  assert.equal(org.rows('Task').length, 1);
});
