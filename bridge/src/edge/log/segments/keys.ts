import { open } from 'node:fs/promises';

import { z } from 'zod';

import type { EpochMs, LogPosition } from '../../../model/brand.ts';
import { makeMessage } from '../../../model/message.ts';
import type { Message, OnceKey } from '../../../model/message.ts';
import { RECORD_HEAD } from '../../../model/record.ts';
import { findBatch, readBatch, TICK_BYTES } from './batch.ts';
import type { Batch } from './batch.ts';
import { readUpTo } from './files.ts';
import type { ReadableSegment } from './segmentReader.ts';

/** The keys of those messages that have one; usually none. */
export function keysAmong(messages: readonly Message[]): OnceKey[] {
  const keys: OnceKey[] = [];
  for (const { once } of messages) if (once !== undefined) keys.push(once);
  return keys;
}

/** What is written in front of messages with these keys, see `batch.ts`. */
export function keysRecord(keys: readonly OnceKey[], receivedAt: EpochMs): Message {
  const sessions = new Map<string, [session: string, generation: number, packetIds: number[]]>();
  for (const { session, generation, packetId } of keys) {
    const name = `${generation} ${session}`;
    const known = sessions.get(name);
    if (known === undefined) sessions.set(name, [session, generation, [packetId]]);
    else known[2].push(packetId);
  }
  return makeMessage('', Buffer.from(JSON.stringify([...sessions.values()])), receivedAt);
}

const keysShape = z.array(z.tuple([z.string(), z.number(), z.array(z.number())]));

/** `[`: policies begin otherwise. */
const KEYS_BEGIN = 0x5b;

/** The keys that stand in front of a batch. */
function keysOf({ body }: Batch): OnceKey[] {
  const bytes = body.readUInt32LE(4);
  if (body.readUInt32LE(0) !== 0 || bytes === TICK_BYTES) return [];
  if (body[RECORD_HEAD] !== KEYS_BEGIN) return [];
  const text = body.toString('utf8', RECORD_HEAD, RECORD_HEAD + bytes);
  return keysShape
    .parse(JSON.parse(text))
    .flatMap(([session, generation, packetIds]) =>
      packetIds.map((packetId) => ({ session, generation, packetId })),
    );
}

/** All keys of a segment that stand behind a position. What is damaged is stepped over. */
export async function readKeys(
  { path, first, last, mark }: ReadableSegment,
  after: LogPosition,
): Promise<OnceKey[]> {
  const handle = await open(path, 'r');
  try {
    const bytes = await readUpTo(handle, 0, (await handle.stat()).size);
    const keys: OnceKey[] = [];
    let position = first;
    let at = 0;
    while (position <= last) {
      const here = readBatch(bytes, at, mark);
      const batch = here?.first === position ? here : findBatch(bytes, at, position, mark);
      if (batch === undefined || batch.first > last) break;
      if (batch.first > after) keys.push(...keysOf(batch));
      position = batch.last + 1;
      at = batch.end;
    }
    return keys;
  } finally {
    await handle.close();
  }
}
