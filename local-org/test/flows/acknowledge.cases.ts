import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { giveCase, makeScene } from './people.ts';
import type { Scene } from './people.ts';

const NOW = '2026-11-23T06:00:00.000Z';

/** A Case of the queue that nobody has taken, with the bridge's user marked as such. */
async function untaken(values: RecordData = {}): Promise<Scene & { readonly caseId: string }> {
  const scene = await makeScene({});
  const { org } = scene;
  const owner = { OwnerId: org.ids.triage, Signal_Episode_Key__c: 'episode-1' };
  const caseId = await giveCase(scene, { ...owner, ...values });
  const set = org.rows('PermissionSet').find(({ Name }) => Name === 'Signal_Bridge');
  const PermissionSetId = set?.['Id'] ?? null;
  org.insert('PermissionSetAssignment', { AssigneeId: org.ids.bridgeUser, PermissionSetId });
  return { ...scene, caseId };
}

const takenAt = ({ org }: Scene): unknown => org.only('Case')['Signal_Acknowledged_At__c'];

test('a person who changes the status has taken the Case now', async () => {
  const { caseId, ...scene } = await untaken();
  await scene.org.update('Case', caseId, { Status: 'Working' });
  assert.equal(takenAt(scene), NOW);
});

test('a person who takes the Case, or gives it to a person, counts; a queue does not', async () => {
  const { caseId, ...scene } = await untaken();
  const { org } = scene;
  const queue = org.insert('Group', { DeveloperName: 'Plant', Name: 'Plant', Type: 'Queue' });
  org.insert('QueueSobject', { QueueId: queue, SobjectType: 'Case' });
  await org.update('Case', caseId, { OwnerId: queue });
  assert.equal(takenAt(scene), null);
  await org.update('Case', caseId, { OwnerId: org.ids.person });
  assert.equal(takenAt(scene), NOW);
});

test('only the first time counts', async () => {
  const first = '2026-11-20T08:00:00.000Z';
  const { caseId, ...scene } = await untaken({ Signal_Acknowledged_At__c: first });
  await scene.org.update('Case', caseId, { Status: 'Working' });
  assert.equal(takenAt(scene), first);
});

test('the bridge is nobody who takes a Case', async () => {
  const { caseId, ...scene } = await untaken();
  await scene.org.update('Case', caseId, { Status: 'Closed' }, 'bridge');
  assert.equal(takenAt(scene), null);
});

test('a save of the router is none of the person who set the router off', async () => {
  const { caseId, ...scene } = await untaken();
  const changes = { Status: 'Closed', Signal_Last_Event_At__c: '2026-11-23T05:30:00.000Z' };
  await scene.org.update('Case', caseId, changes);
  assert.equal(takenAt(scene), null);
});

test('writing something else is not taking, and Cases of the customer’s own are none of ours', async () => {
  const { caseId, ...scene } = await untaken();
  await scene.org.update('Case', caseId, { Subject: 'Looks bad' });
  assert.equal(takenAt(scene), null);
  const own = await untaken({ Signal_Episode_Key__c: null });
  await own.org.update('Case', own.caseId, { Status: 'Working' });
  assert.equal(takenAt(own), null);
});

test('200 Cases taken in one save are all stamped', async () => {
  const { caseId, ...scene } = await untaken();
  const { org } = scene;
  const more = Array.from({ length: 199 }, (_, index) => ({
    ...{ Subject: `${index}`, OwnerId: org.ids.triage },
    Signal_Episode_Key__c: `other ${index}`,
  }));
  const saved = await org.saveAll('insert', 'Case', more);
  const ids = [caseId, ...saved.map((outcome) => (outcome.ok ? outcome.id : ''))];
  const taken = ids.map((Id) => ({ Id, Status: 'Working' }));
  await org.saveAll('update', 'Case', taken);
  const stamps = org.rows('Case').map((row) => row['Signal_Acknowledged_At__c']);
  assert.deepEqual(stamps, Array<string>(200).fill(NOW));
});
