import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Org } from '../../demo/org.ts';
import { startNode } from '../../system/child.ts';
import { startMosquitto } from '../../system/mosquitto.ts';
import { waitFor } from '../../system/wait.ts';
import { makeWorld } from '../../system/world.ts';
import { countWithoutResult } from '../contestants/naiveBatches.ts';
import { countCases } from '../kills/cases.ts';
import type { InjectorOptions } from '../kills/injector.ts';
import { readLedger } from '../kills/ledger.ts';
import { deviceKey } from '../kills/plan.ts';
import { startRecorder } from '../kills/recorder.ts';
import type { Contender, ContenderName, Surroundings } from './contender.ts';
import { makeNaive } from './naive.ts';
import { makeNodeRed } from './nodeRed.ts';
import { makeOurs } from './ours.ts';
import type { Scenario } from './scenarios.ts';
import { supervise } from './supervisor.ts';

export interface LossOptions {
  readonly scenario: Scenario;
  readonly contender: ContenderName;
  readonly brokerSettings: readonly string[];
  /** Each has one fault. */
  readonly devices: number;
  readonly seed: number;
}

/** Counted in the org and by the injector, never by the contender. */
export interface LossResult {
  /** Faults that were injected. */
  readonly expected: number;
  /** Faults with a Case. */
  readonly delivered: number;
  readonly lost: number;
  /** Cases beyond the first of their fault. */
  readonly doubled: number;
  /** Messages the broker acknowledged to the devices and never offered to the contender. */
  readonly droppedByBroker: number;
  /** How often the contender died by itself. */
  readonly crashes: number;
  readonly lastWords: string;
  /** Events it published in batches and was told no result of; 0 where it tells no numbers. */
  readonly withoutResult: number;
}

const MAKERS: Readonly<Record<ContenderName, (around: Surroundings) => Promise<Contender>>> = {
  ours: makeOurs,
  nodeRed: makeNodeRed,
  naive: makeNaive,
};

/** Between two messages of a device, and between two faults; the trouble begins after so many of them. */
const EVERY_MS = 500;
const FAULT_EVERY_MS = 100;
const BEFORE_TROUBLE = 40;
/** Nothing has arrived for so long, though there is nothing to wait for any more: what is missing is lost. */
const QUIET_MS = 20_000;
/** Ours pauses for up to a minute after an outage. */
const PATIENCE_MS = 150_000;

/** One scenario for one contender: a broker, an org and an injector of its own. */
export async function runLoss(options: LossOptions): Promise<LossResult> {
  const { scenario, devices, seed } = options;
  await using world = await makeWorld();
  await using broker = await startMosquitto(join(world.folder, 'mosquitto'), {
    tls: false,
    settings: [
      'allow_anonymous true',
      'autosave_on_changes false',
      'autosave_interval 1800',
      ...options.brokerSettings,
    ],
  });
  await using recorder = await startRecorder({
    host: '127.0.0.1',
    port: Number(new URL(broker.url).port),
  });
  const orgArgs = scenario.orgFaults.flatMap((fault) => ['--fault', fault]);
  let org = await world.startOrg(orgArgs);
  const { state } = org;
  const keys = Array.from({ length: devices }, (_, index) => deviceKey(index));
  const assets = await world.seed(
    await world.admin(state),
    keys.map((key) => ({ key, type: 'pump' })),
  );
  const folder = join(world.folder, options.contender);
  await mkdir(folder);
  const brokerUrl = `mqtt://127.0.0.1:${recorder.port}`;
  const { keepsSession, naiveBatchMs } = scenario;
  const batches = naiveBatchMs === undefined ? {} : { naiveBatchMs };
  const around = { world, state, brokerUrl, keepsSession, folder, ...batches };
  await using contender = await supervise(await MAKERS[options.contender](around));

  const ledgerFile = join(world.folder, 'ledger.ndjson');
  const injection: InjectorOptions = {
    url: broker.url,
    ledger: ledgerFile,
    seed,
    devices,
    everyMs: EVERY_MS,
    faultEveryMs: FAULT_EVERY_MS,
    faultMs: 0,
    faultMessages: 1,
    badEvery: 0,
    faultsWait: true,
    kinds: ['bearing-wear'],
  };
  await using injector = startNode([
    join(import.meta.dirname, '../kills/injector.ts'),
    JSON.stringify(injection),
  ]);
  const heard = (): true | undefined => (recorder.acknowledged.size > devices ? true : undefined);
  try {
    await waitFor(`${options.contender} takes messages`, heard, 60_000);
  } catch (error) {
    throw new Error(`${String(error)}; it said: ${contender.output()}`, { cause: error });
  }
  injector.kill('SIGUSR2');
  await sleep(BEFORE_TROUBLE * FAULT_EVERY_MS);
  await scenario.breakIt({
    contender,
    async killOrg() {
      org.kill('SIGKILL');
      await org.ended;
    },
    async startOrg() {
      org = await world.startOrg(orgArgs);
    },
  });
  const allInjected = (): true | undefined =>
    readLedger(ledgerFile).faults.length === devices ? true : undefined;
  await waitFor('every fault is injected', allInjected, devices * FAULT_EVERY_MS + 60_000, 500);
  const cases = await untilSettled(await world.admin(state), assets, devices);
  injector.kill('SIGTERM');
  await injector.ended;
  await sleep(1_000);
  const counts = keys.map((key) => cases.get(key) ?? 0);
  const delivered = counts.filter((count) => count > 0).length;
  return {
    expected: devices,
    delivered,
    lost: devices - delivered,
    doubled: counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    droppedByBroker: readLedger(ledgerFile).acknowledged.difference(recorder.offered).size,
    crashes: contender.crashes(),
    lastWords: contender.lastWords(),
    withoutResult: countWithoutResult(join(folder, 'results.ndjson')),
  };
}

/** Until each fault has its Case, or nothing has come for a while; a little longer, for those that come twice. */
async function untilSettled(
  org: Org,
  assets: ReadonlyMap<string, string>,
  expected: number,
): Promise<ReadonlyMap<string, number>> {
  const end = Date.now() + PATIENCE_MS;
  let before = -1;
  let since = Date.now();
  for (;;) {
    const cases = await countCases(org, assets);
    if (cases.size !== before) since = Date.now();
    before = cases.size;
    const isQuiet = Date.now() - since > QUIET_MS;
    if (cases.size === expected || isQuiet || Date.now() > end) {
      await sleep(3_000);
      return countCases(org, assets);
    }
    await sleep(1_000);
  }
}
