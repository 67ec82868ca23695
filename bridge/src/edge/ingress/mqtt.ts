import { connect } from 'mqtt';
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt';
import type { Clock } from '../../ports/clock.ts';
import type { Ingress, IngressStatus, TakeOver } from '../../ports/ingress.ts';
import type { Logger } from '../../ports/telemetry.ts';
import { makeIdleMeter } from './idle.ts';
import { describeMqttFailure, describeSuback } from './mqttFailures.ts';

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
 * QoS 1 messages are acknowledged one at a time, after `takeOver` has resolved [MQTT-4.3.2]. When
 * it rejects, the connection is dropped: only a new one makes the broker send the message again.
 */
export function makeMqttIngress(options: MqttOptions, clock: Clock, logger: Logger): Ingress {
  let client: MqttClient | undefined;
  let subscribed = false;
  let stopping = false;
  let connection = makeConnection();
  let reason = `not connected to ${options.url} yet`;
  let reconnectMs = FIRST_RECONNECT_MS;
  let inHand: Promise<void> | undefined;
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

  /** Waits for a message that is still in hand from the connection before: none overtakes it. */
  async function receive(takeOver: TakeOver, packet: IPublishPacket, over: Connection) {
    if (inHand !== undefined) {
      await Promise.race([inHand, over.lost]);
      // It comes again over the next connection; waiting ones would pile up meanwhile.
      if (over.isLost()) throw new Error('not taken over');
    }
    if (stopping) throw new Error('not taken over');
    const payload =
      typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    await takeOver({ topic: packet.topic, payload, receivedAt: clock() });
  }

  async function handle(
    { stream }: MqttClient,
    taken: Promise<void>,
    over: Connection,
    acknowledge: (error?: Error) => void,
  ): Promise<void> {
    try {
      await taken;
    } catch (error) {
      // Not called back, the client hands over nothing more of this connection.
      if (stopping) acknowledge(error instanceof Error ? error : new Error(String(error)));
      else if (!over.isLost()) stream.destroy();
      return;
    } finally {
      idle.end();
    }
    // The next packet may already be here: without a turn of the event loop in between, a burst
    // would keep timers, /metrics and publishing waiting until its end. What came over a lost
    // connection is kept, for the broker may have lost it, but not acknowledged: the client would
    // do that over the next one, where its packet id may mean a message that is not safe yet.
    setImmediate(() => {
      if (!over.isLost()) acknowledge();
      else if (connection === over) acknowledge(new Error('the connection was lost'));
    });
  }

  function hold(work: Promise<void>): void {
    const before = inHand;
    const all = async (): Promise<void> => {
      await before;
      await work;
      if (inHand === held) inHand = undefined;
    };
    const held = all();
    inHand = held;
  }

  return {
    start(takeOver) {
      const started = connect(options.url, toClientOptions(options));
      client = started;
      started.handleMessage = (packet, callback) => {
        idle.begin();
        const taken = receive(takeOver, packet, connection);
        hold(handle(started, taken, connection, callback));
      };
      started.on('connect', () => {
        connection = makeConnection();
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
        connection.lose();
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
      await inHand;
      if (client === undefined) return;
      const ending = client.endAsync(!client.connected);
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, FAREWELL_MS).unref();
      });
      await Promise.race([ending, late]);
    },
  };
}

/** One connection to the broker, from CONNACK to its end. */
interface Connection {
  readonly lost: Promise<void>;
  readonly isLost: () => boolean;
  readonly lose: () => void;
}

function makeConnection(): Connection {
  const { promise, resolve } = Promise.withResolvers<void>();
  let over = false;
  return {
    lost: promise,
    isLost: () => over,
    lose: () => {
      over = true;
      resolve();
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
