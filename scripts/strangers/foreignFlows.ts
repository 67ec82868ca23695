/*
 * node scripts/strangers/foreignFlows.ts [--all] DIR …
 *
 * Loads every flow below the folders and says what the local org made of them: how many load, what the others were
 * refused for, and whether anything went wrong that is no refusal (then it ends with 1). With --all each file is told.
 */
import { parseArgs } from 'node:util';

import { findFlows, judgeFlow } from './judgeFlows.ts';
import type { FlowVerdict } from './judgeFlows.ts';

const { values, positionals } = parseArgs({
  options: { all: { type: 'boolean' } },
  allowPositionals: true,
});
if (positionals.length === 0) {
  console.error('Which folder? Usage: node scripts/strangers/foreignFlows.ts [--all] DIR …');
  process.exitCode = 2;
}
for (const folder of positionals) tell(folder);

function tell(folder: string): void {
  const flows = findFlows(folder);
  const byName = new Map(flows.map((flow) => [flow.name, flow]));
  const verdicts = flows.map((flow) => ({ flow, verdict: judgeFlow(flow, byName) }));
  const of = (kind: FlowVerdict['kind']) => verdicts.filter(({ verdict }) => verdict.kind === kind);
  console.log(`${folder}: ${flows.length} flows`);
  console.log(`  ${of('loads').length} load`);
  console.log(`  ${of('loads-with-its-objects').length} load once their objects and fields exist`);
  const refused = new Map<string, number>();
  for (const { verdict } of verdicts) {
    const reason = reasonOf(verdict);
    if (reason !== undefined) refused.set(reason, (refused.get(reason) ?? 0) + 1);
  }
  for (const [reason, count] of [...refused].toSorted(
    ([a, m], [b, n]) => n - m || (a < b ? -1 : 1),
  ))
    console.log(`  ${count} refused: ${reason}`);
  console.log(`  ${of('crash').length} crashed`);
  for (const { flow, verdict } of values.all === true ? verdicts : of('crash'))
    console.log(`    ${flow.file.slice(folder.length + 1)}: ${JSON.stringify(verdict)}`);
  if (of('crash').length > 0) process.exitCode = 1;
}

/** The first thing a flow is refused for; names that only it knows are left out. */
function reasonOf(verdict: FlowVerdict): string | undefined {
  if (verdict.kind === 'unsupported') return verdict.feature.replace(/'[^']*'/g, '…');
  if (verdict.kind === 'contradiction') return 'contradicts itself or its objects';
  return undefined;
}
