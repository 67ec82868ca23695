import { z } from 'zod';

/** What a run of tests came to. Cancelled tests are failures: nobody saw them pass. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

/* The whole run's summary names no file; those of single files do. */
const summary = z.object({
  file: z.undefined().optional(),
  counts: z.object({
    passed: z.number(),
    failed: z.number(),
    cancelled: z.number(),
    skipped: z.number(),
    todo: z.number(),
  }),
});

/** The runner's own count, from a `test:summary` event; undefined for the summary of a single file. */
export function readSummary(data: unknown): Counts | undefined {
  const read = summary.safeParse(data);
  if (!read.success) return undefined;
  const { passed, failed, cancelled, skipped, todo } = read.data.counts;
  return { passed, failed: failed + cancelled, skipped: skipped + todo };
}

export function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

/** e.g. `12 passed, 0 failed`, and what was skipped when something was. */
export function inWords({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
