import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ending, giveCase, makeScene, tell } from './people.ts';
import type { Scene } from './people.ts';

/** The customer has rules against Tasks of these owners, each in words of its own. */
async function forbidTasksOf({ org }: Scene, ...owners: readonly string[]): Promise<void> {
  const rules = owners.map((owner, index) => ({
    ...{ object: 'Task', name: `No_Tasks_${index}`, file: 'customer', active: true },
    ...{ formula: `OwnerId = "${owner}"`, message: `No tasks here ${index}.` },
  }));
  await org.deploy((metadata) => ({
    ...metadata,
    validationRules: [...metadata.validationRules, ...rules],
  }));
}

test('an owner whose Tasks the org refuses: Signal_Triage gets the Task', async () => {
  const scene = await makeScene({ Notify__c: 'Task' });
  const { org } = scene;
  await giveCase(scene);
  await forbidTasksOf(scene, org.ids.person);
  assert.equal(ending(await tell(scene)), 'Sent: Task given to Signal Triage.');
  assert.equal(org.only('Task')['OwnerId'], org.ids.triage);
});

test('a queue that takes no Tasks: Signal_Triage gets the Task', async () => {
  const scene = await makeScene({ Notify__c: 'Task', Queue__c: 'Plant' });
  const { org } = scene;
  org.insert('Group', { DeveloperName: 'Plant', Name: 'Plant', Type: 'Queue' });
  await tell(scene, { Review_Status__c: 'Requested' });
  assert.equal(org.only('Task')['OwnerId'], org.ids.triage);
});

test('a Task that is refused everywhere: Failed with the words of the org, and a failure is kept', async () => {
  const scene = await makeScene({ Notify__c: 'Task' });
  const { org } = scene;
  await giveCase(scene);
  org.break({ write: ['insert Task'] });
  assert.match(ending(await tell(scene)), /^Failed: No Task could be made: .*refused by a test/);
  assert.equal(org.only('Signal_Failure__c')['Stage__c'], 'Notification');
});

test('the last word of the org is the one in the note', async () => {
  const scene = await makeScene({ Notify__c: 'Task' });
  const { org } = scene;
  await giveCase(scene);
  await forbidTasksOf(scene, org.ids.person, org.ids.triage);
  assert.match(ending(await tell(scene)), /^Failed: No Task could be made: .*No tasks here 1/);
});

test('a call that goes to Signal_Triage still names the contact', async () => {
  const scene = await makeScene({ Tell_Customer__c: 'Task' });
  const { org } = scene;
  const contact = org.insert('Contact', { LastName: 'Lovelace', AccountId: org.ids.account });
  await giveCase(scene, { ContactId: contact });
  await forbidTasksOf(scene, org.ids.person);
  await tell(scene);
  const task = org.only('Task');
  assert.deepEqual([task['OwnerId'], task['WhoId']], [org.ids.triage, contact]);
});

test('the queue of last resort was deleted, and the Task refused: Failed', async () => {
  const scene = await makeScene({ Notify__c: 'Task' });
  const { org } = scene;
  await giveCase(scene);
  org.remove('Group', org.ids.triage);
  await forbidTasksOf(scene, org.ids.person);
  assert.match(ending(await tell(scene)), /^Failed: No Task could be made: .*No tasks here/);
});

for (const [what, breakage] of [
  ['cannot be read', { get: ['User'], getFrom: 2 }],
  ['left since', { missing: ['User'], getFrom: 2 }],
] as const) {
  test(`an owner who ${what}: Signal_Triage gets the Task`, async () => {
    const scene = await makeScene({ Notify__c: 'Task' });
    await giveCase(scene);
    scene.org.break(breakage);
    assert.equal(ending(await tell(scene)), 'Sent: Task given to Signal Triage.');
  });
}

test('queues that cannot be read when an owner is refused: Failed', async () => {
  const scene = await makeScene({ Notify__c: 'Task' });
  const { org } = scene;
  await giveCase(scene);
  await forbidTasksOf(scene, org.ids.person);
  org.break({ get: ['Group'] });
  assert.match(ending(await tell(scene)), /^Failed: No Task could be made: .*No tasks here/);
});

test('nobody is left to call the customer either: both are in the note', async () => {
  const scene = await makeScene({ Notify__c: 'Task', Tell_Customer__c: 'Task' });
  const { org } = scene;
  await giveCase(scene);
  await org.update('User', org.ids.person, { IsActive: false });
  org.remove('Group', org.ids.triage);
  assert.equal(
    ending(await tell(scene)),
    'Failed: Nobody is there to be told: neither the queue Signal_Triage nor Signal_Triage was found. Customer: No contact is known. No Task could be made: its owner is not active and the queue Signal_Triage was not found.',
  );
});
