import { z } from 'zod';

/** What the load source is asked for, one JSON object a line on its standard input. */
export const request = z.discriminatedUnion('ask', [
  /** Messages a second from now on; null: as many as the window lets through; 0: none. */
  z.object({ ask: z.literal('rate'), rate: z.number().nullable() }),
  /** A report; with `reset` times and what was sent beyond the limit are counted anew. */
  z.object({ ask: z.literal('report'), reset: z.boolean() }),
]);
export type Request = z.infer<typeof request>;

const counts = z.object({
  sent: z.number(),
  acknowledged: z.number(),
  strayAcks: z.number(),
  beyond: z.number(),
  back: z.number(),
  late: z.number(),
  ackMs: z.object({
    p50: z.number().nullable(),
    p99: z.number().nullable(),
    most: z.number().nullable(),
  }),
});

/** What it says, one JSON object a line on its standard output. */
export const said = z.discriminatedUnion('say', [
  z.object({ say: z.literal('listening'), port: z.number() }),
  z.object({ say: z.literal('ready'), clientId: z.string() }),
  z.object({
    say: z.literal('report'),
    /** Monotonic clock of the machine, milliseconds: the same in all processes. */
    at: z.number(),
    /** CPU time of the source so far, user and system, milliseconds. */
    cpuMs: z.number(),
    /** Messages the clients have published themselves. */
    published: z.number(),
    /** Absent while no client is there. */
    counts: counts.optional(),
    /** Messages that opened an episode: device, device time, monotonic time of sending. */
    beyond: z.array(z.tuple([z.number(), z.number(), z.number()])),
  }),
]);
export type Said = z.infer<typeof said>;
export type Report = Extract<Said, { say: 'report' }>;
