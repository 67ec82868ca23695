import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ensureTool } from '../tools/ensureTool.ts';
import type { Counts } from './counts.ts';
import type { ChosenPart } from './parts.ts';
import { untilEnded } from './untilEnded.ts';

/* Of Jest's own report (--json) what counts. A file that could not be loaded has no tests, and is an error. */
const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
  numTotalTestSuites: z.number(),
  success: z.boolean(),
});

/**
 * Runs the files of a part with Jest, which prints as it goes, and answers with what it counted. A file that cannot
 * be loaded, one Jest passed over and a run that told nothing are a failure each. Installs Jest when it is not there.
 * The components are those of the packages that `sfdx-project.json` of `root` names.
 */
export async function runJest(
  root: string,
  part: ChosenPart,
  output: 'inherit' | 'ignore' = 'inherit',
): Promise<Counts> {
  const tool = await ensureTool('lwc');
  const folder = await mkdtemp(join(tmpdir(), 'jest-report-'));
  try {
    const file = join(folder, 'report.json');
    const succeeded = await startJest(root, tool, part, file, output);
    const text = await readFile(file, 'utf8').catch(() => '');
    return text === ''
      ? { passed: 0, failed: 1, skipped: 0 }
      : readReport(JSON.parse(text), part.files.length, succeeded);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a report of Jest comes to, for a run that was given so many files and ended well or not. */
export function readReport(json: unknown, files: number, succeeded: boolean): Counts {
  const told = report.parse(json);
  const passedOver = Math.max(0, files - told.numTotalTestSuites);
  const failed = told.numFailedTests + told.numRuntimeErrorTestSuites + passedOver;
  return {
    passed: told.numPassedTests,
    failed: (succeeded && told.success) || failed > 0 ? failed : 1,
    skipped: told.numPendingTests + told.numTodoTests,
  };
}

function startJest(
  root: string,
  tool: string,
  part: ChosenPart,
  reportTo: string,
  output: 'inherit' | 'ignore',
): Promise<boolean> {
  const args = [
    join(tool, 'node_modules/jest/bin/jest.js'),
    `--config=${join(tool, 'jest.config.cjs')}`,
    `--rootDir=${root}`,
    '--ci',
    '--json',
    `--outputFile=${reportTo}`,
    `--maxWorkers=${part.concurrency}`,
    `--testTimeout=${part.timeoutMs}`,
    '--runTestsByPath',
    ...part.files,
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', output, output] });
  return untilEnded(child);
}
