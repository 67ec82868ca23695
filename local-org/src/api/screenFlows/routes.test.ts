import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';

import express from 'express';

import { openFlowTestOrg } from '../../automation/flowTestOrg.ts';
import { create, go, variable } from '../../automation/flowTestXml.ts';
import { field, label, screen, screenFlowXml } from '../../automation/screenTestXml.ts';
import { readSession } from '../session.ts';
import { makeInterviews } from './interviews.ts';
import { screenFlowRoutes } from './routes.ts';

const flow = screenFlowXml(
  'Ask',
  screen('Ask', field('Text', 'InputField', label('About {!key}')), 'Log') +
    create('Log', 'Log__c', { Text__c: '!Text' }, go('Thanks')) +
    screen('Thanks', '') +
    variable('key', 'String', { input: true }) +
    variable('count', 'Number', { input: true }) +
    variable('secret', 'String', { output: true, start: 'never sent' }),
);

interface Asked {
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** A server with one flow; `ask` posts as a page of it does, whoever's session it is. */
async function serve(context: TestContext) {
  const org = openFlowTestOrg({ S: flow });
  const user = org.users.idOf('administrator');
  const stranger = org.users.idOf({});
  const tokens = new Map([
    ['mine', user],
    ['other', user],
    ['stranger', stranger],
  ]);
  const session = (token: string) => {
    const userId = tokens.get(token);
    return userId === undefined ? undefined : { userId, organizationId: '00D' };
  };
  const app = express();
  app.use(readSession({ session }, () => undefined));
  const interviews = makeInterviews({ now: () => 0 });
  app.use(screenFlowRoutes({ screenFlows: org.automation.screenFlows, interviews }));
  const server = app.listen(0, '127.0.0.1');
  context.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const base = `http://127.0.0.1:${address.port}`;
  const ask = async (
    path: string,
    body: unknown,
    token: string | undefined = 'mine',
    origin = base,
    method = 'POST',
  ): Promise<Asked> => {
    const response = await fetch(`${base}/lightning/interviews${path}`, {
      method,
      headers: { cookie: `sid=${token}`, origin, 'content-type': 'application/json' },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? {} : JSON.parse(text);
    assert.ok(typeof answer === 'object' && answer !== null);
    return { status: response.status, answer: { ...answer } };
  };
  return { org, ask };
}

test('a flow is started, looked at, answered and finished by its session', async (context) => {
  const { org, ask } = await serve(context);
  const first = await ask('', { flow: 'S', inputs: { key: 'pump' } });
  assert.equal(first.status, 200);
  assert.equal(first.answer['label'], 'Test screens');
  const path = `/${String(first.answer['id'])}`;
  assert.match(JSON.stringify(first.answer['screen']), /About pump/);
  const looked = await ask(path, { action: 'look', answers: { Text: 'x' } });
  assert.equal(looked.answer['kind'], 'look');
  assert.deepEqual(org.rows('Log__c'), []);
  const second = await ask(path, { action: 'next', answers: { Text: 'x' } });
  assert.match(JSON.stringify(second.answer['screen']), /Thanks/);
  assert.deepEqual(org.values('Log__c', 'Text__c'), ['x']);
  assert.equal((await ask(path, { action: 'back' })).answer['kind'], 'screen');
  assert.equal((await ask(path, { action: 'back' })).status, 400, 'the first screen has no back');
  await ask(path, { action: 'next' });
  const last = await ask(path, { action: 'next' });
  assert.deepEqual(last.answer, { kind: 'finished', id: path.slice(1), label: 'Test screens' });
  assert.equal((await ask(path, { action: 'next' })).status, 410, 'it is over');
});

test('requests of other sites, without a session, or of another session get nothing', async (context) => {
  const { ask } = await serve(context);
  const started = await ask('', { flow: 'S' });
  const path = `/${String(started.answer['id'])}`;
  assert.equal((await ask('', { flow: 'S' }, 'mine', 'http://127.0.0.1:1')).status, 401);
  assert.equal((await ask(path, { action: 'next' }, 'mine', 'http://evil.test')).status, 401);
  assert.equal((await ask('', { flow: 'S' }, 'nobody')).status, 401);
  assert.equal((await ask(path, { action: 'next' }, 'other')).status, 410);
  assert.equal((await ask(path, undefined, 'other', undefined, 'DELETE')).status, 204);
  assert.equal((await ask(path, { action: 'look' })).status, 200, 'still there for its own');
  assert.equal((await ask(path, undefined, 'mine', undefined, 'DELETE')).status, 204);
  assert.equal((await ask(path, { action: 'look' })).status, 410);
});

test('a flow that is not there and one that one may not run are answered alike', async (context) => {
  const { ask } = await serve(context);
  const missing = await ask('', { flow: 'Nothing' });
  const forbidden = await ask('', { flow: 'S' }, 'stranger');
  assert.deepEqual([missing.status, forbidden.status], [404, 404]);
  assert.equal(
    String(missing.answer['message']).replace('Nothing', 'S'),
    forbidden.answer['message'],
  );
});

test('wrong inputs, answers and bodies are refused in words', async (context) => {
  const { ask } = await serve(context);
  const started = await ask('', { flow: 'S', inputs: { count: '12' } });
  const path = `/${String(started.answer['id'])}`;
  for (const [asked, problem] of [
    [
      await ask('', { flow: 'S', inputs: { secret: 'x' } }),
      /no variable secret .* available for input/,
    ],
    [
      await ask('', { flow: 'S', inputs: { count: 'many' } }),
      /count is 'many'; a number is allowed/,
    ],
    [await ask(path, { action: 'next', answers: { Other: 'x' } }), /asks no Other; it asks: Text/],
    [await ask(path, { action: 'jump' }), /action: /],
    [await ask('', {}), /flow: /],
  ] as const) {
    assert.equal(asked.status, 400);
    assert.match(String(asked.answer['message']), problem);
  }
});
