import type { PageFile } from '../benchmark.ts';
import { drawBars } from '../plot/bars.ts';
import { CONTENDERS } from './contender.ts';
import type { ContenderName } from './contender.ts';
import type { LossResult } from './run.ts';

export interface ScenarioResult {
  readonly name: string;
  readonly about: string;
  readonly expected: number;
  readonly ours: LossResult;
  readonly nodeRed: LossResult;
  readonly naive: LossResult;
}

export const TITLES: Readonly<Record<ContenderName, string>> = {
  ours: 'ours',
  nodeRed: 'Node-RED',
  naive: 'naive',
};

const percent = ({ lost, expected }: LossResult): string =>
  `${((100 * lost) / expected).toFixed(1)} %`;

/** The page and its drawing. */
export function lossPage(
  scenarios: readonly ScenarioResult[],
  apart: LossResult | undefined,
): readonly PageFile[] {
  const cell = (result: LossResult): string =>
    `${result.delivered} / **${result.lost}** / ${result.doubled}`;
  const rows = scenarios.map(
    ({ name, expected, ours, nodeRed, naive }) =>
      `| ${name} | ${expected} | ${cell(ours)} | ${cell(nodeRed)} | ${cell(naive)} |`,
  );
  const crashes = scenarios
    .flatMap((scenario) =>
      CONTENDERS.map((name) => ({ scenario: scenario.name, name, ...scenario[name] })),
    )
    .filter((result) => result.crashes > 0)
    .map(({ scenario, name, crashes: count }) => `${TITLES[name]} died ${count}× in *${scenario}*`);
  const silent = scenarios.flatMap(({ name, naive }) =>
    naive.withoutResult > 0 ? [`${naive.withoutResult} in *${name}*`] : [],
  );
  const text = `# What is lost

{{run}}

One reading beyond its limit is one fault and should become one Case in the org. Each cell: faults with a Case / **faults without** / Cases too many.

| scenario | faults | ours | Node-RED | naive |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

![Faults without a Case, in percent](loss.svg)

${scenarios.map(({ name, about }) => `- **${name}**: ${about}.`).join('\n')}
- **The same for all**: Mosquitto 2, the local org with the package's own flows, ${rows.length === 0 ? '' : `${scenarios[0]?.expected} pumps that say something twice a second over QoS 1,`} ten faults a second; who dies by itself is started again a second later${crashes.length === 0 ? '' : ` (${crashes.join('; ')})`}. One scenario, one contender, one broker, one org at a time.
- **Counted** by who injected the faults and by the org's REST API, never by the contender.
- **Node-RED** 4.1: MQTT in, JSON, function, \`http request\` that creates the event; no catch and retry nodes, as in the usual tutorials. **Naive**: \`mqtt\`, zod and
  \`salesforce-pubsub-api-client\`, one publish an event. Both get keys that are the same for the same reading, so that the org can turn repeats away.${silent.length === 0 ? '' : ` Events the naive bridge was told no result of: ${silent.join(', ')}.`}
${describeApart(apart)}`;
  const bars = scenarios.flatMap((scenario) =>
    CONTENDERS.map((name) => ({
      label: TITLES[name],
      value: (100 * scenario[name].lost) / scenario.expected,
      shown: `${percent(scenario[name])}  ${scenario.name}`,
    })),
  );
  return [
    { name: 'loss.md', text },
    { name: 'loss.svg', text: drawBars('Faults without a Case, in percent', bars) },
  ];
}

const describeApart = (apart: LossResult | undefined): string =>
  apart === undefined
    ? ''
    : `- **Apart**: ours for 10 s away behind a broker as it comes (\`max_queued_messages 1000\`): ${apart.delivered} of ${apart.expected} faults have a Case. Mosquitto dropped
  ${apart.droppedByBroker.toLocaleString('en-US')} messages it had acknowledged to the devices and never offered them to the bridge: no client can mend that, and one line of configuration does
  ([power-failure.md](../power-failure.md#the-broker)).
`;
