import { setTimeout as sleep } from 'node:timers/promises';

import { readFleetLog } from '../verify/fleetLog.ts';
import type { Verdict } from '../verify/report.ts';
import type { VerifyOptions } from '../verify/verify.ts';
import { verify } from '../verify/verify.ts';
import { readFile } from 'node:fs/promises';
import { openSecondCase } from './breakCase.ts';
import type { DemoOptions } from './options.ts';
import type { Child } from './processes.ts';
import type { EvidencePlaces } from './result.ts';
import { gatherEvidence, GRACE_MS, settle } from './result.ts';
import type { Watcher } from './watch.ts';

export interface TaskParts {
  readonly options: DemoOptions;
  readonly places: EvidencePlaces;
  readonly fleet: Child;
  readonly watcher: Watcher;
  /** Rows of the recording; absent for a scenario. */
  readonly recordedRows: number | undefined;
  readonly step: (text: string) => void;
  readonly elapsedSeconds: () => number;
  /** Aborted when a process dies or the person wants to stop. */
  readonly signal: AbortSignal;
}

/** A scenario is planned to take half a minute; a machine this slow cannot judge it. */
const SCENARIO_TIMEOUT_MS = 120_000;
/**
 * What is still on its way when the scenario is over has until then, counted from the start of
 * the demo: on a disk that takes 15 ms for a commit the storm is worked off after 75 s.
 */
const SETTLED_BY_MS = 110_000;
/** The least it has, where the start took long, and all it has in a replay. */
const SETTLE_MS = 40_000;
/** The same where a test broke something that will never come. */
const BROKEN_SETTLE_MS = 12_000;
/** The last readings have this long; silence becomes a fault after 8 s. */
const LAST_READINGS_MS = 5_000;
/** A recording that makes no progress for this long has stopped. */
const STALL_MS = 60_000;

/** Runs a scenario or a recording to its end and judges it. @throws Error when it cannot end */
export async function runToVerdict(parts: TaskParts): Promise<Verdict> {
  const { places, options, recordedRows, signal } = parts;
  const judge = (): VerifyOptions => ({
    graceMs: GRACE_MS,
    elapsedSeconds: Math.round(parts.elapsedSeconds() * 10) / 10,
    ...(recordedRows === undefined ? {} : { recordedRows }),
  });
  if (recordedRows === undefined) await playScenario(parts, judge());
  else await playRecording(parts, judge());
  if (options.break === 'case') await breakCase(places);
  signal.throwIfAborted();
  return verify(await gatherEvidence(places), judge());
}

async function playScenario(parts: TaskParts, judge: VerifyOptions): Promise<void> {
  const { options, places, fleet, watcher, step, signal } = parts;
  const ends = performance.now() + SCENARIO_TIMEOUT_MS;
  while (!watcher.isPlayed()) {
    signal.throwIfAborted();
    if (performance.now() > ends) {
      throw new Error(
        `the fleet has not played its scenario within ${SCENARIO_TIMEOUT_MS / 1000} s; see fleet.log`,
      );
    }
    await sleep(100);
  }
  step('all faults are over; waiting for what is still on its way');
  const isBroken = options.break === 'publish' || options.break === 'reading';
  const leftMs = Math.max(SETTLE_MS, SETTLED_BY_MS - 1000 * parts.elapsedSeconds());
  const patience = isBroken ? BROKEN_SETTLE_MS : leftMs;
  await settle(places, judge, true, patience, signal);
  await fleet.stop();
  await settle(places, judge, false, LAST_READINGS_MS, signal);
}

async function playRecording(parts: TaskParts, judge: VerifyOptions): Promise<void> {
  const { options, places, fleet, watcher, step, signal } = parts;
  const isPaced = options.task.kind === 'recording' && options.task.speed !== undefined;
  let seen = -1;
  let movedAt = performance.now();
  while (fleet.isRunning()) {
    signal.throwIfAborted();
    if (watcher.acknowledged() !== seen) {
      seen = watcher.acknowledged();
      movedAt = performance.now();
    }
    if (!isPaced && performance.now() - movedAt > STALL_MS) {
      throw new Error(
        `the broker has acknowledged nothing for ${STALL_MS / 1000} s; see fleet.log`,
      );
    }
    await sleep(100);
  }
  step('every row is acknowledged; waiting for what is still on its way');
  await settle(places, judge, false, SETTLE_MS, signal);
}

async function breakCase({ fleetLog, org }: EvidencePlaces): Promise<void> {
  const { faults } = readFleetLog(await readFile(fleetLog, 'utf8'));
  const [first] = faults;
  if (first === undefined) throw new Error('--break case needs at least one fault');
  await openSecondCase(org, first.device);
}
