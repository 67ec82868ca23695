import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { getPriority, setPriority, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { z } from 'zod';

import { compiledFolder } from './compiled.ts';
import type { Counts } from './counts.ts';
import type { ChosenPart } from './parts.ts';
import type { FilesTask } from './runFiles.ts';
import { SYSTEM_FOLDERS } from './systemPackages.ts';
import { untilEnded } from './untilEnded.ts';

const countsFile = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });
const RUNNER = join(import.meta.dirname, 'runFiles.ts');

/**
 * Runs the files of a part with node's own runner, which prints as it goes, and answers with what it counted.
 * A runner that failed without a failed test, or told no counts, is one failure more.
 */
export async function runPart(
  root: string,
  part: ChosenPart,
  output: TestOutput = 'inherit',
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

/** Where what a runner prints goes: where our own goes, nowhere, or to somebody who keeps it for later. */
export type TestOutput = 'inherit' | 'ignore' | ((text: string) => void);

/* Behind our own other parts: a third of the CPU where they want all of it. */
const NICER = 5;

function runNode(
  root: string,
  part: ChosenPart,
  countsTo: string,
  output: TestOutput,
): Promise<boolean> {
  const { files, concurrency, timeoutMs } = part;
  const task: FilesTask = { files: [...files], concurrency, timeoutMs, countsTo };
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: [process.env['PATH'], ...SYSTEM_FOLDERS].join(delimiter),
    // Hundreds of processes load much the same modules; one compiles each for all.
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? compiledFolder(root),
  };
  // Where node's runner finds this, it takes itself for a part of another run and runs nothing.
  delete env['NODE_TEST_CONTEXT'];
  const stdio = typeof output === 'string' ? output : 'pipe';
  const args = [RUNNER, JSON.stringify(task)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', stdio, stdio], env });
  if (typeof output === 'function') {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', output);
    }
  }
  if (part.background && child.pid !== undefined)
    setPriority(child.pid, Math.min(19, getPriority() + NICER));
  return untilEnded(child);
}

async function readCounts(file: string): Promise<Counts | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text === '' ? undefined : countsFile.parse(JSON.parse(text));
}
