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
  /** Files that take longest, the longest first: they start first, so that there is something to run beside each. */
  readonly first: readonly string[];
  /** Nothing but computing: it runs beside the other parts, after them where the CPU is short, and is told when it has ended. */
  readonly background: boolean;
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
/* Beside as many files as there are cores, for those that wait. */
const SOME_WAIT = 1;

export const PARTS: readonly Part[] = [
  {
    name: 'unit',
    globs: [
      'bridge/src/**/*.test.ts',
      'local-org/{src,browser}/**/*.test.ts',
      'scripts/**/*.test.{ts,mjs}',
    ],
    runner: 'node',
    concurrency: availableParallelism() + SOME_WAIT,
    first: [
      'bridge/src/edge/ingress/windowLimit.test.ts',
      'bridge/src/edge/ingress/qos0.test.ts',
      'bridge/src/edge/state/kills.test.ts',
      'bridge/src/main.test.ts',
      'local-org/src/main.test.ts',
      'bridge/src/edge/log/sqliteOutbox.test.ts',
      'local-org/src/page/builder.test.ts',
    ],
    background: false,
    timeoutMs: 2 * MINUTE_MS,
    needs: [],
  },
  {
    name: 'lwc',
    globs: ['force-app/**/lwc/**/__tests__/**/*.{test,spec}.js'],
    runner: 'jest',
    concurrency: availableParallelism(),
    first: [],
    background: false,
    timeoutMs: MINUTE_MS / 4,
    needs: [],
  },
  // Whole programs, which are waited for most of the time: for a fault to last, for a retry, for a page.
  {
    name: 'system',
    globs: [
      'bridge/test/**/*.test.ts',
      'local-org/test/**/*.test.ts',
      'scripts/system/**/*.test.ts',
    ],
    runner: 'node',
    concurrency: 3,
    first: [
      'scripts/system/dayInTheLife.test.ts',
      'scripts/system/demoBroken.test.ts',
      'scripts/system/demo.test.ts',
      'scripts/system/manyPages.test.ts',
      'scripts/system/kills.test.ts',
      'scripts/system/duplicates.test.ts',
      'scripts/system/views.test.ts',
      'scripts/system/assetPage.test.ts',
      'scripts/system/restart.test.ts',
      'scripts/system/heartbeat.test.ts',
      'scripts/system/exactlyOnce.test.ts',
    ],
    background: false,
    // Fifty pages of a browser, beside two other files and everything else a machine may do.
    timeoutMs: 10 * MINUTE_MS,
    needs: ['chromium', 'mosquitto'],
  },
  // Clients and flows that others wrote, against the local org; the first run of each installs what it tries.
  {
    name: 'strangers',
    globs: ['scripts/strangers/**/*.test.ts'],
    runner: 'node',
    concurrency: 1,
    first: [],
    background: false,
    timeoutMs: 10 * MINUTE_MS,
    needs: [],
  },
  // Flows in their own process, by the thousand.
  {
    name: 'flows',
    globs: ['local-org/test/{bulk,flows,mutations,queries,races,switches}/*.test.ts'],
    runner: 'node',
    // The two that take minutes have threads of their own.
    concurrency: 1,
    first: [],
    background: true,
    timeoutMs: 15 * MINUTE_MS,
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
      files: inOrder(
        wanted.filter((file) => owners.get(file) === part),
        part.first,
      ),
    }))
    .filter(({ files }) => patterns.length === 0 || files.length > 0);
}

function inOrder(files: readonly string[], first: readonly string[]): readonly string[] {
  return [
    ...first.filter((file) => files.includes(file)),
    ...files.filter((file) => !first.includes(file)).toSorted(),
  ];
}
