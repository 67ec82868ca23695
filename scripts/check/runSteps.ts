import type { Step } from './step.ts';

/** How one step went. */
export interface Outcome {
  readonly step: Step;
  readonly findings: readonly string[];
  readonly seconds: number;
}

/**
 * Carries out the steps, `atOnce` of them at a time, and hands each outcome to `report` in the order of the steps, as
 * soon as those before it are told. A step that could not be carried out, for want of a tool for example, has its error
 * as a finding: it has passed nothing.
 */
export async function runSteps(
  root: string,
  steps: readonly Step[],
  atOnce: number,
  report: (outcome: Outcome) => void,
): Promise<void> {
  const slots = steps.map((step) => ({ step, outcome: Promise.withResolvers<Outcome>() }));
  const waiting = [...slots];
  const work = async (): Promise<void> => {
    for (let slot = waiting.shift(); slot !== undefined; slot = waiting.shift()) {
      slot.outcome.resolve(await carryOut(root, slot.step));
    }
  };
  const working = Promise.all(Array.from({ length: atOnce }, work));
  for (const { outcome } of slots) report(await outcome.promise);
  await working;
}

async function carryOut(root: string, step: Step): Promise<Outcome> {
  const startedAt = performance.now();
  const findings = await step.run(root).catch(inWords);
  return { step, findings, seconds: (performance.now() - startedAt) / 1000 };
}

function inWords(error: unknown): readonly string[] {
  if (error instanceof Error && 'forPeople' in error) return error.message.split('\n');
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}
