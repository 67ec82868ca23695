import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface LoggedMessage {
  readonly position: number;
  readonly topic: string;
  readonly payload: Uint8Array;
}

const BRACE = 0x7b;

/**
 * Reads the bridge's log files as the handbook describes them, with none of the bridge's own code: each file is named
 * after its first position and its mark, and holds batches `ASL2`, bytes u32, crc u32, records u32, first position f64, mark, records.
 * The end of a file is where no batch of its mark with the next position stands.
 */
export function readLogFiles(folder: string): LoggedMessage[] {
  const names = readdirSync(folder).filter((name) => /^\d{16}-[0-9a-f]{16}\.log$/.test(name));
  return names
    .toSorted()
    .flatMap((name) => readFile(join(folder, name), Number(name.slice(0, 16)), name.slice(17, 33)));
}

function readFile(path: string, first: number, mark: string): LoggedMessage[] {
  const bytes = readFileSync(path);
  const messages: LoggedMessage[] = [];
  let position = first;
  for (let at = 0; bytes.toString('latin1', at, at + 4) === 'ASL2';) {
    const end = at + 32 + bytes.readUInt32LE(at + 4);
    if (bytes.readDoubleLE(at + 16) !== position || end > bytes.length) break;
    if (bytes.toString('hex', at + 24, at + 32) !== mark) break;
    for (let record = at + 32; record < end;) {
      const topicEnd = record + 16 + bytes.readUInt32LE(record);
      const next = topicEnd + bytes.readUInt32LE(record + 4);
      const topic = bytes.toString('utf8', record + 16, topicEnd);
      const payload = bytes.subarray(topicEnd, next);
      // A record without topic is a tick of the clock, or policies; or keys or zeros, which have no position.
      if (topic !== '') messages.push({ position, topic, payload });
      if (topic !== '' || payload.length === 9 || payload[0] === BRACE) position += 1;
      record = next;
    }
    at = end;
  }
  return messages;
}
