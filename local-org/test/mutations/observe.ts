import { createHash } from 'node:crypto';

import { metadata } from '../flows/packageOrg.ts';
import type { PackageOrg } from '../flows/packageOrg.ts';
import { setStage, type Stage } from '../flows/stage.ts';
import type { FlowCase } from '../cases/collect.ts';

/** What a case came to. */
export interface Observation {
  /** A digest of every record and every event of its orgs at the end. */
  readonly result: string;
  /** Why the case failed; undefined when it passed. */
  readonly failure: string | undefined;
  /** The elements that were executed, `Flow.Element`. */
  readonly executed: ReadonlySet<string>;
  /** Milliseconds. */
  readonly took: number;
}

const recordObjects = [...metadata.objects.values()].filter(({ kind }) => kind !== 'event');
const eventObjects = [...metadata.objects.values()].filter(({ kind }) => kind === 'event');

/** Runs one case with these flows. */
export async function observe(
  flows: NonNullable<Stage['flows']>,
  flowCase: FlowCase,
): Promise<Observation> {
  const orgs: PackageOrg[] = [];
  setStage({ flows, onMade: (org) => void orgs.push(org) });
  const startedAt = performance.now();
  let failure: string | undefined;
  try {
    await flowCase.run();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  // The texts of all cases together would fill the memory.
  const result = createHash('sha1').update(orgs.map(stateOf).join('\n')).digest('base64');
  const executed = new Set(
    orgs.flatMap(({ steps }) => steps.map(({ flow, element }) => `${flow}.${element}`)),
  );
  for (const org of orgs) org.close();
  return { result, failure, executed, took: performance.now() - startedAt };
}

/** Ids are counted and the clock stands still, so two runs of the same flows are the same text. */
function stateOf(org: PackageOrg): string {
  org.break({});
  const records = recordObjects.map(({ name }) => [name, org.rows(name)]);
  const events = eventObjects.map(({ name }) => [
    name,
    // The only thing in an event that chance decides.
    org.published(name).map((event) => ({ ...event, EventUuid: '' })),
  ]);
  return JSON.stringify([...records, ...events]);
}
