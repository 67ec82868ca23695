import { z } from 'zod';

const times = z.object({ p50: z.number(), p99: z.number() });

/** What the probe says, one JSON object a line: the milliseconds of a flush, and by how much a timer was late, since it was last asked. */
export const said = z.object({ flushMs: times, loopMs: times });
export type Probe = z.infer<typeof said>;
