import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { makeRandom } from '../../core/fixtures/random.ts';
import { toEpochMs } from '../../model/brand.ts';
import { makeMessage, payloadOf } from '../../model/message.ts';
import { until } from '../../testing/until.ts';
import { makeIntake } from './intake.ts';
import type { Sender } from './intake.ts';

const message = (text: string) => makeMessage('t', Buffer.from(text), toEpochMs(1));

/** A sender that keeps what it hears, one list for each call. */
function makeSender(): Sender & { readonly heard: number[][] } {
  const heard: number[][] = [];
  return { heard, acknowledge: (receipts) => void heard.push([...receipts]) };
}

/** An intake whose batches are safe when the test says so. */
function setUp() {
  const batches: { readonly texts: string[]; readonly end: (error?: Error) => void }[] = [];
  const refusals: unknown[] = [];
  const intake = makeIntake(
    (messages) =>
      new Promise((resolve, reject) => {
        const texts = messages.map((one) => payloadOf(one).toString());
        batches.push({ texts, end: (error) => (error ? reject(error) : resolve()) });
      }),
    { onRefused: (error) => refusals.push(error) },
  );
  return { intake, batches, refusals };
}

test('each connection hears once a batch, of its own messages in their order, and only after the commit', async () => {
  const { intake, batches } = setUp();
  const [one, two] = [makeSender(), makeSender()];
  intake.add(message('a'), one, 1);
  intake.add(message('b'), two, 1);
  intake.add(message('c'), one, 2);
  intake.add(message('quality of service 0'), one, 0);
  await until('a batch', () => batches.length === 1);
  intake.add(message('d'), one, 3);
  await sleep(20);
  assert.equal(batches.length, 1, 'the next one waits');
  assert.deepEqual([one.heard, two.heard], [[], []]);
  batches[0]?.end();
  await until('the next batch', () => batches.length === 2);
  assert.deepEqual([one.heard, two.heard], [[[1, 2]], [[1]]]);
  batches[1]?.end();
  await until('it is acknowledged', () => one.heard.length === 2);
  assert.deepEqual(batches[0]?.texts, ['a', 'b', 'c', 'quality of service 0']);
  assert.deepEqual(one.heard[1], [3]);
  await intake.stop();
});

test('what was not taken over is not acknowledged, nor what waited behind it', async () => {
  const { intake, batches, refusals } = setUp();
  const sender = makeSender();
  intake.add(message('a'), sender, 1);
  await until('a batch', () => batches.length === 1);
  intake.add(message('b'), sender, 2);
  batches[0]?.end(new Error('no'));
  await until('it is refused', () => refusals.length === 1);
  await sleep(20);
  assert.deepEqual([batches.length, sender.heard], [1, []]);
  intake.add(message('a again'), sender, 7);
  await until('it comes again', () => batches.length === 2);
  batches[1]?.end();
  await until('it is acknowledged', () => sender.heard.length === 1);
  assert.deepEqual(sender.heard, [[7]]);
  await intake.stop();
});

test('of any stream by any connections nothing is lost, doubled, overtaken or acknowledged before its commit', async () => {
  const random = makeRandom(5);
  const senders = [makeSender(), makeSender(), makeSender()];
  const safe = new Set<string>();
  const sent = senders.map((): number[] => []);
  const order: string[] = [];
  const taken: string[] = [];
  const intake = makeIntake(
    async (messages) => {
      const texts = messages.map((one) => payloadOf(one).toString());
      taken.push(...texts);
      if (random.next() < 0.5) await sleep(random.below(4));
      for (const text of texts) safe.add(text);
    },
    { onRefused: (error) => assert.fail(String(error)) },
  );
  for (const [index, sender] of senders.entries()) {
    const { heard } = sender;
    sender.acknowledge = (receipts) => {
      for (const receipt of receipts) assert.ok(safe.has(`${index} ${receipt}`));
      heard.push([...receipts]);
    };
  }
  for (let burst = 0; burst < 60; burst += 1) {
    for (let count = random.below(burst % 10 === 0 ? 9_000 : 20); count >= 0; count -= 1) {
      const index = random.below(3);
      const receipt = (sent[index]?.length ?? 0) + 1;
      sent[index]?.push(receipt);
      order.push(`${index} ${receipt}`);
      intake.add(message(`${index} ${receipt}`), senders[index] as Sender, receipt);
    }
    if (random.next() < 0.7) await sleep(random.below(5));
  }
  await until('all are acknowledged', () => safe.size === order.length);
  await intake.stop();
  assert.deepEqual(taken, order);
  assert.deepEqual(
    senders.map(({ heard }) => heard.flat()),
    sent,
  );
});
