import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { BROWSER_FOLDER } from './build/modules.ts';
import { describeProblem } from './build/problem.ts';
import type { BuildProblem } from './build/problem.ts';
import { runBuild } from './build/runBuild.ts';
import type { RunningBuild } from './build/runBuild.ts';
import type { BuildProgress, BuildRequest, BuildResult } from './build/build.ts';

/** What pages load at the moment. */
export type BuildState =
  | { readonly kind: 'building'; readonly progress: BuildProgress }
  | { readonly kind: 'ready'; readonly script: string }
  | { readonly kind: 'failed'; readonly problem: BuildProblem };

/** Keeps what pages load up to date with the files it is made of. */
export interface Builder {
  /**
   * Looks whether files have changed and builds when they have (or nothing was built yet). Waits for a
   * build under way, but no longer than `patienceMs`.
   */
  current(patienceMs: number): Promise<BuildState>;
  /** The content of an asset of any build of this org. */
  asset(name: string): string | undefined;
  close(): void;
}

/** Makes a builder; nothing is built before it is asked. `log` gets a line for each build. */
export function makeBuilder(request: BuildRequest, log: (line: string) => void): Builder {
  const assets = new Map<string, string>();
  let state: BuildState = {
    kind: 'building',
    progress: { step: 'bundles', done: 0, known: 1 },
  };
  let builtFrom = '';
  let running: RunningBuild | undefined;
  let isClosed = false;

  async function start(from: string): Promise<void> {
    const startedAt = performance.now();
    builtFrom = from;
    state = { kind: 'building', progress: { step: 'bundles', done: 0, known: 1 } };
    running = runBuild(request, (progress) => {
      state = { kind: 'building', progress };
    });
    const outcome = await running.outcome;
    running = undefined;
    if (isClosed) return;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    if (outcome.kind === 'failed') {
      state = { kind: 'failed', problem: outcome.problem };
      log(`Pages cannot be built: ${describeProblem(outcome.problem)}`);
      return;
    }
    keep(assets, outcome.result);
    state = { kind: 'ready', script: outcome.result.script };
    const how = outcome.result.fromCache ? 'with base components from the cache' : 'from scratch';
    log(`Pages built in ${seconds} s, ${how}`);
  }

  let build: Promise<void> | undefined;
  return {
    async current(patienceMs) {
      const from = fingerprint([...request.roots, BROWSER_FOLDER]);
      if (build === undefined && from !== builtFrom) {
        build = start(from).finally(() => {
          build = undefined;
        });
      }
      if (build !== undefined) await Promise.race([build, pause(patienceMs)]);
      return state;
    },
    asset: (name) => assets.get(name),
    close() {
      isClosed = true;
      running?.stop();
    },
  };
}

function keep(assets: Map<string, string>, result: BuildResult): void {
  for (const { name, content } of result.assets) assets.set(name, content);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** What tells whether any file below the folders has changed: names, sizes and times. */
function fingerprint(folders: readonly string[]): string {
  const lines: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else {
        // An editor's own files come and go.
        const found = statSync(path, { throwIfNoEntry: false });
        if (found !== undefined) lines.push(`${path} ${found.size} ${found.mtimeMs}`);
      }
    }
  };
  for (const folder of folders) walk(folder);
  return lines.toSorted().join('\n');
}
