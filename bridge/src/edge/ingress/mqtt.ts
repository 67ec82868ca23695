import { MqttClient } from 'mqtt';
import type { IClientOptions } from 'mqtt';
import type { Clock } from '../../ports/clock.ts';
import type { Ingress, IngressStatus } from '../../ports/ingress.ts';
import type { Logger } from '../../ports/telemetry.ts';
import { openBrokerSocket } from './brokerSocket.ts';
import { makeIdleMeter } from './idle.ts';
import { makeIntake } from './intake.ts';
import type { Intake, Sender } from './intake.ts';
import { describeMqttFailure, describeSuback } from './mqttFailures.ts';
import { makeTap } from './tap.ts';
import type { Tap } from './tap.ts';

export interface MqttOptions {
  /** `mqtt://host:1883` or `mqtts://host:8883`. */
  readonly url: string;
  /** 4 is MQTT 3.1.1, 5 is MQTT 5. */
  readonly protocolVersion: 4 | 5;
  /** Names the session the broker keeps for us; one bridge per name. */
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string;
  /** PEM texts. */
  readonly tls?: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
  /** How long the broker keeps messages for us while we are away (MQTT 5 only). */
  readonly sessionExpiryMs: number;
  readonly keepaliveMs: number;
  /** QoS by topic filter. */
  readonly filters: ReadonlyMap<string, 0 | 1>;
}

const FIRST_RECONNECT_MS = 500;
const MAX_RECONNECT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** The farewell may not hold up a shutdown when the broker is gone. */
const FAREWELL_MS = 2_000;

/**
 * Reads messages from an MQTT broker, with a session that survives us.
 *
 * The MQTT library connects, subscribes, keeps alive and connects again; messages come past it
 * (`tap.ts`) and are handed over in batches. Those of QoS 1 are acknowledged after `takeOver` has
 * resolved for their batch [MQTT-4.3.2], over the connection they came by and no other: there their packet
 * ids may mean other messages. When it rejects, the connection is dropped: only a new one makes the broker
 * send the messages again.
 */
export function makeMqttIngress(options: MqttOptions, clock: Clock, logger: Logger): Ingress {
  let client: MqttClient | undefined;
  let subscribed = false;
  let stopping = false;
  let reason = `not connected to ${options.url} yet`;
  let reconnectMs = FIRST_RECONNECT_MS;
  let intake: Intake | undefined;
  let before: Sender | undefined;
  let latest: Sender | undefined;
  const idle = makeIdleMeter(() => performance.now());

  /** Says what is wrong once, not at every try. */
  function complain(problem: string): void {
    subscribed = false;
    if (reason !== problem && !stopping) logger.warn({ stage: 'ingress' }, problem);
    reason = problem;
  }

  async function subscribe(connected: MqttClient): Promise<void> {
    for (const [filter, qos] of options.filters) {
      // rh 1: retained messages only for a new subscription, not at every reconnect (MQTT 5).
      const grants = await connected.subscribeAsync(filter, { qos, rh: 1 });
      const lower = grants.find((grant) => grant.qos < qos);
      if (lower !== undefined) {
        const text = `${options.url} grants only QoS ${lower.qos} for ${filter}, ${qos} was asked for`;
        logger.warn({ stage: 'ingress' }, `${text}: messages can be lost while the bridge is away`);
      }
    }
    if (!connected.connected) return;
    if (reason !== 'ok' && reconnectMs > FIRST_RECONNECT_MS) {
      logger.info({ stage: 'ingress' }, `connected to ${options.url} again`);
    }
    subscribed = true;
    reason = 'ok';
    reconnectMs = FIRST_RECONNECT_MS;
  }

  /**
   * One connection: its messages go to the intake, and what is safe is acknowledged together. What waits
   * from the connection before is taken over too, without acknowledgement, for a broker that crashed may
   * not have it any more; from those before that nothing is kept, or a disk that refuses would fill memory.
   */
  function openTap(into: Intake): Tap {
    if (before !== undefined) into.forget(before);
    const sender: Sender = { acknowledge: (packetIds) => tap.acknowledge('puback', packetIds) };
    const tap = makeTap(openBrokerSocket(options), options.protocolVersion, clock, {
      message: (message, { packetId }) => into.add(message, sender, packetId),
      // Nothing is kept for it: subscriptions ask for QoS 1 at most.
      release: (packetId) => tap.acknowledge('pubcomp', [packetId]),
    });
    before = latest;
    latest = sender;
    return tap;
  }

  return {
    start(takeOver) {
      const taken = makeIntake(takeOver, {
        onBegin: () => idle.begin(),
        onEnd: () => idle.end(),
        onRefused: (error) => {
          if (stopping) return;
          logger.error(
            { stage: 'ingress', err: error },
            'messages could not be taken over; they stay with the broker, which sends them again',
          );
          client?.stream.destroy();
        },
      });
      intake = taken;
      const started = new MqttClient(() => openTap(taken).stream, toClientOptions(options));
      client = started;
      started.on('connect', () => {
        subscribe(started).catch((error: unknown) => {
          if (started.connected) complain(describeSuback(options, error));
          // Without all subscriptions there is no listening; a new connection tries them again.
          if (started.connected && !stopping) started.stream.destroy();
        });
      });
      started.on('reconnect', () => {
        reconnectMs = Math.min(reconnectMs * 2, MAX_RECONNECT_MS);
        started.options.reconnectPeriod = reconnectMs;
      });
      started.on('disconnect', (packet) => complain(describeMqttFailure(options, packet)));
      started.on('error', (error) => complain(describeMqttFailure(options, error)));
      started.on('close', () => {
        if (subscribed) complain(`lost the connection to ${options.url}; trying again`);
      });
    },
    status: (): IngressStatus => ({
      listening: subscribed && client?.connected === true && !stopping,
      idleMs: idle.readMs(),
      reason,
    }),
    async stop() {
      stopping = true;
      await intake?.stop();
      if (client === undefined) return;
      const ending = client.endAsync(!client.connected);
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, FAREWELL_MS).unref();
      });
      await Promise.race([ending, late]);
    },
  };
}

function toClientOptions(options: MqttOptions): IClientOptions {
  const { protocolVersion, clientId, username, password, tls, sessionExpiryMs } = options;
  return {
    protocolVersion,
    clientId,
    clean: false,
    resubscribe: false,
    keepalive: Math.round(options.keepaliveMs / 1_000),
    reconnectPeriod: FIRST_RECONNECT_MS,
    reconnectOnConnackError: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...tls,
    ...(protocolVersion === 5 && {
      // 4294967295 means for ever; the interval is in whole seconds [MQTT5 3.1.2.11.2].
      properties: {
        sessionExpiryInterval: Math.min(Math.ceil(sessionExpiryMs / 1_000), 4294967295),
      },
    }),
  };
}
