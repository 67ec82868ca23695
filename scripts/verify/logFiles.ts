import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface LoggedMessage {
  readonly position: number;
  readonly topic: string;
  readonly payload: Uint8Array;
}

/**
 * Reads the bridge's log files as the handbook describes them, with none of the bridge's own code: each file is named
 * after its first position and holds batches `ASL1`, bytes u32, crc u32, records u32, first position f64, records.
 * The end of a file is where no batch with the next position stands.
 */
export function readLogFiles(folder: string): LoggedMessage[] {
  const names = readdirSync(folder).filter((name) => /^\d{16}\.log$/.test(name));
  return names
    .toSorted()
    .flatMap((name) => readFile(join(folder, name), Number(name.slice(0, 16))));
}

function readFile(path: string, first: number): LoggedMessage[] {
  const bytes = readFileSync(path);
  const messages: LoggedMessage[] = [];
  let position = first;
  for (let at = 0; bytes.toString('latin1', at, at + 4) === 'ASL1';) {
    const end = at + 24 + bytes.readUInt32LE(at + 4);
    if (bytes.readDoubleLE(at + 16) !== position || end > bytes.length) break;
    for (let record = at + 24; record < end;) {
      const topicEnd = record + 16 + bytes.readUInt32LE(record);
      const next = topicEnd + bytes.readUInt32LE(record + 4);
      const topic = bytes.toString('utf8', record + 16, topicEnd);
      const payload = bytes.subarray(topicEnd, next);
      // A record without topic is a tick of the clock, or longer: keys, which have no position.
      if (topic !== '') messages.push({ position, topic, payload });
      if (topic !== '' || payload.length === 9) position += 1;
      record = next;
    }
    at = end;
  }
  return messages;
}
