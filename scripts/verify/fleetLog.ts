import { z } from 'zod';

import type { FleetEvidence, InjectedFault, MessageId } from './evidence.ts';

const time = z.iso.datetime().transform((text) => Date.parse(text));

const line = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('reading'),
    device: z.string(),
    topic: z.string(),
    ts: z.string(),
    seq: z.number(),
  }),
  z.object({ kind: z.literal('count'), acknowledged: z.number() }),
  z.object({
    kind: z.literal('fault'),
    device: z.string(),
    fault: z.string(),
    from: time,
    to: time,
  }),
  z.object({
    kind: z.literal('storm'),
    device: z.string(),
    messages: z.number(),
    from: time,
    to: time,
  }),
  z.object({ kind: z.literal('played') }),
  z.object({ kind: z.literal('end'), acknowledged: z.number(), unacknowledged: z.number() }),
]);

export type FleetLine = z.infer<typeof line>;

/** @throws Error naming the line when the fleet wrote something else */
export function parseFleetLine(text: string): FleetLine {
  const parsed = line.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`not a line of the fleet's log: ${text}`);
  return parsed.data;
}

/** Reads a fleet's log; a last line that is cut off (the fleet was killed) is left out. */
export function readFleetLog(text: string): FleetEvidence {
  const acknowledged: MessageId[] = [];
  const faults: InjectedFault[] = [];
  const storms: { device: string; messages: number }[] = [];
  let complete = false;
  for (const entry of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    if (entry === '') continue;
    const parsed = parseFleetLine(entry);
    if (parsed.kind === 'reading') {
      acknowledged.push({ topic: parsed.topic, ts: parsed.ts, seq: parsed.seq });
    } else if (parsed.kind === 'fault') faults.push(parsed);
    else if (parsed.kind === 'storm') storms.push(parsed);
    else if (parsed.kind === 'end') {
      complete = parsed.unacknowledged === 0 && parsed.acknowledged === acknowledged.length;
    }
  }
  return { acknowledged, faults, storms, complete };
}
