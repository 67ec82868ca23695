import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startBroker } from '../../testing/broker.ts';
import { askBroker } from './brokerCheck.ts';

test('a subscription the broker refuses is named, others are granted, and a bridge that runs is left alone', async () => {
  const seen: string[] = [];
  await using broker = await startBroker({
    authorizeSubscribe(client, subscription, done) {
      seen.push(client?.id ?? '');
      done(null, subscription.topic.startsWith('secret/') ? null : subscription);
    },
  });
  const answer = await askBroker({
    ...{ url: broker.url, protocolVersion: 4, clientId: 'bridge' },
    filters: new Map([
      ['plant/#', 1],
      ['secret/#', 1],
    ]),
  });
  assert.deepEqual(answer.granted, ['plant/#']);
  assert.equal(answer.refused.length, 1);
  assert.match(answer.refused[0] ?? '', /refuses a subscription .*\(secret\/#\)/);
  assert.deepEqual([...new Set(seen)], ['bridge-check']);
});
