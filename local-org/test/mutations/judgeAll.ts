import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

import type { Told, WorkerTask } from './worker.ts';

/* More workers would only share the cores and the memory. */
const WORKERS = Math.min(4, availableParallelism());

/** Judges the mutants in threads; one fate each. Rejects with what a thread threw. */
export async function judgeAll(
  options: Pick<WorkerTask, 'everything' | 'flows'>,
): Promise<readonly Told[]> {
  const shares = Array.from({ length: WORKERS }, async (_, share): Promise<Told[]> => {
    const workerData: WorkerTask = { share, of: WORKERS, ...options };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    const answered = once(worker, 'message') as Promise<[Told[]]>;
    const [[fates]] = await Promise.all([answered, once(worker, 'exit')]);
    return fates;
  });
  return (await Promise.all(shares)).flat();
}
