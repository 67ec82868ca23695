import { z } from 'zod';

/** What the org is asked for, one JSON object a line on its standard input. */
export const request = z.object({ ask: z.literal('report') });

/** What it says, one JSON object a line on its standard output. */
export const said = z.discriminatedUnion('say', [
  z.object({
    say: z.literal('listening'),
    loginUrl: z.string(),
    endpoint: z.string(),
    caFile: z.string(),
  }),
  z.object({
    say: z.literal('report'),
    counts: z.object({
      opened: z.number(),
      updated: z.number(),
      cleared: z.number(),
      repeats: z.number(),
    }),
    /** Arrivals of Opened since the last report: device, device time, monotonic time of arrival. */
    opened: z.array(z.tuple([z.string(), z.number(), z.number()])),
  }),
]);
export type Said = z.infer<typeof said>;
export type OrgReport = Extract<Said, { say: 'report' }>;
