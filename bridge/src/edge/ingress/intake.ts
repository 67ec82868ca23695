import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Message } from '../../model/message.ts';
import type { TakeOver } from '../../ports/ingress.ts';
import { makeLinger } from './linger.ts';
import { makeRooms } from './room.ts';
import type { Room } from './room.ts';
import type { Backlog } from './throttle.ts';

/** Where messages came from: one connection. */
export interface Sender {
  /** These messages of it are safe, by their receipts, in the order they came; all of a batch at once. */
  acknowledge(receipts: readonly number[]): void;
}

/** Hands messages over in batches: what arrives while one batch is made safe is the next one. */
export interface Intake {
  /**
   * @param message is copied
   * @param receipt what the sender wants to hear once the message is safe; 0: nothing
   */
  add(message: Message, from: Sender, receipt: number): void;
  /** Lets go of what waits and came from this sender. */
  forget(from: Sender): void;
  /** What is not safe yet. The same object every time. */
  readonly backlog: Backlog;
  /** Takes nothing more on; resolves when the batch in hand has ended. */
  stop(): Promise<void>;
}

/**
 * Messages per batch: about 5 MB of usual ones, and little enough that a batch is decoded within
 * 5 ms, so that timers, /metrics and publishing get their turn.
 */
const BATCH = 4_000;

export interface IntakeOptions {
  /** Told when a message waits where none did, and when none waits any more. */
  readonly onBegin?: () => void;
  readonly onEnd?: () => void;
  /** Messages waited for others for that long, and nothing was held back by their senders meanwhile. */
  readonly onLingered?: (milliseconds: number) => void;
  /** A batch was refused; its messages and all that wait were let go of, in the hope of another try. */
  readonly onRefused: (error: unknown) => void;
}

/** A batch on its way in: three lists, because an object for each message would cost more than its frame. */
interface Arrivals {
  readonly messages: Message[];
  readonly senders: Sender[];
  readonly receipts: number[];
  readonly rooms: Room[];
  bytes: number;
}

const noArrivals = (): Arrivals => ({
  messages: [],
  senders: [],
  receipts: [],
  rooms: [],
  bytes: 0,
});

/**
 * A batch is acknowledged as a whole, after `takeOver` has resolved for all of it. Small batches wait a moment for more
 * (`linger.ts`).
 */
export function makeIntake(takeOver: TakeOver, options: IntakeOptions): Intake {
  /* Batches in their order; the last one is being filled. */
  let queue: Arrivals[] = [];
  let filling = noArrivals();
  const backlog = { messages: 0, bytes: 0 };
  let stopping = false;
  let working: Promise<void> | undefined;
  let inHand = 0;
  const linger = makeLinger();
  const rooms = makeRooms();

  function count({ messages, bytes }: Arrivals, sign: 1 | -1): void {
    backlog.messages += sign * messages.length;
    backlog.bytes += sign * bytes;
  }

  async function work(): Promise<void> {
    for (;;) {
      const lingering = queue.length > 0 ? linger.wait(backlog.messages) : undefined;
      if (lingering !== undefined) options.onLingered?.(await lingering);
      const batch = stopping ? undefined : queue.shift();
      if (batch === undefined) return;
      if (batch === filling) filling = noArrivals();
      inHand = batch.messages.length;
      linger.began();
      try {
        await takeOver(batch.messages);
        count(batch, -1);
        acknowledge(batch);
        rooms.giveBack(batch.rooms);
      } catch (error) {
        queue = [];
        filling = noArrivals();
        backlog.messages = 0;
        backlog.bytes = 0;
        options.onRefused(error);
      }
      inHand = 0;
      // Without a turn of the event loop a burst would keep timers waiting until its end.
      await nextTurn();
    }
  }

  function begin(): void {
    options.onBegin?.();
    working = nextTurn()
      .then(work)
      .finally(() => {
        working = undefined;
        options.onEnd?.();
        // What came after the last look at the queue.
        if (queue.length > 0 && !stopping) begin();
      });
  }

  return {
    backlog,
    add(message, from, receipt) {
      if (stopping) return;
      if (filling.messages.length === BATCH) filling = noArrivals();
      filling.messages.push(rooms.keep(message, filling.rooms));
      filling.senders.push(from);
      filling.receipts.push(receipt);
      const bytes = message.payloadEnd - message.topicStart;
      filling.bytes += bytes;
      backlog.messages += 1;
      backlog.bytes += bytes;
      linger.arrived(backlog.messages - inHand, backlog.messages);
      if (filling.messages.length > 1) return;
      queue.push(filling);
      if (working === undefined) begin();
    },
    forget(from) {
      for (const batch of queue) count(batch, -1);
      const left = queue.map((batch) => without(batch, from));
      for (const batch of left) count(batch, 1);
      queue = left.filter(({ messages }) => messages.length > 0);
      filling = queue.at(-1) ?? noArrivals();
    },
    async stop() {
      stopping = true;
      linger.cut();
      await working;
    },
  };
}

/** Tells every sender once of all that is safe. */
function acknowledge({ senders, receipts }: Arrivals): void {
  const safe = new Map<Sender, number[]>();
  let latest: Sender | undefined;
  let own: number[] = [];
  for (let index = 0; index < receipts.length; index += 1) {
    const from = senders[index] as Sender;
    const receipt = receipts[index] as number;
    if (from !== latest) {
      own = safe.get(from) ?? [];
      safe.set(from, own);
      latest = from;
    }
    if (receipt !== 0) own.push(receipt);
  }
  for (const [from, all] of safe) from.acknowledge(all);
}

function without(batch: Arrivals, from: Sender): Arrivals {
  const left = { ...noArrivals(), rooms: batch.rooms };
  for (const [index, sender] of batch.senders.entries()) {
    if (sender === from) continue;
    left.messages.push(batch.messages[index] as Message);
    left.senders.push(sender);
    left.receipts.push(batch.receipts[index] as number);
    const { payloadEnd, topicStart } = batch.messages[index] as Message;
    left.bytes += payloadEnd - topicStart;
  }
  return left;
}
