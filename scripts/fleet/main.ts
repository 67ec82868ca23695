import { createInterface } from 'node:readline';

import { makeDevice } from './device.ts';
import { improvise, playPlan } from './director.ts';
import type { EvidenceLog } from './evidence.ts';
import { openEvidenceLog } from './evidence.ts';
import { injectByLine } from './inject.ts';
import type { FleetOptions } from './options.ts';
import { fleetUsage, parseFleetOptions } from './options.ts';
import { listDevices, makePlan } from './plan.ts';
import type { Publisher } from './publisher.ts';
import { connectPublisher } from './publisher.ts';
import { makeRandom } from './random.ts';
import { readRecording } from './readRecording.ts';
import { playRecording } from './recording.ts';
import { runFleet } from './run.ts';
import { UsageError } from './usage.ts';

/**
 * Unacknowledged messages at a time: enough to keep a connection busy, few enough that a
 * broker which stops answering is noticed within a second of a storm.
 */
const WINDOW = 200;
/** How long a broker may take for the last acknowledgements. */
const SETTLE_MS = 30_000;

async function main(): Promise<number> {
  const options = parseFleetOptions(process.argv.slice(2));
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());

  const play = await prepare(options.task, stop.signal);
  await using publisher = await connectPublisher(options.broker, WINDOW);
  await using evidence = await openEvidenceLog(options.log);
  await play(publisher, evidence);

  const unacknowledged = await publisher.settle(SETTLE_MS);
  const acknowledged = publisher.acknowledged();
  evidence.add({ kind: 'end', acknowledged, unacknowledged });
  console.log(`fleet: ${acknowledged} messages acknowledged`);
  if (unacknowledged === 0) return 0;
  console.error(
    `fleet: ${unacknowledged} messages were not acknowledged within ${SETTLE_MS / 1000} s; ` +
      `is the broker still running?`,
  );
  return 1;
}

type Play = (publisher: Publisher, evidence: EvidenceLog) => Promise<void>;

/** Everything that can be wrong with the task is said here, before anything is sent. */
async function prepare(task: FleetOptions['task'], signal: AbortSignal): Promise<Play> {
  const now = Date.now;
  if (task.kind === 'recording') {
    const rows = await readRecording('--recording', task.file);
    return (publisher, evidence) =>
      playRecording({ ...task, rows, publisher, evidence, now, signal });
  }
  const random = makeRandom(task.seed);
  const planned = listDevices(task.devices);
  const devices = planned.map(({ key, type }) => makeDevice(key, type, random.fork(key)));
  const plan = makePlan(planned, task.faults, random.fork('plan'));
  return async (publisher, evidence) => {
    const common = { devices, publisher, evidence, now, signal, linger: task.linger };
    if (task.kind === 'once') {
      await runFleet({ ...common, director: playPlan(plan, now()), listReadings: true });
      return;
    }
    const keys = devices.map((device) => device.key);
    const director = improvise(keys, now(), random.fork('live'));
    const lines = createInterface({ input: process.stdin });
    lines.on('line', (line) => console.log(`fleet: ${injectByLine(line, director, now())}`));
    await runFleet({ ...common, director, listReadings: false });
    lines.close();
  };
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(`fleet: ${error instanceof Error ? error.message : String(error)}`);
  if (isUsage) console.error(`\n${fleetUsage}`);
  process.exitCode = isUsage ? 2 : 1;
}
