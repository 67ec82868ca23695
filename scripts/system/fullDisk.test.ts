import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { readKept } from '../bench/kills/account.ts';
import { startRecorder } from '../bench/kills/recorder.ts';
import { PASSWORD_VARIABLE } from '../demo/bridgeConfig.ts';
import { connectFeed } from './feed.ts';
import { startMosquitto } from './mosquitto.ts';
import { mountSmallDisk, whyNoSmallDisk } from './smallDisk.ts';
import { waitFor } from './wait.ts';
import { makeWorld } from './world.ts';

const MB = 1024 * 1024;
/** Room for one segment of 64 MB and not for a second. */
const SMALL = 96 * MB;
const LARGE = 320 * MB;
/** A seventh goes to quarantine; of the others 1,340 fill a segment. */
const MESSAGE_BYTES = 50_000;
const BEFORE = 1_450;
const MESSAGES = 1_650;

/** Every seventh cannot become a reading and has to go to quarantine, which is a file of its own. */
function payloadOf(sequence: number): string {
  const ts = sequence % 7 === 0 ? 'never' : new Date(Date.now()).toISOString();
  const message = { seq: sequence, ts, metrics: { vibration: 2.4 }, rest: '' };
  return JSON.stringify({ ...message, rest: 'x'.repeat(MESSAGE_BYTES) });
}

test(
  'a disk that is full makes the broker wait, loses nothing, and is taken up again without a restart when there is room',
  { skip: whyNoSmallDisk(mkdtempSync(join(tmpdir(), 'small-'))) ?? false },
  async () => {
    await using world = await makeWorld();
    using disk = mountSmallDisk(join(world.folder, 'disk'), SMALL);
    await using broker = await startMosquitto(join(world.folder, 'mosquitto'), { tls: false });
    const { port } = new URL(broker.url);
    await using recorder = await startRecorder({ host: '127.0.0.1', port: Number(port) });
    const nowhere = {
      instanceUrl: 'http://127.0.0.1:1',
      pubsubEndpoint: 'localhost:1',
      pubsubCaFile: world.key.certificateFile,
      organizationId: '',
    };
    const dataDir = join(disk.folder, 'bridge');
    const config = {
      ...world.bridgeConfig(`mqtt://${broker.user}:x@127.0.0.1:${recorder.port}`, nowhere),
      dataDir,
      http: { host: '127.0.0.1', port: 0 },
    };
    const bridge = await world.launchBridge(config, { [PASSWORD_VARIABLE]: broker.password });
    await waitFor('the bridge listens', () => listening(bridge.output()), 20_000);
    const url = /"httpUrl":"([^"]+)"/.exec(bridge.output())?.[1] ?? '';
    const readiness = async (): Promise<string> => (await fetch(`${url}/readyz`)).text();
    await waitFor('it has subscribed', async () => subscribed(await readiness()), 20_000);

    const login = { username: broker.user, password: broker.password };
    await using feed = await connectFeed(broker.url, login);
    const send = async (from: number, to: number): Promise<void> => {
      for (let sequence = from; sequence < to; sequence += 1) {
        await feed.send('plant/pump/pump-0001/telemetry', payloadOf(sequence));
      }
    };
    await send(0, 100);
    await waitFor('they are safe', () => recorder.acknowledged.size === 100 || undefined, 20_000);

    await send(100, BEFORE);
    await disk.fill();
    await send(BEFORE, MESSAGES);
    await waitFor(
      'the disk is told',
      () => /no space left/.test(bridge.output()) || undefined,
      20_000,
    );
    const before = recorder.acknowledged.size;
    assert.ok(before < MESSAGES, 'the broker waits');
    assert.match(await readiness(), /no space left/);

    disk.resize(LARGE);
    await waitFor(
      'everything is acknowledged',
      () => recorder.acknowledged.size === MESSAGES || undefined,
      150_000,
    );
    bridge.kill('SIGKILL');
    await bridge.ended;
    const kept = readKept(dataDir);
    const stored = new Set([...kept.logged, ...kept.quarantined]);
    assert.equal(stored.size, MESSAGES);
    assert.equal(new Set(kept.quarantined).size, Math.ceil(MESSAGES / 7));
  },
);

const listening = (output: string): true | undefined =>
  output.includes('"httpUrl"') ? true : undefined;
const subscribed = (body: string): true | undefined =>
  /"mqtt":\{"ok":true/.test(body) ? true : undefined;
