import { parentPort, workerData } from 'node:worker_threads';

import { z } from 'zod';

import { loadCases } from '../cases/loadCases.ts';
import type { FlowCase } from '../cases/collect.ts';
import type { PackageOrg } from '../flows/packageOrg.ts';
import { setStage } from '../flows/stage.ts';
import { READINGS } from './readings.ts';
import type { Reading } from './readings.ts';

/** What a worker tells of one reading. */
export interface Told {
  readonly reading: Reading;
  /** How many cases came to a question that the reading answers otherwise, and were run again. */
  readonly depending: number;
  readonly cases: number;
  /** The cases that failed, with the first line of why. */
  readonly failures: readonly string[];
}

/** Runs a case; gives why it failed, if it did, and which rules its orgs went by. */
async function attempt(
  flowCase: FlowCase,
  assume: Reading,
): Promise<{ readonly failures: readonly string[]; readonly asked: ReadonlySet<string> }> {
  const asked = new Set<string>();
  const made: PackageOrg[] = [];
  setStage({
    assume,
    onAsked: (rule) => void asked.add(rule),
    onMade: (org) => void made.push(org),
  });
  try {
    await flowCase.run();
    return { failures: [], asked };
  } catch (error) {
    const [why] = String(error instanceof Error ? error.message : error).split('\n');
    return { failures: [`${flowCase.name}: ${why}`], asked };
  } finally {
    for (const org of made) org.close();
  }
}

const ruleOf = (text: string): string => text.split('=')[0] ?? '';

/*
 * Runs every `of`-th case, beginning with number `share`: once as usual, again under each reading of a rule that it
 * came to, and under several at once where it came to several. One that nowhere came to a rule goes the same way
 * whatever that says.
 */
const { share, of } = z.object({ share: z.number(), of: z.number() }).parse(workerData);
const cases = (await loadCases(['flows', 'bulk', 'races'])).filter(
  (_, index) => index % of === share,
);
const told = READINGS.map((reading) => ({
  reading,
  depending: 0,
  cases: cases.length,
  failures: new Array<string>(),
}));
for (const flowCase of cases) {
  const usual = await attempt(flowCase, []);
  const asked = new Set(usual.asked);
  // Those of one rule first: they may lead to others.
  for (const one of told.toSorted((a, b) => a.reading.length - b.reading.length)) {
    one.failures.push(...usual.failures.map((why) => `as usual, ${why}`));
    const own = new Set(one.reading.map(ruleOf).filter((rule) => asked.has(rule)));
    if (own.size < Math.min(one.reading.length, 2)) continue;
    one.depending += 1;
    const again = await attempt(flowCase, one.reading);
    one.failures.push(...again.failures);
    for (const rule of again.asked) asked.add(rule);
  }
}
if (parentPort === null) throw new Error('worker.ts is started by switches.test.ts');
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort.postMessage(told satisfies Told[]);
