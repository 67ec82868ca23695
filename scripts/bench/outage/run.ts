import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { startBridge } from '../contestants/ours.ts';
import { askMemory } from '../memory/usage.ts';
import { lastPosition } from '../overload/lastPosition.ts';
import { makeBenchFolder } from '../programs/folder.ts';
import { startLoadSource } from '../programs/loadSource.ts';
import { startOrg } from '../programs/org.ts';
import { residentBytes, residentParts } from '../programs/usage.ts';
import { timeLeft } from '../timeLeft.ts';
import { makeGate } from './gate.ts';

export interface OutageOptions {
  /** Messages fed while the org is away. */
  readonly readings: number;
  /** Share of them that is a signal. */
  readonly signals: number;
  readonly say: (line: string) => void;
}

export interface Sample {
  /** Seconds since feeding began. */
  readonly second: number;
  readonly acknowledged: number;
  readonly residentMb: number;
  /** Events that have arrived at the org so far. */
  readonly events: number;
  /** Resident memory of its own, and pages of files (Node itself). */
  readonly ownMb: number;
  readonly filesMb: number;
  /** What V8 says of itself: room it has taken, what is in use of it, and buffers outside. */
  readonly heapMb: number;
  readonly heapUsedMb: number;
  readonly externalMb: number;
}

export interface OutageResult {
  readonly acknowledged: number;
  readonly logged: number;
  readonly expected: number;
  readonly arrived: number;
  readonly repeats: number;
  readonly feedSeconds: number;
  readonly drainSeconds: number;
  /** The most events that arrived in one second of the drain. */
  readonly fastest: number;
  readonly mostMb: number;
  /** Largest size of the bridge's folder. */
  readonly diskMb: number;
  readonly samples: readonly Sample[];
}

/** Ten thousand devices with four metrics, 5,000 messages a second in real life; here as fast as they are taken. */
const DEVICES = 10_000;
const WINDOW = 10_000;
const CLOCK = pathToFileURL(join(import.meta.dirname, 'movedClock.ts')).href;
const MEMORY = pathToFileURL(join(import.meta.dirname, '../memory/tellMemory.ts')).href;
/** Asks the bridge for its memory; the usual signal moves its clock. */
const ASK = 'SIGCONT';
const MB = 2 ** 20;
/** After the clock has moved, so that what is due by time gets its turn before the org is back. */
const PAUSE_MS = 5_000;
const DRAIN_MS = 60 * 60_000;
/** No event for so long: there is nothing more to come. */
const STALLED_MS = 120_000;

/** An hour's readings while the org is away, the clock of the bridge an hour later, then the org is back. */
export async function runOutage({ readings, signals, say }: OutageOptions): Promise<OutageResult> {
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await makeBenchFolder('outage'));
  const org = stack.use(await startOrg(folder));
  const rest = stack.use(await makeGate(Number(new URL(org.loginUrl).port)));
  const pubSub = stack.use(await makeGate(Number(org.endpoint.split(':')[1])));
  const source = stack.use(
    await startLoadSource({ devices: DEVICES, signals, window: WINDOW }, folder),
  );
  const places = {
    url: source.url,
    folder,
    org: {
      ...org,
      loginUrl: `http://127.0.0.1:${rest.port}`,
      endpoint: `localhost:${pubSub.port}`,
    },
  };
  const memoryFile = join(folder, 'memory.json');
  const env = { BENCH_MEMORY_FILE: memoryFile, BENCH_MEMORY_SIGNAL: ASK };
  const nodeArgs = ['--import', CLOCK, '--import', MEMORY];
  const bridge = stack.use(await startBridge(places, { charts: false }, nodeArgs, env));
  await source.ready();

  const startedAt = Date.now();
  const samples: Sample[] = [];
  let diskMb = 0;
  const sample = async () => {
    const [{ counts }, { counts: told }] = [await source.report(true), await org.report()];
    const second = Math.round((Date.now() - startedAt) / 1_000);
    const events = told.opened + told.cleared;
    const residentMb = residentBytes(bridge.pid) / MB;
    const { own, files } = residentParts(bridge.pid);
    const usage = await askMemory(bridge.pid, memoryFile, ASK);
    samples.push({
      second,
      acknowledged: counts.acknowledged,
      residentMb,
      events,
      ownMb: own / MB,
      filesMb: files / MB,
      heapMb: usage.heapTotal / MB,
      heapUsedMb: usage.heapUsed / MB,
      externalMb: usage.external / MB,
    });
    diskMb = Math.max(diskMb, folderBytes(join(folder, 'data')) / MB);
    return { counts, told, events };
  };

  source.setRate(Number.POSITIVE_INFINITY);
  let tenth = 0;
  for (;;) {
    await sleep(500);
    const { counts } = await sample();
    if (counts.sent >= readings) break;
    if (Math.floor((10 * counts.sent) / readings) === tenth) continue;
    tenth = Math.floor((10 * counts.sent) / readings);
    const of = `${counts.sent.toLocaleString('en-US')} of ${readings.toLocaleString('en-US')}`;
    const left = timeLeft(Date.now() - startedAt, counts.sent / readings);
    say(`  ${of} readings, org away, ${samples.at(-1)?.residentMb.toFixed(0)} MB; ${left}`);
  }
  source.setRate(0);
  for (let all = false; !all; await sleep(500)) {
    const { counts } = await sample();
    all = counts.acknowledged === counts.sent;
  }
  const feedSeconds = (Date.now() - startedAt) / 1_000;
  process.kill(bridge.pid, 'SIGUSR2');
  await sleep(PAUSE_MS);
  say('  the clock is an hour later and the org is back');
  await rest.open();
  await pubSub.open();

  const backAt = Date.now();
  tenth = 1;
  let before = 0;
  let fastest = 0;
  let movedAt = Date.now();
  let last = await sample();
  const expected = last.counts.beyond + last.counts.back;
  while (last.events < expected && Date.now() - backAt < DRAIN_MS) {
    await sleep(1_000);
    last = await sample();
    fastest = Math.max(fastest, last.events - before);
    if (last.events > before) movedAt = Date.now();
    before = last.events;
    if (last.events >= (tenth * expected) / 10) {
      tenth = Math.floor((10 * last.events) / expected) + 1;
      const left = timeLeft(Date.now() - backAt, last.events / expected);
      say(`  ${last.events} of ${expected} events have arrived; ${left}`);
    }
    if (Date.now() - movedAt > STALLED_MS) break;
  }
  const drainSeconds = (Date.now() - backAt) / 1_000;
  return {
    acknowledged: last.counts.acknowledged,
    logged: lastPosition(join(folder, 'data/log')),
    expected,
    arrived: last.events,
    repeats: last.told.repeats,
    feedSeconds,
    drainSeconds,
    fastest,
    mostMb: Math.max(...samples.map(({ residentMb }) => residentMb)),
    diskMb,
    samples,
  };
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => {
      // What is listed may be dropped before it is looked at.
      const found = statSync(join(parentPath, name), { throwIfNoEntry: false });
      return sum + (found?.size ?? 0);
    }, 0);
}
