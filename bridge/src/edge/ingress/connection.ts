import { MqttClient } from 'mqtt';
import type { IClientOptions } from 'mqtt';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/telemetry.ts';
import type { Intake } from './intake.ts';
import { openLink } from './link.ts';
import type { Link } from './link.ts';
import { makeLossReport } from './losses.ts';
import {
  describeMqttFailure,
  describeOversized,
  describeSuback,
  describeWindow,
} from './mqttFailures.ts';
import type { OnceSession } from './onceSession.ts';
import { FIRST_RECONNECT_MS, nextReconnectPause } from './reconnectPause.ts';
import { makeWindowMeter } from './window.ts';
import type { WindowShare } from './window.ts';

export interface ConnectionOptions {
  /** Tells connections apart in words; absent where there is one only. */
  readonly name?: string | undefined;
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
  /** The largest packet that is taken whole. */
  readonly maxPacketBytes: number;
  /** QoS by topic filter. */
  readonly filters: ReadonlyMap<string, 0 | 1 | 2>;
}

export interface ConnectionStatus {
  readonly listening: boolean;
  readonly reason: string;
  /** Of the last ten seconds. */
  readonly window: WindowShare;
  /** Messages of QoS 0 that found no room, since the start. */
  readonly dropped: number;
  /** Messages that were too large, since the start. */
  readonly oversized: number;
}

/** One connection to a broker, made again whenever it is lost. */
export interface Connection {
  /** Begins to connect and returns at once. */
  start(into: Intake): void;
  /** Ends the socket: a new one makes the broker send again what is not acknowledged. */
  drop(): void;
  status(): ConnectionStatus;
  /** Says farewell; the session stays with the broker. */
  stop(): Promise<void>;
}

