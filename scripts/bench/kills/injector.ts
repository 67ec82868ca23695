/**
 * `node scripts/bench/kills/injector.ts OPTIONS` with OPTIONS as JSON: publishes numbered readings of many pumps with QoS 1,
 * breaks a pump now and then, and writes down what the broker acknowledged and what was broken.
 *
 * SIGUSR2: break nothing more, or begin to, where faults wait (`faultsWait`). SIGTERM: send nothing more, wait for what is under way, end.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import mqtt from 'mqtt';
import { z } from 'zod';

import { makeRandom } from '../../fleet/random.ts';
import type { LedgerLine } from './ledger.ts';
import { deviceKey, FAULTS, messageOf, topicOf } from './plan.ts';
import type { FaultKind } from './plan.ts';

const optionsShape = z.object({
  url: z.string(),
  ledger: z.string(),
  seed: z.number(),
  devices: z.number(),
  /** Between two messages of one pump. */
  everyMs: z.number(),
  /** Between two faults; each has a pump of its own, so that its Case can be no other's. */
  faultEveryMs: z.number(),
  kinds: z.array(z.enum(FAULTS)).default([...FAULTS]),
  /** Every so many messages one is no reading; 0: none. */
  badEvery: z.number().default(97),
  /** Nothing is broken before SIGUSR2 says so. */
  faultsWait: z.boolean().default(false),
  faultMs: z.number(),
  /** A fault lasts for at least so many messages, however slowly they go. */
  faultMessages: z.number(),
});
export type InjectorOptions = z.input<typeof optionsShape>;

const LEDGER_MS = 200;
/** How long a message may wait for its acknowledgement at the end. */
const LAST_MS = 15_000;

const options = optionsShape.parse(JSON.parse(process.argv[2] ?? '{}'));
const random = makeRandom(options.seed);
let stopped = false;
let calm = false;
let begun = !options.faultsWait;
process.on('SIGUSR2', () => {
  if (begun) calm = true;
  begun = true;
});
process.on('SIGTERM', () => (stopped = true));

let sequence = 0;
let underWay = 0;
let acknowledged: number[] = [];
/** Broken pumps: until when at least, and how many messages have to say so. */
const broken = new Map<
  string,
  { readonly kind: FaultKind; readonly until: number; left: number }
>();

const write = (line: LedgerLine): void =>
  appendFileSync(options.ledger, `${JSON.stringify(line)}\n`);
const writeAcknowledged = (): void => {
  if (acknowledged.length > 0) write({ acknowledged });
  acknowledged = [];
};

const client = mqtt.connect(options.url, {
  clientId: 'injector',
  clean: false,
  protocolVersion: 4,
  reconnectPeriod: 100,
});
client.on('error', () => undefined);

/** Answers whether the broker has acknowledged it; a connection that broke in between may have lost it. */
async function publish(topic: string, payload: string): Promise<boolean> {
  try {
    await client.publishAsync(topic, payload, { qos: 1 });
    return true;
  } catch {
    return false;
  }
}

/** One message at a time, so that what a pump says arrives in its order whatever breaks. */
async function runPump(device: string): Promise<void> {
  await sleep(random.uniform() * options.everyMs);
  while (!stopped) {
    const startedAt = Date.now();
    const fault = broken.get(device);
    const isBroken = fault !== undefined && (startedAt < fault.until || fault.left > 0);
    const kind = isBroken ? fault.kind : undefined;
    sequence += 1;
    const isBad = kind === undefined && sequence % options.badEvery === 0;
    const message = messageOf(sequence, isBad ? 'yesterday' : startedAt, kind, random);
    underWay += 1;
    while (!(await publish(topicOf(device), message.payload))) await sleep(50);
    underWay -= 1;
    if (isBroken) fault.left -= 1;
    acknowledged.push(message.sequence);
    await sleep(Math.max(0, startedAt + options.everyMs - Date.now()));
  }
}

async function breakPumps(): Promise<void> {
  const order = random.shuffle(Array.from({ length: options.devices }, (_, index) => index));
  while (!begun) await sleep(50);
  for (const index of order) {
    await sleep(options.faultEveryMs);
    if (calm || stopped) return;
    const fault = {
      device: deviceKey(index),
      kind: options.kinds[index % options.kinds.length] ?? FAULTS[0],
      from: Date.now(),
    };
    write({ fault });
    broken.set(fault.device, {
      kind: fault.kind,
      until: fault.from + options.faultMs,
      left: options.faultMessages,
    });
  }
}

const parent = process.ppid;
const ledgerTimer = setInterval(() => {
  writeAcknowledged();
  // Whoever was to end it is gone.
  if (process.ppid !== parent) process.exit(1);
}, LEDGER_MS);
const pumps = Array.from({ length: options.devices }, (_, index) => runPump(deviceKey(index)));
void breakPumps();
const ended = Promise.all(pumps);
while (!stopped) await sleep(50);
await Promise.race([ended, sleep(LAST_MS, undefined, { ref: false })]);
clearInterval(ledgerTimer);
writeAcknowledged();
write({ ended: { sent: sequence } });
if (underWay > 0) console.error(`${underWay} messages were not acknowledged`);
process.exit(0);
