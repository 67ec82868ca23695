import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { makeEventCounter } from './eventCounter.ts';

test('what was counted is there whenever it is read, by label', async () => {
  const registry = new Registry();
  const names = { name: 'seen_total', help: 'Seen.', label: 'kind' };
  const count = makeEventCounter({ ...names, registry });
  for (const kind of ['a', 'b', 'a']) count(kind);
  assert.match(await registry.metrics(), /seen_total\{kind="a"\} 2\nseen_total\{kind="b"\} 1\n/);
  count('b');
  assert.match(await registry.metrics(), /seen_total\{kind="a"\} 2\nseen_total\{kind="b"\} 2\n/);
});
