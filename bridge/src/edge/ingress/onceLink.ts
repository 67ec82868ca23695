import { setTimeout as sleep } from 'node:timers/promises';

import type { Message } from '../../model/message.ts';
import type { Logger } from '../../ports/telemetry.ts';
import type { Intake, Sender } from './intake.ts';
import type { OnceSession } from './onceSession.ts';
import type { Tap } from './tap.ts';

/** The QoS 2 half of one connection. */
export interface OnceLink {
  /** A PUBLISH of QoS 2; `duplicate` as the broker says. */
  arrived(message: Message, packetId: number, duplicate: boolean): void;
  /** A PUBREL. */
  released(packetId: number): void;
  /** Who hears in the intake that messages are safe. */
  readonly sender: Sender;
}

export interface OnceLinkOptions {
  readonly session: OnceSession;
  readonly protocolVersion: 4 | 5;
  /** Answers over the connection it belongs to. */
  readonly answer: Tap['acknowledge'];
  readonly isOpen: () => boolean;
  readonly into: Intake;
  readonly logger: Logger;
}

/** "Packet Identifier not found". Source: MQTT 5 section 3.7.2.1; MQTT 3.1.1 has no reasons. */
const NOT_FOUND = 0x92;
/** Between tries to write down that ids are released, while the disk refuses. */
const RETRY_MS = 1_000;

/**
 * Exactly once into the log, for messages the broker sends with QoS 2 [MQTT-4.3.3]:
 *
 *   PUBLISH → message and packet id on disk in one commit → PUBREC; sent again: PUBREC again, nothing is taken
 *   PUBREL  → the id is forgotten on disk → PUBCOMP; an id nobody knows: PUBCOMP at once
 *
 * Killed in between, the bridge finds the id on disk and goes on. Ids belong to the session: a broker that does not
 * have it any more begins with new ones. PUBRELs are gathered for a turn of the event loop: one commit for all.
 */
export function makeOnceLink(options: OnceLinkOptions): OnceLink {
  const { session, answer, into, logger } = options;
  /* Ids of messages that came by this connection and are not released yet, and those of them not safe yet. */
  const here = new Set<number>();
  const waiting = new Set<number>();
  let toldOfReuse = false;
  let again: number[] = [];
  let releasing: number[] = [];
  let isReleasing = false;

  const sender: Sender = {
    acknowledge(packetIds) {
      for (const id of packetIds) waiting.delete(id);
      answer('pubrec', packetIds);
    },
  };

  async function release(): Promise<void> {
    isReleasing = true;
    for (let refused = false; releasing.length > 0 && options.isOpen();) {
      const known = releasing.filter((id) => session.isTaken(session.keyOf(id)));
      const unknown = releasing.filter((id) => !known.includes(id));
      try {
        if (known.length > 0) session.forget(known);
        for (const id of releasing) here.delete(id);
        releasing = [];
        answer('pubcomp', known);
        const reason = options.protocolVersion === 5 ? NOT_FOUND : undefined;
        answer('pubcomp', unknown, reason);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        if (!refused) logger.error({ stage: 'ingress' }, text);
        refused = true;
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
    isReleasing = false;
  }

  /**
   * A broker may not give an id to another message before the first is released [MQTT-2.2.1-4]; Mosquitto 2.0.11 does,
   * once it has more messages in flight than there are ids. Better twice in the log than not at all.
   */
  function tellOfReuse(): void {
    if (toldOfReuse) return;
    toldOfReuse = true;
    logger.warn(
      { stage: 'ingress' },
      'the broker gives packet ids of QoS 2 that are still in use to other messages: they are taken, but what it sends again ' +
        'after a crash may be in the log twice. Lower its limit of messages in flight, or spread the mappings over several ' +
        'mqtt.connections',
    );
  }

  return {
    sender,
    arrived(message, packetId, duplicate) {
      const once = session.keyOf(packetId);
      if (!duplicate && here.has(packetId)) {
        tellOfReuse();
        into.add(message, sender, packetId);
        return;
      }
      here.add(packetId);
      if (session.isTaken(once)) {
        if (again.push(packetId) > 1) return;
        queueMicrotask(() => {
          answer('pubrec', again);
          again = [];
        });
      } else if (!waiting.has(packetId)) {
        waiting.add(packetId);
        into.add({ ...message, once }, sender, packetId);
      }
    },
    released(packetId) {
      releasing.push(packetId);
      if (releasing.length === 1 && !isReleasing) setImmediate(() => void release());
    },
  };
}
