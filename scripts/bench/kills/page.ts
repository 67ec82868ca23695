import type { PageFile } from '../benchmark.ts';
import { drawBars } from '../plot/bars.ts';
import { isClean } from './account.ts';
import type { Account } from './account.ts';

export interface CampaignResult extends Account {
  readonly name: string;
  readonly kills: number;
  readonly seed: number;
  readonly messagesPerSecond: number;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The page and its drawing. */
export function killsPage(campaigns: readonly CampaignResult[]): readonly PageFile[] {
  const rows = campaigns.map((one) =>
    [
      one.name,
      one.kills,
      whole(one.acknowledged),
      `**${one.lost.length}**`,
      one.unacknowledged,
      one.faults,
      `**${one.withoutCase.length}**`,
      `**${one.doubledCases}**`,
      one.wrongCases,
      whole(one.storedTwice),
      whole(one.quarantined),
      whole(one.lostByBroker),
      one.seed,
    ].join(' | '),
  );
  const clean = campaigns.every(isClean);
  const text = `# Killed again and again

{{run}}

${clean ? 'Everything the bridge acknowledged is in its files, and each fault has exactly one Case.' : '**Something is missing or doubled; see below.**'}

| killed with \`kill -9\` | times | acknowledged by the bridge | lost | not acknowledged in the end | faults | without Case | Cases doubled | wrong Cases | stored twice | in quarantine | lost by the broker itself | seed |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}

![Messages the bridge acknowledged, by campaign](kills.svg)

- **Load**: pumps that say something over QoS 1 (${campaigns.map(({ name, messagesPerSecond }) => `${name}: ${whole(messagesPerSecond)} a second`).join(', ')}); one message in 97 is no reading and belongs into quarantine;
  every 1.5 s a pump that was never broken before gets a worn bearing or a leak for six seconds and six messages at least. Two more policies, silence and a stuck sensor, must find nothing.
- **Kills**: at random times 0.1 to 2 s after the last start; a fifth of those of the bridge while it is starting. *All three*: one, two or all of them at once, and started again in
  random order.
- **Acknowledged by the bridge**: seen by a recorder between Mosquitto and the bridge. **Lost**: of these, neither in the log's files nor in quarantine, read by a program that shares no code with the bridge.
  **Stored twice**: the broker sent it again because the acknowledgement was cut off, or because it had lost it; judged once.
- **Lost by the broker itself**: Mosquitto acknowledged it to the pump, was killed, and never offered it to the bridge, though \`autosave_interval 1\` and \`autosave_on_changes true\` are set where it is killed.
- A bounded part of this is among the tests: \`scripts/system/kills.test.ts\`. \`BENCH_SEED=…\` repeats faults and the order of kills.
`;
  const svg = drawBars(
    'Messages the bridge acknowledged, and how many of them are lost',
    campaigns.map((one) => ({
      label: `${one.name}, ${one.kills} kills`,
      value: one.acknowledged,
      shown: `${whole(one.acknowledged)}, ${one.lost.length} lost`,
    })),
  );
  return [
    { name: 'kills.md', text },
    { name: 'kills.svg', text: svg },
  ];
}
