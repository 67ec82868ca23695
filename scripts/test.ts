/**
 * `npm test [-- PATTERN …]`: all tests, or those whose path holds one of the patterns.
 * Installs on Debian what the tests need, prints the minutes of each part, and ends with one line of counts.
 * What only computes runs beside the others, and what it printed follows when it has ended.
 */
import { join } from 'node:path';
import { add, type Counts, inWords, NOTHING } from './testing/counts.ts';
import { chooseParts, type ChosenPart } from './testing/parts.ts';
import { runJest } from './testing/runJest.ts';
import { runPart, type TestOutput } from './testing/runPart.ts';
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
  for await (const { part, counts, minutes } of runAll()) {
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

interface Timed {
  readonly part: ChosenPart;
  readonly counts: Counts;
  readonly minutes: number;
}

async function* runAll(): AsyncGenerator<Timed> {
  const alone = parts.length === 1;
  const behind = parts.filter(({ background }) => background && !alone).map(runBehind);
  // One that fails early is heard of in its turn.
  for (const one of behind) one.catch(() => undefined);
  for (const part of parts) if (alone || !part.background) yield await timed(part, 'inherit');
  yield* await Promise.all(behind);
}

async function runBehind(part: ChosenPart): Promise<Timed> {
  let text = '';
  const result = await timed(part, (more) => (text += more));
  console.log(text);
  return result;
}

async function timed(part: ChosenPart, output: TestOutput): Promise<Timed> {
  const beside = typeof output === 'function' ? ', beside the others; what it prints follows' : '';
  console.log(`\n${part.name}: ${part.files.length} files, ${part.concurrency} at once${beside}`);
  const startedAt = performance.now();
  const running = part.runner === 'jest' ? runJest(root, part) : runPart(root, part, output);
  const counts = await running.catch(asFailure);
  return { part, counts, minutes: (performance.now() - startedAt) / 60_000 };
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
