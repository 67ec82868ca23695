import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { PASSWORD_VARIABLE } from '../../demo/bridgeConfig.ts';
import type { Org } from '../../demo/org.ts';
import { makeRandom } from '../../fleet/random.ts';
import { startNode } from '../../system/child.ts';
import type { Child } from '../../system/child.ts';
import { startMosquitto } from '../../system/mosquitto.ts';
import { waitFor } from '../../system/wait.ts';
import { makeWorld, untilReady } from '../../system/world.ts';
import type { BridgeConfig } from '../../system/world.ts';
import { timeLeft } from '../timeLeft.ts';
import { isClean, readKept, takeAccount } from './account.ts';
import type { Account } from './account.ts';
import { countCases } from './cases.ts';
import type { InjectorOptions } from './injector.ts';
import { readLedger } from './ledger.ts';
import { deviceKey, POLICIES } from './plan.ts';
import { makeProgress } from './progress.ts';
import { startRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { killOnce } from './victims.ts';
import type { Running, Victim, VictimName } from './victims.ts';

export interface CampaignOptions {
  readonly victims: readonly VictimName[];
  readonly kills: number;
  /** The same seed gives the same faults and the same order of kills; not the same moments. */
  readonly seed: number;
  readonly devices: number;
  readonly everyMs: number;
  readonly faultEveryMs: number;
  readonly say: (line: string) => void;
  /** Where the folder of a campaign that found something is kept. */
  readonly keepIn?: string;
}

/** Healthy again well before it is judged; shorter than the pumps' own silence. */
const FAULT_MS = 6_000;
/** A broker that is killed may lose a second of them; the rest has to be enough for 2 s. */
const FAULT_MESSAGES = 6;
/** Openings last 2 s and clearings 2 s of a pump's time. */
const SETTLE_MS = FAULT_MS + 4_000;
/** What is missing is missing when nothing more has happened for so long: longer than any pause of the bridge. */
const STALLED_MS = 120_000;
/** The broker offers nothing more and nothing is acknowledged any more. */
const QUIET_MS = 30_000;
/** To write down its state after each change costs a broker more than the messages: only where it is killed. */
const QUICK_BROKER = ['autosave_on_changes false', 'autosave_interval 1800'];
/** Time in which a Case too many would still appear. */
const AFTERWARDS_MS = 3_000;
/** Between two kills at least and at most, beside the time of a start. */
const PAUSE_MS = { least: 100, most: 2_000 };

/**
 * A real Mosquitto, bridge and local org under load, of which some are killed again and again; afterwards everything is
 * counted by others than the bridge: the injector, the recorder before the broker, the log's files, the org's records.
 */
export async function runCampaign(options: CampaignOptions): Promise<Account> {
  const { victims, kills, seed, devices, everyMs, faultEveryMs, say } = options;
  const random = makeRandom(seed);
  await using world = await makeWorld();
  await using broker = await startMosquitto(join(world.folder, 'mosquitto'), {
    tls: false,
    settings: victims.includes('broker') ? [] : QUICK_BROKER,
  });
  const { port } = new URL(broker.url);
  await using recorder = await startRecorder({ host: '127.0.0.1', port: Number(port) });

  // Nobody says in public what a duplicate in a batch fails; each seed takes one of the readings.
  const assume = ['--assume', `duplicate-in-batch=${random.integer(0, 1) === 0 ? 'row' : 'batch'}`];
  const org = await world.startOrg(assume);
  const admin = await world.admin(org.state);
  const keys = Array.from({ length: devices }, (_, index) => deviceKey(index));
  const assets = await world.seed(
    admin,
    keys.map((key) => ({ key, type: 'pump' })),
  );
  const login = `${broker.user}:${broker.password}@`;
  const config = impatient(
    await world.withPolicies(
      world.bridgeConfig(`mqtt://${login}127.0.0.1:${recorder.port}`, org.state),
      POLICIES,
    ),
  );
  const secrets = { [PASSWORD_VARIABLE]: broker.password };
  const bridge = await world.startBridge(config, secrets);
  await untilReady(bridge);

  const all: Readonly<Record<VictimName, Victim & { readonly child: Child }>> = {
    bridge: {
      name: 'bridge',
      child: bridge,
      start: () => world.startBridge(config, secrets),
      launch: () => world.launchBridge(config, secrets),
    },
    org: { name: 'org', child: org, start: () => world.startOrg(assume) },
    broker: {
      name: 'broker',
      child: broker.process(),
      start: async () => {
        await broker.restart('SIGKILL');
        return broker.process();
      },
    },
  };
  const everyone = Object.values(all).map((victim): Running => ({ victim, child: victim.child }));
  const running = everyone.filter(({ victim }) => victims.includes(victim.name));

  const ledgerFile = join(world.folder, 'ledger.ndjson');
  const injection: InjectorOptions = {
    url: broker.url.replace('://', `://${login}`),
    ledger: ledgerFile,
    seed,
    devices,
    everyMs,
    faultEveryMs,
    faultMs: FAULT_MS,
    faultMessages: FAULT_MESSAGES,
  };
  const program = join(import.meta.dirname, 'injector.ts');
  await using injector = startNode([program, JSON.stringify(injection)]);
  await waitFor('the injector sends', () => (recorder.offered.size > 0 ? true : undefined), 20_000);

  let isOver = false;
  const watch = async (): Promise<void> => {
    const code = await injector.ended;
    if (!isOver) throw new Error(`the injector ended with ${code}: ${injector.output()}`);
  };
  const died = watch();
  died.catch(() => undefined);
  const startedAt = Date.now();
  for (let kill = 1; kill <= kills; kill += 1) {
    await sleep(PAUSE_MS.least + random.uniform() * (PAUSE_MS.most - PAUSE_MS.least));
    await Promise.race([killOnce(running, random), died]);
    if (kill % Math.ceil(kills / 10) === 0) {
      const left = timeLeft(Date.now() - startedAt, kill / kills);
      say(
        `  ${kill} of ${kills} kills: ${recorder.acknowledged.size} messages acknowledged, ${left}`,
      );
    }
  }
  injector.kill('SIGUSR2');
  await sleep(SETTLE_MS);
  // The org may have been killed; its session is not the one of the beginning.
  const after = await world.admin(org.state);
  const { faults } = readLedger(ledgerFile);
  await untilSettled(after, faults.length, say);
  // Counted while the pumps still talk: their silence afterwards is a fault, too.
  await sleep(AFTERWARDS_MS);
  const cases = await countCases(after, assets);
  isOver = true;
  injector.kill('SIGTERM');
  await died;
  await untilQuiet(recorder);
  const kept = readKept(join(world.folder, 'bridge'));
  const account = takeAccount(readLedger(ledgerFile), recorder, kept, cases);
  if (!isClean(account) && options.keepIn !== undefined) {
    await cp(world.folder, options.keepIn, { recursive: true });
    for (const { victim, child } of everyone) {
      await writeFile(join(options.keepIn, `${victim.name}.txt`), child.output());
    }
    say(`  the data of this campaign is kept in ${options.keepIn}`);
  }
  return account;
}

/** Tries come soon after each other, or most of a campaign would be the pauses of the bridge. */
function impatient(config: BridgeConfig): BridgeConfig {
  const salesforce = z.record(z.string(), z.unknown()).parse(config['salesforce']);
  return { ...config, salesforce: { ...salesforce, retry: { first: '200ms', max: '1s' } } };
}

/** Until each fault is opened and cleared in the org, or nothing more happens; what is missing is counted afterwards. */
async function untilSettled(org: Org, faults: number, say: CampaignOptions['say']): Promise<void> {
  const count = (where: string): Promise<number> =>
    org.count(`SELECT COUNT() FROM Asset_Signal__c WHERE ${where}`);
  const progress = makeProgress(STALLED_MS);
  for (let tries = 0; ; tries += 1) {
    const acted = await count("Disposition__c = 'Acted'");
    const cleared = await count("Phase__c = 'Cleared' AND Disposition__c = 'Acted'");
    const open = await count("Disposition__c = 'Received'");
    if (cleared >= faults && open === 0) return;
    const where = `${cleared} of ${faults} faults cleared in the org, ${open} signals not disposed of`;
    if (tries % 20 === 0) say(`  ${where}`);
    if (progress.isStalled([acted, open])) {
      say(`  ${where}, and nothing more for ${STALLED_MS / 1_000} s`);
      return;
    }
    await sleep(500);
  }
}

/** Until the broker has nothing more to offer and all is acknowledged, or nothing more happens. */
async function untilQuiet(recorder: Recorder): Promise<void> {
  const progress = makeProgress(QUIET_MS);
  for (let before = -1; ; before = recorder.offered.size) {
    if (recorder.offered.size === before && recorder.pending() === 0) return;
    if (progress.isStalled([recorder.offered.size, recorder.acknowledged.size])) return;
    await sleep(1_000);
  }
}
