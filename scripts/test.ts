/**
 * `npm test [-- PATTERN …]`: all tests, or those whose path holds one of the patterns.
 * Installs on Debian what the tests need, prints the minutes of each part, and ends with one line of counts.
 */
import { join } from 'node:path';
import { add, type Counts, inWords, NOTHING } from './testing/counts.ts';
import { chooseParts, type ChosenPart } from './testing/parts.ts';
import { runJest } from './testing/runJest.ts';
import { runPart } from './testing/runPart.ts';
import { ensurePrograms, thisMachine } from './testing/systemPackages.ts';
import { Ended } from './testing/untilEnded.ts';

/* As a shell tells of a process that SIGTERM has ended. */
const ENDED = 128 + 15;
const root = join(import.meta.dirname, '..');
const patterns = process.argv.slice(2);
const parts = chooseParts(root, patterns);
process.exitCode = await main().then((passed) => (passed ? 0 : 1), asEnding);

async function main(): Promise<boolean> {
  const empty = parts.filter(({ files }) => files.length === 0);
  if (parts.length === 0 || empty.length > 0) {
    const what = patterns.length > 0 ? `whose path holds '${patterns.join("' or '")}'` : '';
    console.error(`No test file ${what || `in part ${empty.map(({ name }) => name).join(', ')}`}.`);
    return false;
  }
  const missing = ensurePrograms([...new Set(parts.flatMap(({ needs }) => needs))], thisMachine);
  if (missing !== undefined) {
    console.error(missing);
    return false;
  }
  let total = NOTHING;
  const lines: string[] = [];
  for (const part of parts) {
    const { counts, minutes } = await timed(part);
    lines.push(`${part.name.padEnd(8)} ${minutes.toFixed(1).padStart(5)} min  ${inWords(counts)}`);
    total = add(total, counts);
    if (counts.passed + counts.failed === 0) {
      lines.push(`${part.name}: not one test ran, which is a failure`);
      total = add(total, { passed: 0, failed: 1, skipped: 0 });
    }
  }
  console.log(`\n${lines.join('\n')}\n${inWords(total)}`);
  return total.failed === 0;
}

async function timed(part: ChosenPart): Promise<{ counts: Counts; minutes: number }> {
  console.log(`\n${part.name}: ${part.files.length} files, ${part.concurrency} at once`);
  const startedAt = performance.now();
  const counts = await (part.runner === 'jest' ? runJest : runPart)(root, part).catch(asFailure);
  return { counts, minutes: (performance.now() - startedAt) / 60_000 };
}

function asEnding(error: unknown): number {
  if (!(error instanceof Ended)) throw error;
  console.error(error.message);
  return ENDED;
}

/* A part that could not be run, for want of a tool for example: the others still are. */
function asFailure(error: unknown): Counts {
  if (error instanceof Ended) throw error;
  const isForPeople = error instanceof Error && 'forPeople' in error;
  console.error(isForPeople ? error.message : error);
  return { ...NOTHING, failed: 1 };
}
