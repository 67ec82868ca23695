import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readRecording } from '../fleet/readRecording.ts';
import { UsageError } from '../fleet/usage.ts';
import type { DataFolder } from './dataFolder.ts';
import { takeDataFolder } from './dataFolder.ts';
import { endSession } from './endSession.ts';
import { startFleet } from './fleetProcess.ts';
import type { DemoOptions } from './options.ts';
import { demoUsage, parseDemoOptions } from './options.ts';
import { listenForKeys } from './keyboard.ts';
import { makeChildren } from './processes.ts';
import { describeVerdict } from './result.ts';
import { checkResultFile } from './resultFile.ts';
import { runToVerdict } from './runTask.ts';
import type { Screen } from './screen.ts';
import { makeScreen } from './screen.ts';
import { startSurround } from './start.ts';
import { describeSurroundings } from './surroundings.ts';
import { makeWatcher } from './watch.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const now = Date.now;
const startedAt = now();

/** Ctrl-C as a key: a terminal that gives us keys does not make it a signal. */
const interrupt = (): void => void process.kill(process.pid, 'SIGINT');

/** The person asked for the end; not a failure of a live demo. */
class Stopped extends Error {}

async function main(): Promise<number> {
  const options = parseDemoOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(demoUsage);
    return 0;
  }
  const recordedRows = await countRows(options);
  if (options.json !== undefined) await checkResultFile(options.json);
  const folder = await takeDataFolder(root, options.data);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop.abort(new Stopped(`stopped by ${signal}`)));
  }
  const screen = makeScreen(process.stdout, now, startedAt);
  try {
    return await run(options, recordedRows, folder, stop.signal, screen);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    screen.say(`${error.message}; everything the demo started has ended`);
    return options.task.kind === 'live' ? 0 : 130;
  }
}

async function run(
  options: DemoOptions,
  recordedRows: number | undefined,
  folder: DataFolder,
  stop: AbortSignal,
  screen: Screen,
): Promise<number> {
  await using children = makeChildren();
  const signal = AbortSignal.any([stop, children.failure]);
  const step = (text: string): void => screen.step(text);
  const surround = await startSurround({ root, options, folder, children, step, now, signal });
  const fleetLog = folder.file('fleet.ndjson');
  const fleet = await startFleet(root, options, surround.brokerUrl, folder, children);
  const places = { fleetLog, bridgeFile: surround.bridgeFile, org: surround.org };
  const watcher = makeWatcher({ ...surround, fleetLog, now, startedAt });
  step(describeStart(options));
  const [first] = surround.assets;
  if (first !== undefined) step(`Asset page of ${first[0]}: ${surround.instanceUrl}/${first[1]}`);

  const stopPicture = screen.follow(watcher, describeSurroundings(options, surround, folder));
  try {
    if (options.task.kind === 'live') {
      using keys = new DisposableStack();
      keys.use(listenForKeys(process.stdin, (line) => fleet.say(line), interrupt));
      return await untilAborted(signal);
    }
    const verdict = await runToVerdict({
      options,
      places,
      fleet,
      watcher,
      recordedRows,
      step,
      elapsedSeconds: () => (now() - startedAt) / 1000,
      signal,
    });
    await stopPicture();
    screen.say(describeVerdict(verdict));
    if (options.json !== undefined) {
      await writeFile(options.json, `${JSON.stringify(verdict.report, null, 2)}\n`);
    }
    return verdict.problems.length === 0 ? 0 : 1;
  } finally {
    await stopPicture();
    await children[Symbol.asyncDispose]();
    if (options.broker !== undefined) await endSession(options.broker, surround.mqttClientId);
  }
}

/** Beyond this many devices (2 readings a second each) a common disk cannot keep up for long. */
const MANY_DEVICES = 150;

function describeStart({ task }: DemoOptions): string {
  if (task.kind === 'recording') return 'playing the recording';
  if (task.devices <= MANY_DEVICES) return 'the fleet is speaking';
  return (
    `the fleet is speaking: ${task.devices * 2} readings a second, each committed by itself; ` +
    `where the disk cannot keep up, faults are noticed late or missed`
  );
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** The rows of the recording, counted before anything is started. */
async function countRows({ task }: DemoOptions): Promise<number | undefined> {
  return task.kind === 'recording'
    ? (await readRecording('--replay', task.file)).length
    : undefined;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(error instanceof Error ? error.message : String(error));
  if (isUsage) console.error('npm start -- --help lists every option.');
  process.exitCode = isUsage ? 2 : 1;
}
