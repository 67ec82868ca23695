import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config/load.ts';
import { readPolicies } from '../config/load.ts';
import { toPolicy } from '../config/translate.ts';
import { ConfigError } from '../config/problems.ts';
import { makeDecoder } from '../core/decode/decoder.ts';
import { makeEngine } from '../core/engine.ts';
import { writeRules } from '../core/policy/rules.ts';
import type { Rules } from '../core/policy/rules.ts';
import { entriesOf, readBatch } from '../edge/log/segments/batch.ts';
import { listSegments } from '../edge/log/segments/files.ts';
import { makePolicyRecords } from '../edge/salesforce/policyRecords.ts';
import { toEpochMs, toLogPosition } from '../model/brand.ts';
import { makeMessage } from '../model/message.ts';
import type { Message } from '../model/message.ts';
import type { Policy } from '../model/policy.ts';
import type { Reading } from '../model/reading.ts';
import type { Signal } from '../model/signal.ts';
import { UsageError } from '../usageError.ts';
import { holdsRecords, readRecords } from './records.ts';

/** What policies say to recorded readings. */
export interface TryOut {
  readonly signals: readonly Signal[];
  readonly readings: number;
  /** Messages that no mapping could read, with the reason of the first. */
  readonly unread: number;
  readonly reason: string | undefined;
}

/** As often as the bridge itself lets time pass; a longer gap is passed in so many steps. */
const TICK_MS = 1_000;
const MOST_TICKS = 10_000;

/** Policies of a file, of either kind. @throws ConfigError */
export function policiesOfFile(file: string): readonly Policy[] {
  if (!holdsRecords(file)) return readPolicies(file).map(toPolicy);
  const records = makePolicyRecords('');
  const problems: string[] = [];
  const policies = readRecords(file).flatMap((one, index): Policy[] => {
    const { Device_Key__c: device, ...fields } = one;
    const Id = `a00${String(index).padStart(15, '0')}`;
    const related =
      device === undefined ? {} : { Device__c: Id, Device__r: { Device_Key__c: device } };
    const read = records.read({ Id, Version__c: 1, ...fields, ...related });
    if (read.kind === 'bad') problems.push(`${read.key}: ${read.problem}`);
    return read.kind === 'good' ? [read.policy] : [];
  });
  if (problems.length > 0) throw new ConfigError(file, problems);
  return policies;
}

/**
 * Runs recorded messages through detection, in their order; time passes by when they were received.
 *
 * @param places where devices are, for policies of Assets and Accounts
 */
export async function tryOut(
  { mappings, dataDir }: Pick<Config, 'mappings' | 'dataDir'>,
  policies: readonly Policy[],
  source: string,
  places: Rules['places'] = new Map(),
): Promise<TryOut> {
  // A recording is of another time; what a mapping says of clocks is about now.
  const decode = makeDecoder(mappings.map((mapping) => ({ ...mapping, recorded: true })));
  const engine = makeEngine([]);
  engine.replaceRules(writeRules({ file: policies, org: [], off: [], places }), 0, toEpochMs(0));
  const signals: Signal[] = [];
  let [readings, unread] = [0, 0];
  let reason: string | undefined;
  let now: number | undefined;
  const messages = source === 'log' ? loggedIn(join(dataDir, 'log')) : linesOf(source);
  for await (const { message, isTimed } of messages) {
    const decoded = decode(message);
    if (!decoded.ok) {
      unread += 1;
      reason ??= decoded.error.reason;
      continue;
    }
    const reading: Reading = isTimed
      ? decoded.value
      : { ...decoded.value, receivedAt: decoded.value.at };
    const at = reading.receivedAt;
    now ??= at;
    const step = Math.max(TICK_MS, (at - now) / MOST_TICKS);
    for (; now + step <= at; now += step) {
      signals.push(...engine.tick(toEpochMs(now + step), toEpochMs(now + step)));
    }
    signals.push(...engine.accept(reading, toEpochMs(Math.max(now, 0))));
    readings += 1;
  }
  return { signals, readings, unread, reason };
}

interface Recorded {
  readonly message: Message;
  /** It says when it was received. */
  readonly isTimed: boolean;
}

const line = z.object({
  topic: z.string(),
  payload: z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]),
  receivedAt: z.union([z.number(), z.iso.datetime({ offset: true })]).optional(),
});

function* linesOf(file: string): Generator<Recorded> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${String(error)}`);
  }
  for (const [index, one] of text.split('\n').entries()) {
    if (one.trim() === '') continue;
    let raw: unknown;
    try {
      raw = JSON.parse(one);
    } catch {
      throw new UsageError(`line ${index + 1} of ${file} is not JSON`);
    }
    const read = line.safeParse(raw);
    if (!read.success) {
      throw new UsageError(
        `line ${index + 1} of ${file} needs "topic" (a text), "payload" (a text or JSON) and, if wanted, "receivedAt"`,
      );
    }
    const { topic, payload, receivedAt } = read.data;
    const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
    const at = typeof receivedAt === 'string' ? Date.parse(receivedAt) : (receivedAt ?? Date.now());
    yield { message: makeMessage(topic, bytes, toEpochMs(at)), isTimed: receivedAt !== undefined };
  }
}

async function* loggedIn(folder: string): AsyncGenerator<Recorded> {
  for (const { path, first, mark } of await listSegments(folder)) {
    const bytes = readFileSync(path);
    let next = first;
    for (let batch = readBatch(bytes, 0, mark); batch?.first === next;) {
      for (const entry of entriesOf(batch, toLogPosition(0))) {
        if (entry.kind === 'message') yield { message: entry, isTimed: true };
      }
      next = batch.last + 1;
      batch = readBatch(bytes, batch.end, mark);
    }
  }
}
