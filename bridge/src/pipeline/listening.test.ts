import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { IngressStatus } from '../ports/ingress.ts';
import { makeListeningCheck } from './listening.ts';

const connected = (idleMs?: number): IngressStatus => ({
  listening: true,
  reason: 'ok',
  ...(idleMs !== undefined && { idleMs }),
});

test('a bridge that is connected and has time to spare could hear every device', () => {
  let idleMs = 0;
  const isListening = makeListeningCheck(() => connected((idleMs += 700)));
  assert.deepEqual([isListening(), isListening(), isListening()], [true, true, true]);
});

test('a bridge that is behind with messages already sent is not listening until it has caught up', () => {
  const idle = [700, 720, 720, 1400];
  const isListening = makeListeningCheck(() => connected(idle.shift()));
  assert.deepEqual(
    [isListening(), isListening(), isListening(), isListening()],
    [true, false, false, true],
  );
});

test('a bridge without a connection is not listening, however idle it is', () => {
  let idleMs = 0;
  const isListening = makeListeningCheck(() => ({
    ...connected((idleMs += 1000)),
    listening: false,
  }));
  assert.equal(isListening(), false);
});

test('an ingress that does not measure its pauses is believed', () => {
  const isListening = makeListeningCheck(() => connected());
  assert.deepEqual([isListening(), isListening()], [true, true]);
});
