import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';

import { PASSWORD_VARIABLE } from '../demo/bridgeConfig.ts';
import { makeRandom } from '../fleet/random.ts';
import type { Random } from '../fleet/random.ts';
import { readLogFiles } from '../verify/logFiles.ts';
import { connectFeed } from './feed.ts';
import { startMosquitto } from './mosquitto.ts';
import { waitFor } from './wait.ts';
import { makeWorld } from './world.ts';

const MESSAGES = 4_000;
const AT_ONCE = 200;
/** Another one: BENCH_SEED=17. */
const seed = Number(process.env['BENCH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** A sound message, with up to four bytes changed, doubled or left out, or noise. */
function payloadOf(random: Random): Buffer {
  const metrics = { vibration: 2.4, pressure: 5.1, temperature: 61 };
  let bytes = Buffer.from(JSON.stringify({ ts: new Date().toISOString(), seq: 1, metrics }));
  if (random.uniform() < 0.1) {
    return Buffer.from(
      Array.from({ length: random.integer(0, 300) }, () => random.integer(0, 255)),
    );
  }
  for (let count = random.integer(0, 4); count > 0; count -= 1) {
    const at = random.integer(0, bytes.length - 1);
    const kind = random.integer(0, 2);
    if (kind === 0) bytes[at] = random.integer(0, 255);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.floor(at / 2))]);
  }
  return bytes;
}

test(`of ${MESSAGES} damaged messages each is in the log or in quarantine with a reason, and the bridge goes on (seed ${seed})`, async (context) => {
  await using world = await makeWorld();
  await using broker = await startMosquitto(join(world.folder, 'mosquitto'), {
    tls: false,
    settings: ['autosave_on_changes false', 'autosave_interval 1800'],
  });
  const nowhere = {
    instanceUrl: 'http://127.0.0.1:1',
    pubsubEndpoint: 'localhost:1',
    pubsubCaFile: world.key.certificateFile,
    organizationId: '',
  };
  const { user: username, password, url } = broker;
  const config = world.bridgeConfig(url.replace('://', `://${username}:x@`), nowhere);
  const bridge = await world.startBridge(config, { [PASSWORD_VARIABLE]: password });
  const isListening = async (): Promise<true | undefined> => {
    const body = await (await fetch(`${bridge.httpUrl}/readyz`)).text();
    return /"mqtt":\{"ok":true/.test(body) ? true : undefined;
  };
  await waitFor('the bridge listens', isListening, 20_000);

  const random = makeRandom(seed);
  await using feed = await connectFeed(url, { username, password });
  const topicOf = (index: number): string => `plant/pump/pump-${index}/telemetry`;
  for (let from = 0; from < MESSAGES; from += AT_ONCE) {
    const indexes = Array.from({ length: AT_ONCE }, (_, offset) => from + offset);
    await Promise.all(indexes.map((index) => feed.send(topicOf(index), payloadOf(random))));
  }
  const dataDir = join(world.folder, 'bridge');
  const kept = () => {
    using database = new DatabaseSync(join(dataDir, 'bridge.sqlite'), { readOnly: true });
    database.exec('PRAGMA busy_timeout = 5000');
    const bad = database.prepare('SELECT topic, reason FROM quarantine').all();
    return { good: readLogFiles(join(dataDir, 'log')).map(({ topic }) => topic), bad };
  };
  const all = (): true | undefined => {
    const { good, bad } = kept();
    return good.length + bad.length >= MESSAGES ? true : undefined;
  };
  await waitFor('everything is kept', all, 60_000, 500);
  const { good, bad } = kept();
  const topics = new Set([...good, ...bad.map(({ topic }) => String(topic))]);
  assert.equal(topics.size, MESSAGES);
  assert.ok(bad.every(({ reason }) => String(reason).length > 0));
  context.diagnostic(`${good.length} in the log, ${bad.length} in quarantine`);
  assert.ok(good.length > MESSAGES / 20 && bad.length > MESSAGES / 20);
  assert.equal(await isListening(), true);
  assert.doesNotMatch(bridge.output(), /"level":"error"/);
});
