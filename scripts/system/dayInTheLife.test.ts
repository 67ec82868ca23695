import assert from 'node:assert/strict';
import { test } from 'node:test';

import { account } from './day/account.ts';
import { runDay } from './day/runDay.ts';
import { tableOf } from './day/table.ts';

test('a day in the life: every reading, signal, Case and suppression is accounted for', async () => {
  const evidence = await runDay(console.log);
  const lines = account(evidence);
  console.log(tableOf(lines));
  assert.deepEqual(
    lines.filter(({ wrong }) => wrong.length > 0).map(({ what }) => what),
    [],
  );
});
