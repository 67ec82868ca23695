import assert from 'node:assert/strict';
import { test } from 'node:test';

import { admitSessions } from './admitted.ts';
import { OrgError } from './orgError.ts';
import type { Session } from './token.ts';

const session = (accessToken: string): Session => ({
  accessToken,
  instanceUrl: 'http://org',
  organizationId: '00D000000000001AAA',
  userId: '005000000000001AAA',
});
const refusal = { kind: 'configuration', reason: 'Another org.', action: 'Go away.' } as const;

test('each session is judged once, and one that is refused is handed to nobody', async () => {
  const [first, second] = [session('a'), session('b')];
  const judged: string[] = [];
  const sessions = admitSessions(
    { current: async () => first, renew: async () => second },
    async ({ accessToken }) => {
      judged.push(accessToken);
      return accessToken === 'b' ? refusal : undefined;
    },
  );
  const got = await Promise.all([sessions.current(), sessions.current()]);
  assert.deepEqual(got, [first, first]);
  for (const _ of [1, 2]) {
    await assert.rejects(sessions.renew(first), (error: unknown) => {
      assert.ok(error instanceof OrgError);
      assert.deepEqual(error.failure, refusal);
      return true;
    });
  }
  assert.deepEqual(judged, ['a', 'b', 'b']);
});

test('a session that could not be judged is judged again', async () => {
  let tries = 0;
  const sessions = admitSessions(
    { current: async () => session('a'), renew: async () => session('a') },
    async () => {
      tries += 1;
      if (tries === 1) throw new OrgError({ ...refusal, kind: 'unreachable' });
      return undefined;
    },
  );
  await assert.rejects(sessions.current());
  assert.equal((await sessions.current()).accessToken, 'a');
});
