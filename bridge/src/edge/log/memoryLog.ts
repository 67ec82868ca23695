import { toLogPosition } from '../../model/brand.ts';
import { makeMessage, payloadOf, topicOf } from '../../model/message.ts';
import type { Message } from '../../model/message.ts';
import { err, ok } from '../../model/result.ts';
import type { DurableLog, LogEntry, Rejected, StorageFailure } from '../../ports/log.ts';

/** A log in memory, for tests and trials: as ordered as the durable one, and gone with the process. */
export interface MemoryLog extends DurableLog {
  readonly quarantined: readonly Rejected[];
  /** Set to have every write refused, as a full disk does. */
  refuse: StorageFailure | undefined;
}

export function makeMemoryLog(): MemoryLog {
  let entries: LogEntry[] = [];
  let last = 0;
  let quarantined: Rejected[] = [];
  let dropped = 0;
  return {
    get quarantined() {
      return quarantined;
    },
    refuse: undefined,
    async append(messages) {
      if (this.refuse !== undefined) return err(this.refuse);
      for (const message of messages) {
        last += 1;
        const position = toLogPosition(last);
        const copy = makeMessage(topicOf(message), payloadOf(message), message.receivedAt);
        entries.push({ kind: 'message', position, ...copy });
      }
      return ok(toLogPosition(last));
    },
    async tick(tick) {
      if (this.refuse !== undefined) return err(this.refuse);
      last += 1;
      entries.push({ kind: 'tick', ...tick, position: toLogPosition(last) });
      return ok(toLogPosition(last));
    },
    async changeRules(change) {
      if (this.refuse !== undefined) return err(this.refuse);
      last += 1;
      entries.push({ kind: 'rules', ...change, position: toLogPosition(last) });
      return ok(toLogPosition(last));
    },
    async quarantine(rejected) {
      if (this.refuse !== undefined) return err(this.refuse);
      quarantined.push(...rejected);
      return ok(undefined);
    },
    async pruneQuarantine(before) {
      const count = quarantined.length;
      quarantined = quarantined.filter(({ message }) => message.receivedAt >= before);
      dropped += count - quarantined.length;
      return count - quarantined.length;
    },
    quarantineStatus: () => ({
      bytes: quarantined.reduce((sum, { message }) => sum + sizeOfMessage(message), 0),
      dropped,
    }),
    async read(after, limit) {
      return entries.filter(({ position }) => position > after).slice(0, limit);
    },
    async end() {
      return toLogPosition(last);
    },
    async prune({ before, maxBytes }, processed) {
      const count = entries.length;
      const mayGo = ({ position }: LogEntry): boolean => position <= processed;
      entries = entries.filter((entry) => !(mayGo(entry) && timeOf(entry) < before));
      let bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
      entries = entries.filter((entry) => {
        if (bytes <= maxBytes || !mayGo(entry)) return true;
        bytes -= sizeOf(entry);
        return false;
      });
      return count - entries.length;
    },
  };
}

const timeOf = (entry: LogEntry): number =>
  entry.kind === 'message' ? entry.receivedAt : entry.at;
const sizeOfMessage = (message: Message): number =>
  message.topicEnd - message.topicStart + message.payloadEnd - message.payloadStart;
const sizeOf = (entry: LogEntry): number =>
  entry.kind === 'message' ? entry.payloadEnd - entry.payloadStart : 0;
