/**
 * Prints what the default policies of config/starter-policies.yaml find in the recordings of the
 * Numenta Anomaly Benchmark: `node scripts/evalDefaultPolicy.ts [FOLDER]`, where FOLDER holds its
 * `data` and `labels` (github.com/numenta/NAB).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readPolicies } from '../bridge/src/config/load.ts';
import { toPolicy } from '../bridge/src/config/translate.ts';
import { playRecording, readRecordings } from './evalRecordings.ts';
import type { Outcome } from './evalRecordings.ts';

const root = join(import.meta.dirname, '..');
const folder = process.argv[2] ?? join(root, '..', 'shared', 'data', 'nab');
if (!existsSync(join(folder, 'labels', 'combined_windows.json'))) {
  console.error(
    `There are no recordings at ${folder}. Get them from github.com/numenta/NAB and name the ` +
      'folder that holds "data" and "labels": node scripts/evalDefaultPolicy.ts FOLDER',
  );
  process.exit(2);
}
const policies = readPolicies(join(root, 'config', 'starter-policies.yaml')).map(toPolicy);
const defaults = policies.filter(({ key }) => key.startsWith('default-'));
const played = readRecordings(folder).map((recording) => ({
  name: recording.name,
  outcomes: playRecording(recording, policies),
}));
for (const { key, detector } of defaults) {
  console.log(`\n${key} ${JSON.stringify(detector)}`);
  console.log(line('recording', ['episodes', 'hit', 'outside', 'covered']));
  const found: Outcome[] = [];
  for (const { name, outcomes } of played) {
    const outcome = outcomes.get(key);
    if (outcome === undefined) continue;
    found.push(outcome);
    console.log(line(name, cells(outcome)));
  }
  const total = (pick: (outcome: Outcome) => number): number =>
    found.reduce((sum, outcome) => sum + pick(outcome), 0);
  const days = total((outcome) => outcome.days);
  console.log(
    line('all', [
      String(total((outcome) => outcome.episodes)),
      `${total((outcome) => outcome.hit)}/${total((outcome) => outcome.windows)}`,
      String(total((outcome) => outcome.outside)),
      percent(total((outcome) => outcome.coverage * outcome.days) / days),
    ]),
  );
  const rate = total((outcome) => outcome.outside) / days;
  console.log(`${rate.toFixed(3)} episodes outside of windows per day of recording`);
}

function cells({ episodes, hit, windows, outside, coverage }: Outcome): readonly string[] {
  return [String(episodes), `${hit}/${windows}`, String(outside), percent(coverage)];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function line(name: string, columns: readonly string[]): string {
  return name.padEnd(58) + columns.map((column) => column.padStart(10)).join('');
}
