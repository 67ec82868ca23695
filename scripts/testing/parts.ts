import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** A set of tests that run together. */
export interface Part {
  readonly name: string;
  readonly globs: readonly string[];
  /** Who runs them: node's own runner, or Jest where they are of web components. */
  readonly runner: 'node' | 'jest';
  /** Test files at once. */
  readonly concurrency: number;
  /** No single test may take longer. */
  readonly timeoutMs: number;
  /** Programs the tests start, see systemPackages.ts. */
  readonly needs: readonly string[];
}

/** A part with the files to run now, from the project's root. */
export interface ChosenPart extends Part {
  readonly files: readonly string[];
}

const MINUTE_MS = 60_000;

/* System tests start whole processes and measure time; side by side they would starve each other on two cores. */
export const PARTS: readonly Part[] = [
  {
    name: 'unit',
    globs: [
      'bridge/src/**/*.test.ts',
      'local-org/{src,browser}/**/*.test.ts',
      'scripts/**/*.test.{ts,mjs}',
    ],
    runner: 'node',
    concurrency: availableParallelism(),
    timeoutMs: 2 * MINUTE_MS,
    needs: [],
  },
  {
    name: 'lwc',
    globs: ['force-app/**/lwc/**/__tests__/**/*.{test,spec}.js'],
    runner: 'jest',
    concurrency: availableParallelism(),
    timeoutMs: MINUTE_MS / 4,
    needs: [],
  },
  {
    name: 'system',
    globs: [
      'bridge/test/**/*.test.ts',
      'local-org/test/**/*.test.ts',
      'scripts/system/**/*.test.ts',
    ],
    runner: 'node',
    concurrency: 1,
    timeoutMs: 5 * MINUTE_MS,
    needs: ['chromium', 'mosquitto'],
  },
  // Clients and flows that others wrote, against the local org; the first run of each installs what it tries.
  {
    name: 'strangers',
    globs: ['scripts/strangers/**/*.test.ts'],
    runner: 'node',
    concurrency: 1,
    timeoutMs: 10 * MINUTE_MS,
    needs: [],
  },
];

/**
 * The parts with their files; a file belongs to the last part that names it. With patterns, only files whose path
 * holds one of them, and parts left without a file are left out.
 */
export function chooseParts(
  root: string,
  patterns: readonly string[],
  parts: readonly Part[] = PARTS,
): readonly ChosenPart[] {
  const owners = new Map<string, Part>();
  for (const part of parts) {
    const files = globSync([...part.globs], { cwd: root, exclude: ['**/node_modules/**'] });
    for (const file of files) owners.set(file, part);
  }
  const wanted = [...owners.keys()].filter(
    (file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)),
  );
  return parts
    .map((part) => ({
      ...part,
      files: wanted.filter((file) => owners.get(file) === part).toSorted(),
    }))
    .filter(({ files }) => patterns.length === 0 || files.length > 0);
}
