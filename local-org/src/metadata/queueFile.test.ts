import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Unsupported } from './schema.ts';
import { load, xmlOf } from './testSource.ts';

const queue = (inside: string) =>
  load({
    'queues/Triage.queue-meta.xml': xmlOf(
      'Queue',
      `<doesSendEmailToMembers>true</doesSendEmailToMembers>${inside}<name>Triage</name><queueSobject><sobjectType>Case</sobjectType></queueSobject>`,
    ),
  }).queues.get('Triage');

test('a queue has an email of its own, and may tell its members', () => {
  assert.deepEqual(queue('<email>triage@example.test</email>'), {
    label: 'Triage',
    objects: ['Case'],
    email: 'triage@example.test',
    emailsMembers: true,
  });
});

test('members in the source are refused: the setup file names them', () => {
  assert.throws(
    () => queue('<queueMembers><users><user>a@example.test</user></users></queueMembers>'),
    Unsupported,
  );
});
