/**
 * `npm run check [STEP …]`: everything that can be said about the project without running it.
 * Prints each step with its seconds and all findings; exits 1 when there is one.
 */
import { join } from 'node:path';
import { commandStep } from './command.ts';
import { layersStep } from './layers/step.ts';
import { flowScannerStep } from './flowScanner/step.ts';
import { lwcStep } from './lintComponents.ts';
import { locksStep } from './locks.ts';
import { metadataStep } from './metadata/step.ts';
import { protoStep } from './protoCopies.ts';
import type { Step } from './step.ts';

const STEPS: readonly Step[] = [
  commandStep('format', 'prettier/bin/prettier.cjs', [
    ...['--check', '--log-level=warn'],
    // What was laid out well is looked at again when its text has changed.
    ...['--cache', '--cache-strategy=content', '--cache-location=.data/prettier'],
    '.',
  ]),
  commandStep('lint', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '--format=unix']),
  commandStep('types', 'typescript/bin/tsc', ['-p', 'tsconfig.json', '--pretty', 'false']),
  // Apart, for what runs in a browser has other globals.
  commandStep('browser', 'typescript/bin/tsc', [
    '-p',
    'local-org/browser/tsconfig.json',
    '--pretty',
    'false',
  ]),
  layersStep,
  protoStep,
  locksStep,
  lwcStep,
  metadataStep,
  flowScannerStep,
];

const root = join(import.meta.dirname, '../..');
const chosen = chooseSteps(process.argv.slice(2));
let findings = 0;
for (const step of chosen) findings += await report(step);
if (findings > 0) {
  console.log(`\n${findings} lines of findings. Layout is mended by: npm run format`);
  process.exitCode = 1;
}

async function report(step: Step): Promise<number> {
  const startedAt = performance.now();
  const found = await step.run(root).catch(inWords);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `${found.length === 0 ? 'PASS' : 'FAIL'}  ${step.name.padEnd(10)} ${seconds.padStart(5)} s`,
  );
  for (const finding of found) console.log(`      ${finding}`);
  return found.length;
}

/* A step that could not be carried out, for want of a tool for example, has passed nothing. */
function inWords(error: unknown): readonly string[] {
  if (error instanceof Error && 'forPeople' in error) return error.message.split('\n');
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

function chooseSteps(names: readonly string[]): readonly Step[] {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    const known = STEPS.map((step) => step.name).join(', ');
    console.error(`No such step: ${unknown.join(', ')}. There are: ${known}.`);
    process.exit(2);
  }
  return names.length === 0 ? STEPS : STEPS.filter((step) => names.includes(step.name));
}
