import type { Socket } from 'node:net';

import { makeFrameRing } from './frames.ts';
import type { FrameFormat } from './frames.ts';
import { makeHistogram } from './histogram.ts';
import { makePlan } from './plan.ts';
import type { PlanOptions } from './plan.ts';

export interface FeedOptions extends PlanOptions {
  /** Messages on the way without PUBACK at most; with QoS 0, in our own buffers. 1 to 60,000. */
  readonly window: number;
  /** Told of each message that opens an episode, with the time it was sent. */
  readonly onBeyond?: (device: number, at: number, sentAt: number) => void;
}

/** What was sent and acknowledged since the feed began, except `late` and `ackMs`: those count since `resetTimes`. */
export interface FeedCounts {
  readonly sent: number;
  /** PUBACKs; with QoS 0, frames the socket has taken. */
  readonly acknowledged: number;
  /** PUBACKs for ids that were not on the way: 0 where all is well. */
  readonly strayAcks: number;
  readonly beyond: number;
  readonly back: number;
  /** The most messages by which sending was behind its rate. */
  readonly late: number;
  /** PUBLISH written to PUBACK read, in milliseconds. */
  readonly ackMs: { readonly p50: number; readonly p99: number; readonly most: number };
}

/** Sends messages to one client, at a rate or as fast as its acknowledgements allow. */
export interface Feed {
  /** Messages a second; 0: nothing; Infinity: as many as the window lets through. */
  setRate(rate: number): void;
  /** To be called before each chunk of acknowledgements: they came now. */
  arrived(): void;
  acknowledged(packetId: number): void;
  /** To be called after each chunk of acknowledgements: there may be room again. */
  go(): void;
  counts(): FeedCounts;
  resetTimes(): void;
  stop(): void;
}

/** Frames per write; a third of a megabyte at most keeps the socket busy without long pauses of ours. */
const CHUNK = 512;
const IDS = 65_535;
const PACE_MS = 1;

export function makeFeed(socket: Socket, format: FrameFormat, options: FeedOptions): Feed {
  const { window, onBeyond } = options;
  const ring = makeFrameRing(format);
  const plan = makePlan(options);
  const { bytes, frameBytes, frames } = ring;
  const withAcks = format.qos === 1;
  const sentAt = new Float64Array(IDS + 1);
  const ackMs = makeHistogram();
  let rate = 0;
  let rateSince = 0;
  let sentBefore = 0;
  let late = 0;
  let sent = 0;
  let flushed = 0;
  let acknowledged = 0;
  let strayAcks = 0;
  let id = 0;
  let now = performance.now();

  function nextId(): number {
    do id = (id % IDS) + 1;
    while (sentAt[id] !== 0);
    return id;
  }

  /** Messages that may go now. A frame is written over only when the socket has taken it. */
  function room(): number {
    const onTheWay = sent - (withAcks ? acknowledged : flushed);
    const free = Math.min(window - onTheWay, flushed + frames - sent);
    if (rate === Number.POSITIVE_INFINITY) {
      // Small writes cost both sides much: waits until a good part of the window is free.
      return free >= Math.min(CHUNK, window / 4) ? free : 0;
    }
    const due = Math.floor(((now - rateSince) / 1_000) * rate) - (sent - sentBefore);
    late = Math.max(late, due - free);
    return Math.min(free, due);
  }

  /** Patches and writes frames that lie side by side in the ring. */
  function send(count: number): void {
    const slot = sent % frames;
    const clock = Date.now();
    for (let index = 0; index < count; index += 1) {
      const packetId = withAcks ? nextId() : 0;
      const planned = plan.next(clock);
      ring.patch(slot + index, packetId, planned);
      if (withAcks) sentAt[packetId] = now;
      if (planned.beyond) onBeyond?.(planned.device, planned.at, now);
    }
    sent += count;
    const until = sent;
    socket.write(bytes.subarray(slot * frameBytes, (slot + count) * frameBytes), () => {
      flushed = until;
      if (!withAcks) feed.go();
    });
  }

  const feed: Feed = {
    setRate(next) {
      now = performance.now();
      rate = next;
      rateSince = now;
      sentBefore = sent;
      feed.go();
    },
    arrived() {
      now = performance.now();
    },
    acknowledged(packetId) {
      const at = sentAt[packetId] as number;
      if (at === 0) strayAcks += 1;
      else {
        sentAt[packetId] = 0;
        acknowledged += 1;
        ackMs.add(now - at);
      }
    },
    go() {
      now = performance.now();
      if (rate === 0 || socket.destroyed) return;
      for (let left = room(); left > 0; left = room()) {
        send(Math.min(left, CHUNK, frames - (sent % frames)));
        now = performance.now();
      }
    },
    counts: () => ({
      sent,
      acknowledged: withAcks ? acknowledged : flushed,
      strayAcks,
      beyond: plan.beyond,
      back: plan.back,
      late,
      ackMs: { p50: ackMs.quantile(0.5), p99: ackMs.quantile(0.99), most: ackMs.highest },
    }),
    resetTimes() {
      late = 0;
      ackMs.clear();
    },
    stop: () => clearInterval(pace),
  };
  const pace = setInterval(() => feed.go(), PACE_MS);
  return feed;
}
