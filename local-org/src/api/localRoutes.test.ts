import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test, type TestContext } from 'node:test';

import express from 'express';

import { openFlowTestOrg } from '../automation/flowTestOrg.ts';
import { act, flowXml, onSave, onSchedule, timedPath } from '../automation/flowTestXml.ts';
import type { Access } from './access.ts';
import { localRoutes } from './localRoutes.ts';
import { readSession } from './session.ts';

const DAY = 86_400_000;
const mail = act('Mail', 'emailSimple', {
  emailAddresses: 'a@b.test',
  emailSubject: 'Due',
  emailBody: 'now',
});
const flows = {
  Path: flowXml(onSave('RecordAfterSave', undefined, timedPath('Mail', 2, 'Days')), mail),
  Nightly: flowXml(
    onSchedule('Mail', 'Daily', '2026-11-24', '02:00:00.000Z'),
    mail.replace('Due', 'Nightly'),
  ),
};

async function open(context: TestContext, movable = true) {
  const org = openFlowTestOrg(flows);
  const session = { userId: org.actor.userId } as ReturnType<Access['session']>;
  const clock = {
    now: () => org.clock.time,
    offset: () => 0,
    advance: (ms: number) => void (org.clock.time += ms),
  };
  const app = express();
  app.use(readSession({ session: (token) => (token === 'good' ? session : undefined) }, () => {}));
  app.use(localRoutes({ clock: movable ? clock : undefined, automation: org.automation }));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    org.automation.stop();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const ask = async (path: string, asked?: unknown, token = 'good') => {
    const response = await fetch(`http://127.0.0.1:${port}/local/${path}`, {
      method: asked === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(asked === undefined ? {} : { body: JSON.stringify(asked) }),
    });
    const json = (await response.json()) as { emails?: { subject: string }[]; now?: number };
    return { status: response.status, json };
  };
  return { org, ask };
}

test('what is due when the clock is moved has run when the answer comes', async (context) => {
  const { org, ask } = await open(context);
  org.insert('Job__c', { Key__c: 'a' });
  const before = org.clock.time;
  const answer = await ask('clock', { advance: 2 * DAY });
  assert.deepEqual([answer.status, answer.json.now], [200, before + 2 * DAY]);
  const { json } = await ask('sent');
  assert.deepEqual(json.emails?.map(({ subject }) => subject).toSorted(), ['Due', 'Nightly']);
});

test('the clock moves for a good token, forward, and only where the org lets it', async (context) => {
  const { ask, org } = await open(context);
  const before = org.clock.time;
  assert.equal((await ask('clock', { advance: 1 }, 'bad')).status, 401);
  for (const wrong of [{ advance: -1 }, { advance: 0.5 }, {}, { advance: 1, more: 1 }, []])
    assert.equal((await ask('clock', wrong)).status, 400, JSON.stringify(wrong));
  assert.equal((await ask('sent', undefined, 'bad')).status, 401);
  assert.equal(org.clock.time, before);
  const fixed = await open(context, false);
  assert.equal((await fixed.ask('clock', { advance: 1 })).status, 404);
});