export interface ConnectionParts {
  /** What is known of its QoS 2 messages. */
  readonly session: OnceSession;
  readonly clock: Clock;
  readonly logger: Logger;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** How long the broker's window is looked at before it is judged. */
const PERIOD_MS = 10_000;
/** "For most of the time". */
const WINDOW_FULL = 0.5;
/** Above this the bridge itself is what limits. */
const BUSY = 0.9;
/** The farewell may not hold up a shutdown when the broker is gone. */
const FAREWELL_MS = 2_000;

/**
 * Keeps one connection to a broker, with a session that survives us.
 *
 * The MQTT library connects, subscribes, keeps alive and connects again; messages come past it
 * (`tap.ts`) into the intake. What is safe is acknowledged over the connection it came by and no
 * other: there its packet id may mean another message.
 */
export function makeConnection(
  options: ConnectionOptions,
  { session, clock, logger }: ConnectionParts,
): Connection {
  let client: MqttClient | undefined;
  let subscribed = false;
  let stopping = false;
  let reason = `not connected to ${options.url} yet`;
  let reconnectMs = FIRST_RECONNECT_MS;
  let wasLetIn = false;
  let before: Link | undefined;
  let latest: Link | undefined;
  const window = makeWindowMeter(() => performance.now());
  let share: WindowShare = { size: 0, full: 0 };
  let load = performance.eventLoopUtilization();
  let toldOfWindow = false;
  let reviews: NodeJS.Timeout | undefined;
  const fields = { stage: 'ingress', ...(options.name && { connection: options.name }) };
  const losses = makeLossReport(options.url, fields, logger);
  let oversized = 0;

  /** The first one is told: those that follow are counted, and stand in quarantine. */
  function onOversized(bytes: number): void {
    oversized += 1;
    if (oversized === 1) logger.warn(fields, describeOversized(options, bytes));
  }

  /** Says what is wrong once, not at every try. */
  function complain(problem: string): void {
    subscribed = false;
    if (reason !== problem && !stopping) logger.warn(fields, problem);
    reason = problem;
  }

  async function subscribe(connected: MqttClient): Promise<void> {
    for (const [filter, qos] of options.filters) {
      const askedAt = performance.now();
      // rh 1: retained messages only for a new subscription, not at every reconnect (MQTT 5).
      const grants = await connected.subscribeAsync(filter, { qos, rh: 1 });
      window.answered(performance.now() - askedAt);
      const lower = grants.find((grant) => grant.qos < qos);
      if (lower !== undefined) {
        const text = `${options.url} grants only QoS ${lower.qos} for ${filter}, ${qos} was asked for`;
        const loss = lower.qos === 0 ? 'lost while the bridge is away' : 'in the log twice';
        logger.warn(fields, `${text}: messages can be ${loss}`);
      }
    }
    if (!connected.connected) return;
    if (reason !== 'ok' && reconnectMs > FIRST_RECONNECT_MS) {
      logger.info(fields, `connected to ${options.url} again`);
    }
    subscribed = true;
    connected.sendPing();
    reason = 'ok';
    reconnectMs = FIRST_RECONNECT_MS;
  }

  /**
   * What waits from the link before is taken over too, without acknowledgement, for a broker that crashed may
   * not have it any more; from those before that nothing is kept, or a disk that refuses would fill memory.
   */
  function open(into: Intake): Link['stream'] {
    before?.forget();
    before = latest;
    latest = openLink(options, {
      ...{ session, window, into, clock, logger },
      onDropped: () => losses.count(),
      onOversized,
      onBroken: (error) => complain(describeMqttFailure(options, error)),
    });
    return latest.stream;
  }

  /** How long packets are on their way is what the window is judged by. */
  function watchPings(started: MqttClient): void {
    let askedAt = 0;
    started.on('packetsend', ({ cmd }) => {
      if (cmd === 'pingreq') askedAt = performance.now();
    });
    started.on('packetreceive', ({ cmd }) => {
      if (cmd === 'pingresp') window.answered(performance.now() - askedAt);
    });
  }

  /** What the last period was like, for metrics and, when a person could better it, for the log. */
  function review(): void {
    if (subscribed && client?.connected === true) client.sendPing();
    share = window.endPeriod();
    losses.endPeriod();
    const busy = performance.eventLoopUtilization(load);
    load = performance.eventLoopUtilization();
    const isLimit = share.full >= WINDOW_FULL && busy.utilization < BUSY;
    if (isLimit && !toldOfWindow) logger.warn(fields, describeWindow(options.url, share));
    toldOfWindow = isLimit;
  }

  return {
    start(into) {
      const started = new MqttClient(() => open(into), toClientOptions(options));
      client = started;
      reviews = setInterval(review, PERIOD_MS).unref();
      watchPings(started);
      started.on('connect', () => {
        wasLetIn = true;
        subscribe(started).catch((error: unknown) => {
          if (started.connected) complain(describeSuback(options, error));
          // Without all subscriptions there is no listening; a new connection tries them again.
          if (started.connected && !stopping) started.stream.destroy();
        });
      });
      started.on('reconnect', () => {
        reconnectMs = nextReconnectPause(reconnectMs, wasLetIn);
        wasLetIn = false;
        started.options.reconnectPeriod = reconnectMs;
      });
      started.on('disconnect', (packet) => complain(describeMqttFailure(options, packet)));
      started.on('error', (error) => complain(describeMqttFailure(options, error)));
      started.on('close', () => {
        if (subscribed) complain(`lost the connection to ${options.url}; trying again`);
      });
    },
    drop: () => void client?.stream.destroy(),
    status: () => ({
      listening: subscribed && client?.connected === true && !stopping,
      reason,
      window: share,
      dropped: losses.total(),
      oversized,
    }),
    async stop() {
      stopping = true;
      clearInterval(reviews);
      if (client === undefined) return;
      const ending = client.endAsync(!client.connected);
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, FAREWELL_MS).unref();
      });
      await Promise.race([ending, late]);
    },
  };
}

function toClientOptions(options: ConnectionOptions): IClientOptions {
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
      // No topic alias is offered: a message always carries its topic. As many messages as there are
      // packet ids may be on their way [MQTT5 3.1.2.11.3].
      properties: {
        receiveMaximum: 65_535,
        sessionExpiryInterval: Math.min(Math.ceil(sessionExpiryMs / 1_000), 4294967295),
      },
    }),
  };
}
