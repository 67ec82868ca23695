import { parentPort, workerData } from 'node:worker_threads';

import { z } from 'zod';

import { loadCases } from '../cases/loadCases.ts';
import { metadata } from '../flows/packageOrg.ts';
import { makeBaselines, makeJudge } from './judge.ts';
import type { Fate } from './judge.ts';
import { makeMutants } from './mutants.ts';
import { isSampled } from './sample.ts';

/** What a worker tells of one mutant. */
export interface Told {
  readonly name: string;
  readonly operator: string;
  readonly fate: Fate;
}

const task = z.object({
  share: z.number(),
  of: z.number(),
  everything: z.boolean(),
  flows: z.array(z.string()),
});

/**
 * Judges every `of`-th mutant, beginning with number `share`; only those of the sample unless `everything` is asked
 * for, and only those of `flows` where any are named.
 */
export type WorkerTask = z.infer<typeof task>;

const { share, of, everything, flows } = task.parse(workerData);
const judge = makeJudge(await makeBaselines(await loadCases(['flows'])));
const mutants = makeMutants(metadata.flows)
  .filter((mutant) => everything || isSampled(mutant))
  .filter(({ flow }) => flows.length === 0 || flows.includes(flow));
const told: Told[] = [];
for (const [index, mutant] of mutants.entries()) {
  if (index % of !== share) continue;
  told.push({ name: mutant.name, operator: mutant.operator, fate: await judge(mutant) });
}
if (parentPort === null) throw new Error('worker.ts is started by judgeAll.ts');
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort.postMessage(told);
