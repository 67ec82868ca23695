import { z } from 'zod';
import { duration } from './fields.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** How long signals of one class wait for each other, and when they have to be in the org. */
const waiting = (every: number, within: number) =>
  z
    .strictObject({
      every: duration(1_000).default(every),
      within: duration(1_000).default(within),
    })
    .refine(({ every: stretch }) => stretch <= DAY, { error: 'every may be 1d at most' })
    .refine((value) => value.within > value.every, {
      error: 'within must be longer than every: signals wait that long before they are published',
    })
    .prefault({});

/** `salesforce.latency`: what each latency class of a policy means. */
export const latency = z
  .strictObject({
    immediate: z.strictObject({ within: duration(1_000).default(10_000) }).prefault({}),
    minutes: waiting(2 * MINUTE, 5 * MINUTE),
    batch: waiting(60 * MINUTE, 90 * MINUTE),
  })
  .prefault({});

/** `salesforce.shedding`: when what waits is more than the budgets can carry. */
export const shedding = z
  .strictObject({
    beyond: duration(MINUTE).default(DAY),
    unresolved: duration(MINUTE).default(DAY / 2),
  })
  .prefault({});
