import { readFileSync } from 'node:fs';

import { entriesOf, readBatch } from '../edge/log/segments/batch.ts';
import { listSegments } from '../edge/log/segments/files.ts';
import { toLogPosition } from '../model/brand.ts';
import type { MessageEntry } from '../ports/log.ts';

/** The messages in a log folder, also while a bridge writes it. */
export async function loggedMessages(folder: string): Promise<MessageEntry[]> {
  const messages: MessageEntry[] = [];
  for (const { path, first, mark } of await listSegments(folder)) {
    const bytes = readFileSync(path);
    let next = first;
    let batch = readBatch(bytes, 0, mark);
    while (batch?.first === next) {
      const entries = [...entriesOf(batch, toLogPosition(0))];
      messages.push(...entries.filter((entry) => entry.kind === 'message'));
      next = batch.last + 1;
      batch = readBatch(bytes, batch.end, mark);
    }
  }
  return messages;
}
