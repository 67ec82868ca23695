import type { Benchmark } from './benchmark.ts';
import { BROKER_SETTINGS, CONTENDERS } from './loss/contender.ts';
import type { ContenderName } from './loss/contender.ts';
import { lossPage, TITLES } from './loss/page.ts';
import type { ScenarioResult } from './loss/page.ts';
import { runLoss } from './loss/run.ts';
import type { LossResult } from './loss/run.ts';
import { SCENARIOS } from './loss/scenarios.ts';
import { timeLeft } from './timeLeft.ts';

const DEVICES = { full: 600, quick: 200 };

/** The same faults for ours, Node-RED and a naive bridge, counted in the org. */
export const loss: Benchmark = {
  about:
    'faults that never become a Case: outage of the org, kill -9, downtime, a refused event; ours, Node-RED and a naive bridge',
  run: async ({ quick, say }) => {
    const devices = quick ? DEVICES.quick : DEVICES.full;
    const seed = Number(process.env['BENCH_SEED'] ?? Math.floor(Math.random() * 2 ** 30));
    say(
      `${SCENARIOS.length} scenarios for ${CONTENDERS.length} contenders, ${devices} faults each: about ${quick ? 13 : 30} min`,
    );
    say(`seed ${seed} (BENCH_SEED=${seed} repeats it)`);
    const scenarios: ScenarioResult[] = [];
    const startedAt = Date.now();
    const runs = SCENARIOS.length * CONTENDERS.length + 1;
    let done = 0;
    for (const scenario of SCENARIOS) {
      const results: Partial<Record<ContenderName, LossResult>> = {};
      for (const contender of CONTENDERS) {
        const brokerSettings = BROKER_SETTINGS[contender === 'ours' ? 'documented' : 'stock'];
        const result = await runLoss({ scenario, contender, brokerSettings, devices, seed });
        results[contender] = result;
        done += 1;
        const left = timeLeft(Date.now() - startedAt, done / runs);
        say(`${describe(scenario.name, contender, result)} (${done} of ${runs}, ${left})`);
      }
      const { ours, nodeRed, naive } = results;
      if (ours === undefined || nodeRed === undefined || naive === undefined) continue;
      const { name, about } = scenario;
      scenarios.push({ name, about, expected: devices, ours, nodeRed, naive });
    }
    const apart = await runApart(devices, seed);
    if (scenarios.some(({ ours }) => ours.lost + ours.doubled > 0)) process.exitCode = 1;
    if (apart !== undefined) say(describe('10 s, stock broker', 'ours', apart));
    return {
      lines: [
        ...scenarios.flatMap((scenario) =>
          CONTENDERS.map((name) => describe(scenario.name, name, scenario[name])),
        ),
        ...(apart === undefined ? [] : [describe('10 s, stock broker', 'ours', apart)]),
      ],
      data: {
        scenarios,
        apart: { name: '10 s of downtime, stock broker for ours too', ours: apart },
      },
      pages: lossPage(scenarios, apart),
    };
  },
};

/** Ours behind a broker that drops what it has acknowledged. */
async function runApart(devices: number, seed: number): Promise<LossResult | undefined> {
  const scenario = SCENARIOS.find(({ name }) => name === '10 s of downtime');
  if (scenario === undefined) return undefined;
  const brokerSettings = BROKER_SETTINGS.stock;
  return runLoss({ scenario, contender: 'ours', brokerSettings, devices, seed });
}

const describe = (scenario: string, contender: ContenderName, result: LossResult): string =>
  `${scenario.padEnd(20)} ${TITLES[contender].padEnd(9)} ${result.expected} faults: ${result.delivered} delivered, ${result.lost} lost, ${result.doubled} doubled` +
  (result.droppedByBroker > 0
    ? `; ${result.droppedByBroker} messages the broker never offered it`
    : '') +
  (result.withoutResult > 0
    ? `; ${result.withoutResult} events whose result it was not told`
    : '') +
  (result.crashes > 0 ? `; died ${result.crashes}× by itself` : '');
