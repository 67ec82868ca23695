import type { Clock } from '../../ports/clock.ts';
import type { Ingress, IngressStatus } from '../../ports/ingress.ts';
import type { PacketIds } from '../../ports/packetIds.ts';
import type { Logger } from '../../ports/telemetry.ts';
import { makeConnection } from './connection.ts';
import type { ConnectionOptions, ConnectionStatus } from './connection.ts';
import { makeIdleMeter } from './idle.ts';
import { openOnceSession, takeOnce } from './onceSession.ts';
import type { OnceSession } from './onceSession.ts';
import { makeIntake } from './intake.ts';
import type { Intake } from './intake.ts';

export interface MqttIngressParts {
  /** Where the promise of QoS 2 outlives the process. */
  readonly packetIds: PacketIds;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Reads messages from MQTT brokers, by one or several connections with disjoint topic filters.
 *
 * What all of them bring is handed over in common batches, in the order of arrival. Messages of QoS 1 are
 * acknowledged after `takeOver` has resolved for their batch [MQTT-4.3.2]; those of QoS 2 are handed over
 * exactly once, as long as `takeOver` keeps the `once` of a message with it (`onceLink.ts`). When it rejects, all
 * connections are dropped: only new ones make the brokers send the messages again. It listens while all of them do.
 */
export function makeMqttIngress(
  connections: readonly ConnectionOptions[],
  { packetIds, clock, logger }: MqttIngressParts,
): Ingress {
  const idle = makeIdleMeter(() => performance.now());
  const sessions: OnceSession[] = [];
  const members = connections.map((options) => {
    const session = openOnceSession(options.clientId, packetIds);
    sessions.push(session);
    return makeConnection(options, { session, clock, logger });
  });
  let intake: Intake | undefined;
  let stopping = false;

  return {
    start(takeOver) {
      intake = makeIntake(takeOnce(takeOver, sessions), {
        onBegin: () => idle.begin(),
        onEnd: () => idle.end(),
        onLingered: (milliseconds) => idle.lingered(milliseconds),
        onRefused(error) {
          if (stopping) return;
          logger.error(
            { stage: 'ingress', err: error },
            'messages could not be taken over; they stay with the broker, which sends them again',
          );
          for (const member of members) member.drop();
        },
      });
      for (const member of members) member.start(intake);
    },
    status() {
      const all = members.map((member) => member.status());
      const window = all.map((status) => status.window).toSorted((a, b) => b.full - a.full)[0];
      const dropped = all.reduce((sum, status) => sum + status.dropped, 0);
      const oversized = all.reduce((sum, status) => sum + status.oversized, 0);
      return {
        ...judge(all),
        idleMs: idle.readMs(),
        dropped,
        oversized,
        ...(window && { window }),
      };
    },
    async stop() {
      stopping = true;
      await intake?.stop();
      await Promise.all(members.map((member) => member.stop()));
    },
  };
}

/** All listen, or the reasons of those that do not. */
function judge(all: readonly ConnectionStatus[]): Pick<IngressStatus, 'listening' | 'reason'> {
  const away = all.filter(({ listening }) => !listening);
  const reason = away.map((status) => status.reason).join('; and ');
  return away.length === 0 ? { listening: true, reason: 'ok' } : { listening: false, reason };
}
