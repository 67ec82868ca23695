import { filtersOverlap } from '../model/topicFilter.ts';
import type { ConfigFile } from './schema.ts';

type Mqtt = ConfigFile['mqtt'];
type Mappings = ConfigFile['mappings'];

/** One connection to a broker, with everything it needs. */
export interface ConnectionConfig {
  /** Absent for the one that `mqtt` itself describes. */
  readonly name?: string;
  readonly url: string;
  readonly protocolVersion: 4 | 5;
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string;
  /** Texts of PEM files. */
  readonly tls?: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
  /** Milliseconds. */
  readonly sessionExpiry: number;
  /** Milliseconds. */
  readonly keepalive: number;
  /** Bytes. */
  readonly maxPacketSize: number;
}

/** Reads what the file only names; a failure is reported with the key. */
export interface Readers {
  readonly file: (key: string, path: string | undefined) => Buffer | undefined;
  readonly secret: (key: string, reference: string | undefined) => string | undefined;
}

/**
 * The connections that mappings use, the one of `mqtt` itself first. A further one is known to its broker by the
 * client id with its name behind it, so that each has a session of its own.
 */
export function toConnections(
  mqtt: Mqtt,
  mappings: Mappings,
  readers: Readers,
): readonly ConnectionConfig[] {
  const { clientId, sessionExpiry, keepalive, maxPacketSize } = mqtt;
  const own = {
    url: mqtt.url,
    protocolVersion: mqtt.protocolVersion,
    clientId,
    username: mqtt.username,
    sessionExpiry,
    keepalive,
    maxPacketSize,
    ...readLogin('mqtt', mqtt, readers),
  };
  const others = mqtt.connections.map((entry, index) => {
    const { name, url, protocolVersion = own.protocolVersion, username } = entry;
    const common = { protocolVersion, name, clientId: `${clientId}-${name}` };
    if (url === undefined) return { ...own, ...common };
    const key = `mqtt.connections[${index}]`;
    const login = { url, username, ...readLogin(key, entry, readers) };
    return { sessionExpiry, keepalive, maxPacketSize, ...common, ...login };
  });
  const isUsed = ({ name }: ConnectionConfig): boolean =>
    mappings.some(({ connection }) => connection === name);
  return [own, ...others].filter(isUsed);
}

function readLogin(
  key: string,
  { tls, password: reference }: Pick<Mqtt, 'tls' | 'password'>,
  { file, secret }: Readers,
): Pick<ConnectionConfig, 'tls' | 'password'> {
  const password = secret(`${key}.password`, reference);
  const ca = file(`${key}.tls.caFile`, tls?.caFile);
  const cert = file(`${key}.tls.certFile`, tls?.certFile);
  const pem = file(`${key}.tls.keyFile`, tls?.keyFile);
  return {
    ...(password !== undefined && { password }),
    ...(tls !== undefined && {
      tls: { ...(ca && { ca }), ...(cert && { cert }), ...(pem && { key: pem }) },
    }),
  };
}

/** What is wrong between mappings and connections, as sentences that begin with their key. */
export function connectionProblems(mqtt: Mqtt, mappings: Mappings): readonly string[] {
  const known = mqtt.connections.map(({ name }) => name);
  const problems: string[] = [];
  for (const [index, { connection }] of mappings.entries()) {
    if (connection === undefined || known.includes(connection)) continue;
    const list = known.length === 0 ? 'there are none' : `there are ${known.join(', ')}`;
    problems.push(
      `mappings[${index}].connection is "${connection}"; ` +
        `a name of mqtt.connections is required, ${list}`,
    );
  }
  for (const [index, name] of known.entries()) {
    if (mappings.some(({ connection }) => connection === name)) continue;
    problems.push(
      `mqtt.connections[${index}] ("${name}") is named by no mapping: ` +
        `write connection: ${name} into the mappings it shall bring messages for, or take it out`,
    );
  }
  return [...problems, ...tooLarge(mqtt, mappings), ...overlaps(mappings)];
}

/** Beside the payload: fixed header, the longest topic, packet id. Source: MQTT 5 sections 2.1 and 3.3. */
const PACKET_OVERHEAD = 65_546;

/** What is left of a message that is cut must be larger than any that is read: so none is read in part. */
const tooLarge = ({ maxPacketSize }: Mqtt, mappings: Mappings): string[] =>
  mappings.flatMap(({ maxBytes }, index) =>
    maxBytes + PACKET_OVERHEAD <= maxPacketSize
      ? []
      : [
          `mappings[${index}].maxBytes is ${maxBytes}; with mqtt.maxPacketSize at ${maxPacketSize} bytes ` +
            `at most ${maxPacketSize - PACKET_OVERHEAD} are allowed: raise mqtt.maxPacketSize`,
        ],
  );

function overlaps(mappings: Mappings): string[] {
  const problems: string[] = [];
  for (const [index, mapping] of mappings.entries()) {
    for (const [other, earlier] of mappings.slice(0, index).entries()) {
      if (mapping.connection === earlier.connection) continue;
      if (!filtersOverlap(toFilter(mapping.topic), toFilter(earlier.topic))) continue;
      problems.push(
        `mappings[${index}].topic is "${mapping.topic}"; it and mappings[${other}].topic ` +
          `"${earlier.topic}" can match the same message, which two connections would bring twice: ` +
          'make the topics disjoint, or give both mappings the same connection',
      );
    }
  }
  return problems;
}

/** Names in braces stand for one level. */
const toFilter = (template: string): string => template.replaceAll(/\{[^/]*\}/g, '+');
