import { buildPages } from './build.ts';
import type { BuildProgress, BuildRequest, BuildResult } from './build.ts';
import { toProblem } from './problem.ts';
import type { BuildProblem } from './problem.ts';

/*
 * The process that builds pages, so that the org goes on answering meanwhile: started with one request
 * as its first message, ends after one answer.
 */

export type FromBuild =
  | { readonly kind: 'progress'; readonly progress: BuildProgress }
  | { readonly kind: 'done'; readonly result: BuildResult }
  | { readonly kind: 'failed'; readonly problem: BuildProblem };

/** Progress is for people: more often than this would only cost time. */
const PROGRESS_EVERY_MS = 100;

function send(message: FromBuild): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

async function run(request: BuildRequest): Promise<void> {
  let next = 0;
  try {
    const result = await buildPages(request, (progress) => {
      const now = performance.now();
      if (now < next) return;
      next = now + PROGRESS_EVERY_MS;
      void send({ kind: 'progress', progress });
    });
    await send({ kind: 'done', result });
  } catch (error) {
    await send({ kind: 'failed', problem: toProblem(error) });
  }
  process.disconnect();
}

// The org has ended, or has had the answer: nobody waits any more.
process.once('disconnect', () => process.exit());
process.once('message', (request: BuildRequest) => {
  void run(request);
});
