/**
 * `node scripts/testing/readings.ts [PATTERN …]`: the tests that start an org of their own, once under each reading
 * that is not the standard one (see local-org/ASSUMPTIONS.md), first under all of them together. Prints what each
 * counted and ends with 1 if any failed. Takes nine times as long as these tests do; the flow tests try readings by
 * themselves (local-org/test/switches).
 */
import { join } from 'node:path';

import { ASSUMPTION_RULES } from '../../local-org/src/automation/assumptions.ts';
import { otherValues } from '../../local-org/test/switches/readings.ts';
import { add, inWords, NOTHING } from './counts.ts';
import { chooseParts } from './parts.ts';
import { runPart } from './runPart.ts';
import { ensurePrograms, thisMachine } from './systemPackages.ts';

const root = join(import.meta.dirname, '../..');
const parts = chooseParts(root, process.argv.slice(2)).filter(
  ({ name, files }) => (name === 'system' || name === 'strangers') && files.length > 0,
);
const missing = ensurePrograms([...new Set(parts.flatMap(({ needs }) => needs))], thisMachine);
if (missing !== undefined) throw new Error(missing);

const lines: string[] = [];
let failed = 0;
const others = otherValues(ASSUMPTION_RULES);
for (const reading of [others.join(' '), ...others]) {
  console.log(`\nunder ${reading}`);
  process.env['LOCAL_ORG_ASSUME'] = reading;
  let counts = NOTHING;
  for (const part of parts) counts = add(counts, await runPart(root, part));
  if (counts.passed === 0) counts = add(counts, { ...NOTHING, failed: 1 });
  failed += counts.failed;
  lines.push(`${inWords(counts).padEnd(32)} ${reading}`);
}
console.log(`\n${lines.join('\n')}`);
process.exitCode = failed > 0 ? 1 : 0;
