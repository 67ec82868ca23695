import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/telemetry.ts';
import { openBrokerSocket } from './brokerSocket.ts';
import type { BrokerEndpoint } from './brokerSocket.ts';
import type { Intake, Sender } from './intake.ts';
import { makeOnceLink } from './onceLink.ts';
import type { OnceSession } from './onceSession.ts';
import { makeTap } from './tap.ts';
import type { Tap } from './tap.ts';
import { makeThrottle } from './throttle.ts';
import type { WindowMeter } from './window.ts';

export interface LinkOptions extends BrokerEndpoint {
  readonly protocolVersion: 4 | 5;
  readonly keepaliveMs: number;
  /** Of a larger packet only the beginning is taken. */
  readonly maxPacketBytes: number;
}

export interface LinkParts {
  readonly session: OnceSession;
  readonly window: WindowMeter;
  readonly into: Intake;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A message of QoS 0 found no room. */
  readonly onDropped: () => void;
  /** A message is larger than is taken. */
  readonly onOversized: (bytes: number) => void;
  /** Why the link is ended by us. */
  readonly onBroken: (error: Error) => void;
}

/** One socket to a broker, from its opening to its end. */
export interface Link {
  /** What the MQTT library talks to instead of the socket. */
  readonly stream: Tap['stream'];
  /** Lets go of what came by it and still waits. */
  forget(): void;
}

/**
 * Opens a socket and leads its messages into the intake, each QoS in its own way. Acknowledgements go back over this
 * socket or nowhere: over another one, a packet id may mean another message.
 */
export function openLink(options: LinkOptions, parts: LinkParts): Link {
  const { session, window, into, clock, logger } = parts;
  const { protocolVersion, keepaliveMs, maxPacketBytes } = options;
  const openedAt = performance.now();
  let hadQos0 = false;

  const answer: Tap['acknowledge'] = (kind, packetIds, reason) => {
    tap.acknowledge(kind, packetIds, reason);
    // The first half of QoS 2 does not free a place in the broker's window [MQTT5 4.9].
    if (kind !== 'pubrec') window.acknowledged(packetIds.length);
  };
  const plain: Sender = { acknowledge: (packetIds) => answer('puback', packetIds) };
  const isOpen = (): boolean => !tap.stream.destroyed;
  const once = makeOnceLink({ session, protocolVersion, answer, isOpen, into, logger });
  const throttle = makeThrottle({
    backlog: () => into.backlog,
    pause: (isPaused) => tap.pause(isPaused),
    onDropped: parts.onDropped,
    keepaliveMs,
    now: () => performance.now(),
  });
  const open = (read: (bytes: Buffer) => void) => openBrokerSocket(options, read);
  const tap = makeTap(open, protocolVersion, maxPacketBytes, clock, {
    oversized: parts.onOversized,
    message(message, { qos, packetId, duplicate }) {
      if (qos === 0) {
        hadQos0 = true;
        if (throttle.admits()) into.add(message, plain, 0);
        return;
      }
      window.arrived();
      if (qos === 1) into.add(message, plain, packetId);
      else once.arrived(message, packetId, duplicate);
    },
    read() {
      window.read();
      if (hadQos0) throttle.read();
      hadQos0 = false;
    },
    released: (packetId) => once.released(packetId),
    connected(isSessionPresent) {
      session.connected(isSessionPresent);
      window.opened(performance.now() - openedAt);
    },
    broken: parts.onBroken,
  });
  tap.stream.once('close', () => throttle.close());
  return {
    stream: tap.stream,
    forget() {
      into.forget(plain);
      into.forget(once.sender);
    },
  };
}
