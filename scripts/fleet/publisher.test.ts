import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { Aedes } from 'aedes';

import { makeDevice } from './device.ts';
import { playPlan } from './director.ts';
import { openEvidenceLog } from './evidence.ts';
import { listDevices } from './plan.ts';
import type { Plan } from './plan.ts';
import { connectPublisher, withoutPassword } from './publisher.ts';
import { makeRandom } from './random.ts';
import { parseRecording, playRecording } from './recording.ts';
import { runFleet } from './run.ts';

/** A broker that keeps what it has acknowledged; it may refuse a password. */
async function startBroker(password?: string) {
  const taken: { topic: string; payload: string }[] = [];
  const broker = await Aedes.createBroker({
    authenticate: (_client, _user, given, done) =>
      done(null, password === undefined || given?.toString() === password),
    published: (packet, client, done) => {
      if (client !== null) taken.push({ topic: packet.topic, payload: packet.payload.toString() });
      done();
    },
  });
  const server = createServer(broker.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    taken,
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise<void>((resolve) => {
        broker.close(() => server.close(() => resolve()));
      }),
  };
}

describe('publishing to a broker', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleet-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const readLog = async (file: string): Promise<Record<string, unknown>[]> =>
    (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('logs exactly the messages that the broker has taken, storms included', async () => {
    const broker = await startBroker();
    const file = join(folder, 'f.ndjson');
    const planned = listDevices(3);
    const plan: Plan = {
      faults: [{ device: 'pump-001', kind: 'silence', from: 100, to: 2000 }],
      storm: { device: 'chiller-001', from: 200, to: 700, messages: 1200 },
      endMs: 1500,
    };
    {
      await using publisher = await connectPublisher(`mqtt://127.0.0.1:${broker.port}`, 50);
      await using evidence = await openEvidenceLog(file);
      const random = makeRandom(1);
      await runFleet({
        devices: planned.map(({ key, type }) => makeDevice(key, type, random.fork(key))),
        director: playPlan(plan, Date.now()),
        publisher,
        evidence,
        listReadings: true,
        linger: false,
        now: Date.now,
        signal: new AbortController().signal,
      });
      assert.equal(await publisher.settle(5000), 0);
      assert.equal(publisher.acknowledged(), broker.taken.length);
    }
    await broker.stop();
    const lines = await readLog(file);
    const readings = lines.filter(({ kind }) => kind === 'reading');
    const name = (...parts: unknown[]): string => JSON.stringify(parts);
    const logged = readings.map(({ topic, ts, seq }) => name(topic, ts, seq)).toSorted();
    const taken = broker.taken.map(({ topic, payload }) => {
      const { ts, seq } = JSON.parse(payload) as { ts: string; seq: number };
      return name(topic, ts, seq);
    });
    assert.deepEqual(logged, taken.toSorted());
    assert.equal(new Set(logged).size, logged.length);
    const of = (device: string): number => readings.filter((r) => r['device'] === device).length;
    assert.ok(of('chiller-001') >= 1200);
    assert.ok(of('pump-001') <= 1, 'the silent device spoke before its fault at most');
    assert.deepEqual(
      lines.filter(({ kind }) => kind !== 'reading').map(({ kind }) => kind),
      ['fault', 'storm', 'played'],
    );
  });

  it('sends a recording row by row, in order', async () => {
    const broker = await startBroker();
    const file = join(folder, 'r.ndjson');
    const rows = parseRecording('timestamp,value\n2020-01-01,1\n2020-01-02,2.5\n', 'x.csv');
    {
      await using publisher = await connectPublisher(`mqtt://127.0.0.1:${broker.port}`, 1);
      await using evidence = await openEvidenceLog(file);
      const { signal } = new AbortController();
      const common = { publisher, evidence, now: Date.now, signal };
      await playRecording({ ...common, rows, device: 'a', metric: 'm' });
      assert.equal(await publisher.settle(5000), 0);
    }
    await broker.stop();
    assert.deepEqual(broker.taken, [
      {
        topic: 'recordings/a/telemetry',
        payload: '{"ts":"2020-01-01T00:00:00.000Z","seq":1,"metrics":{"m":1}}',
      },
      {
        topic: 'recordings/a/telemetry',
        payload: '{"ts":"2020-01-02T00:00:00.000Z","seq":2,"metrics":{"m":2.5}}',
      },
    ]);
    assert.equal((await readLog(file)).length, 2);
  });

  it('says at once when the password is wrong, without showing it', async () => {
    const broker = await startBroker('right');
    const url = `mqtt://me:wrong@127.0.0.1:${broker.port}`;
    await assert.rejects(connectPublisher(url, 1), (error: Error) => {
      assert.match(error.message, /cannot connect to the MQTT broker at mqtt:\/\/me:\*\*\*@/);
      assert.ok(!error.message.includes('wrong@'));
      return true;
    });
    await broker.stop();
  });

  it('writes nothing into a folder that does not exist, and says so', async () => {
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(openEvidenceLog(join(folder, 'file', 'f.ndjson')), /ENOTDIR/);
  });
});

describe('a URL that is shown', () => {
  it('has no password', () => {
    assert.equal(withoutPassword('mqtt://a:b@h:1883'), 'mqtt://a:***@h:1883');
    assert.equal(withoutPassword('mqtt://h:1883'), 'mqtt://h:1883');
  });
});
