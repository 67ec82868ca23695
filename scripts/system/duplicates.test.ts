import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { ASSUMPTION_RULES } from '../../local-org/src/automation/assumptions.ts';
import { connectPublisher } from './eventPublisher.ts';
import { waitFor } from './wait.ts';
import { makeWorld } from './world.ts';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

const opened = (episode: string) => ({
  Event_Key__c: sha(`${episode} Opened 0`),
  Episode_Key__c: sha(episode),
  Phase__c: 'Opened',
  Schema_Version__c: 1,
  Signal_Type__c: 'fault.vibration-high',
  Severity__c: 'High',
  Confidence__c: 0.9,
  Device_Key__c: 'pump-001',
  Occurred_At__c: 1_790_000_000_000,
  Occurred_At_Ms__c: 1_790_000_000_000,
  Explanation__c: 'Vibration is too high.',
  Policy_Key__c: 'pump-vibration-high',
  Policy_Version__c: 1,
});

/** What nobody says in public, each in every reading: with the whole org, over the API. */
const readings = Object.entries(ASSUMPTION_RULES).flatMap(([rule, { values }]) =>
  Object.keys(values).map((value) => `${rule}=${value}`),
);

for (const reading of readings) {
  test(`the same event twice in one batch and again later is one Case (${reading})`, async () => {
    await using world = await makeWorld();
    const org = await world.startOrg(['--assume', reading]);
    const admin = await world.admin(org.state);
    await world.seed(admin, [{ key: 'pump-001', type: 'pump' }]);
    using publisher = await connectPublisher(world, org.state);

    const twice = [opened('a'), opened('a'), opened('b')];
    assert.deepEqual(await publisher.publish(twice), [undefined, undefined, undefined]);
    await waitFor(
      'both episodes are routed',
      async () => {
        const open = await admin.count(
          "SELECT COUNT() FROM Asset_Signal__c WHERE Disposition__c = 'Received'",
        );
        const all = await admin.count('SELECT COUNT() FROM Asset_Signal__c');
        const failed = await admin.count('SELECT COUNT() FROM Signal_Failure__c');
        return open === 0 && all + failed >= 2 ? true : undefined;
      },
      20_000,
    );
    // A refused event stands in Signal_Failure__c; the bridge would send it again, so do we.
    await publisher.publish([opened('a')]);
    await publisher.publish([opened('b')]);
    await waitFor(
      'both episodes have a Case',
      async () => ((await admin.count('SELECT COUNT() FROM Case')) >= 2 ? true : undefined),
      20_000,
    );
    await publisher.publish([opened('a'), opened('b')]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(await admin.count('SELECT COUNT() FROM Case'), 2);
    assert.equal(await admin.count('SELECT COUNT() FROM Asset_Signal__c'), 2);
  });
}
