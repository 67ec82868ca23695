import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import type { Counts } from './counts.ts';
import type { ChosenPart } from './parts.ts';
import { SYSTEM_FOLDERS } from './systemPackages.ts';
import { untilEnded } from './untilEnded.ts';

const countsFile = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });

/**
 * Runs the files of a part with node's own runner, which prints as it goes, and answers with what it counted.
 * A runner that failed without a failed test, or told no counts, is one failure more.
 */
export async function runPart(
  root: string,
  part: ChosenPart,
  output: 'inherit' | 'ignore' = 'inherit',
): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'test-counts-'));
  try {
    const file = join(folder, 'counts.json');
    const succeeded = await runNode(root, part, file, output);
    const counts = await readCounts(file);
    if (counts === undefined) return { passed: 0, failed: 1, skipped: 0 };
    return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runNode(
  root: string,
  part: ChosenPart,
  countsTo: string,
  output: 'inherit' | 'ignore',
): Promise<boolean> {
  const args = [
    '--test',
    `--test-concurrency=${part.concurrency}`,
    `--test-timeout=${part.timeoutMs}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(import.meta.dirname, 'countReporter.ts')}`,
    `--test-reporter-destination=${countsTo}`,
    ...part.files,
  ];
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: [process.env['PATH'], ...SYSTEM_FOLDERS].join(delimiter),
  };
  // Where node's runner finds this, it takes itself for a part of another run and runs nothing.
  delete env['NODE_TEST_CONTEXT'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: output, env });
  return untilEnded(child);
}

async function readCounts(file: string): Promise<Counts | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text === '' ? undefined : countsFile.parse(JSON.parse(text));
}
