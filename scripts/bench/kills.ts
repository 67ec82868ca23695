import type { Benchmark } from './benchmark.ts';
import { isClean } from './kills/account.ts';
import type { Account } from './kills/account.ts';
import { runCampaign } from './kills/campaign.ts';
import { killsPage } from './kills/page.ts';
import type { CampaignResult } from './kills/page.ts';
import { VICTIMS } from './kills/victims.ts';
import type { VictimName } from './kills/victims.ts';

const KILLS = { full: 100, quick: 6 };
/** 800 messages a second. */
const LOAD = { devices: 400, everyMs: 500, faultEveryMs: 1_500 };
/**
 * Where Mosquitto is killed, it writes down its state after every change and then takes one packet of a client at a time: with
 * more, its own queue of acknowledgements grows until the connection is given up.
 */
const GENTLE_LOAD = { devices: 150, everyMs: 1_500, faultEveryMs: 1_500 };

const CAMPAIGNS: readonly { readonly name: string; readonly victims: readonly VictimName[] }[] = [
  { name: 'bridge', victims: ['bridge'] },
  { name: 'org', victims: ['org'] },
  { name: 'Mosquitto', victims: ['broker'] },
  { name: 'all three', victims: VICTIMS },
];

/** Programs killed with SIGKILL under load, again and again: what was acknowledged is there, and each fault has one Case. */
export const kills: Benchmark = {
  about: `${KILLS.full} kill -9 each of bridge, org, Mosquitto and all three under load: everything acknowledged is accounted for`,
  run: async ({ quick, say }) => {
    const count = quick ? KILLS.quick : KILLS.full;
    const campaigns: CampaignResult[] = [];
    const lines: string[] = [];
    const chosen = chooseCampaigns(process.env['BENCH_ONLY']);
    say(
      `${chosen.length} campaigns of ${count} kills, about ${quick ? 1 : 8} min each on two cores`,
    );
    for (const { name, victims } of chosen) {
      const seed = Number(process.env['BENCH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
      say(`${name}: ${count} kills, seed ${seed} (BENCH_SEED=${seed} repeats it)`);
      const gentle = victims.includes('broker');
      const load = gentle ? GENTLE_LOAD : quick ? { ...LOAD, devices: 150 } : LOAD;
      const keepIn = `.data/kills-${name.replaceAll(' ', '-')}-${seed}`;
      const account = await runCampaign({ victims, kills: count, seed, ...load, say, keepIn });
      const messagesPerSecond = (load.devices * 1_000) / load.everyMs;
      campaigns.push({ name, kills: count, seed, messagesPerSecond, ...account });
      lines.push(describe(name, count, account));
      say(lines.at(-1) ?? '');
    }
    if (!campaigns.every(isClean)) process.exitCode = 1;
    return {
      lines,
      data: { clean: campaigns.every(isClean), campaigns },
      pages: killsPage(campaigns),
    };
  },
};

/** @param names those to run, with commas between; none named: all */
function chooseCampaigns(names: string | undefined): typeof CAMPAIGNS {
  if (names === undefined) return CAMPAIGNS;
  const wanted = names.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => CAMPAIGNS.every((one) => one.name !== name));
  if (unknown.length > 0) {
    const all = CAMPAIGNS.map(({ name }) => name).join(', ');
    throw new Error(`BENCH_ONLY names no campaign with '${unknown.join(', ')}'; there are: ${all}`);
  }
  return CAMPAIGNS.filter(({ name }) => wanted.includes(name));
}

const describe = (name: string, count: number, account: Account): string =>
  `${name.padEnd(10)} ${count} kills: ${account.acknowledged} messages acknowledged, ${account.lost.length} lost, ` +
  `${account.unacknowledged} not acknowledged in the end; ${account.faults} faults, ` +
  `${account.withoutCase.length} without Case, ${account.doubledCases} Cases doubled, ${account.wrongCases} wrong; ` +
  `${account.storedTwice} stored twice, ${account.lostByBroker} lost by the broker itself`;
