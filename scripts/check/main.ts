/**
 * `npm run check [STEP …]`: everything that can be said about the project without running it.
 * Prints each step with its seconds and all findings; exits 1 when there is one.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { commandStep } from './command.ts';
import { layersStep } from './layers/step.ts';
import { flowScannerStep } from './flowScanner/step.ts';
import { lwcStep } from './lintComponents.ts';
import { locksStep } from './locks.ts';
import { metadataStep } from './metadata/step.ts';
import { protoStep } from './protoCopies.ts';
import { type Outcome, runSteps } from './runSteps.ts';
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
let lines = 0;
await runSteps(root, chosen, Math.min(2, availableParallelism()), report);
if (lines > 0) {
  console.log(`\n${lines} lines of findings. Layout is mended by: npm run format`);
  process.exitCode = 1;
}

function report({ step, findings, seconds }: Outcome): void {
  const ending = findings.length === 0 ? 'PASS' : 'FAIL';
  console.log(`${ending}  ${step.name.padEnd(10)} ${seconds.toFixed(1).padStart(5)} s`);
  for (const finding of findings) console.log(`      ${finding}`);
  lines += findings.length;
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
