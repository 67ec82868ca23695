import { parentPort, workerData } from 'node:worker_threads';

import { z } from 'zod';

import { metadata } from '../flows/packageOrg.ts';
import { loadCases } from '../cases/loadCases.ts';
import { makeBaselines, makeJudge } from './judge.ts';
import type { Fate } from './judge.ts';
import { makeMutants } from './mutants.ts';

/** What a worker tells of one mutant. */
export interface Told {
  readonly name: string;
  readonly operator: string;
  readonly fate: Fate;
}

/* Judges every `of`-th mutant, beginning with number `share`. */
const { share, of } = z.object({ share: z.number(), of: z.number() }).parse(workerData);
const judge = makeJudge(await makeBaselines(await loadCases(['flows'])));
const told: Told[] = [];
for (const [index, mutant] of makeMutants(metadata.flows).entries()) {
  if (index % of !== share) continue;
  told.push({ name: mutant.name, operator: mutant.operator, fate: await judge(mutant) });
}
if (parentPort === null) throw new Error('worker.ts is started by mutations.test.ts');
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort.postMessage(told);
