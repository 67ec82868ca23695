import type { WindowShare } from './window.ts';

/** Where a failure happened, for the text that tells a person about it. */
export interface BrokerAddress {
  /** Of a connection with a name of its own. */
  readonly name?: string | undefined;
  readonly url: string;
  readonly protocolVersion: 4 | 5;
  readonly clientId: string;
  readonly username?: string | undefined;
}

type Advice = (broker: BrokerAddress) => string;

const badCredentials: Advice = ({ username }) =>
  username === undefined
    ? 'refuses us without user and password: set mqtt.username and mqtt.password'
    : `refuses the user "${username}": check mqtt.username and mqtt.password`;

const notAuthorized: Advice = ({ clientId, username }) =>
  `does not authorize the client "${clientId}"${username === undefined ? '' : ` (user "${username}")`}: ` +
  'check mqtt.username, mqtt.password or the client certificate, and what the broker lets this client do';

const unknownAuthority: Advice = () =>
  'has a certificate from an authority we do not know: set mqtt.tls.caFile to the CA it was signed by';

const wrongVersion: Advice = ({ protocolVersion }) =>
  `does not speak MQTT ${protocolVersion === 5 ? '5' : '3.1.1'}: set mqtt.protocolVersion to ${protocolVersion === 5 ? 4 : 5}`;

/** CONNACK and DISCONNECT codes. Source: MQTT 3.1.1 table 3.1, MQTT 5 section 2.4. */
const byReasonCode: Readonly<Record<number, Advice>> = {
  1: wrongVersion,
  2: ({ clientId }) => `refuses the client id "${clientId}": choose another mqtt.clientId`,
  3: () => 'is not available now; trying again',
  4: badCredentials,
  5: notAuthorized,
  132: wrongVersion,
  133: ({ clientId }) => `refuses the client id "${clientId}": choose another mqtt.clientId`,
  134: badCredentials,
  135: notAuthorized,
  136: () => 'is not available now; trying again',
  139: () => 'is shutting down; trying again',
  142: ({ clientId }) =>
    `gave our session to another client with the same id "${clientId}": ` +
    'stop the other bridge, or give each its own mqtt.clientId',
};

/** Codes of node:net, node:dns and node:tls. */
const byErrorCode: Readonly<Record<string, Advice>> = {
  ECONNREFUSED: () =>
    'refuses the connection: is the broker running, and are host and port of mqtt.url right?',
  ENOTFOUND: () => 'has a host name nobody knows: check mqtt.url',
  EAI_AGAIN: () => 'has a host name that cannot be looked up now; trying again',
  ETIMEDOUT: () => 'does not answer: check host and port of mqtt.url, and firewalls on the way',
  EHOSTUNREACH: () => 'cannot be reached over the network; trying again',
  ECONNRESET: () =>
    'closed the connection: does it expect TLS (mqtts://) or a client certificate (mqtt.tls.certFile, keyFile)?',
  EPROTO: () => 'does not speak TLS on this port: use mqtt:// or the TLS port',
  ERR_SSL_WRONG_VERSION_NUMBER: () =>
    'does not speak TLS on this port: use mqtt:// or the TLS port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: () =>
    'does not speak TLS on this port: use mqtt:// or the TLS port',
  ERR_TLS_CERT_ALTNAME_INVALID: () =>
    'has a certificate for another host name: use the name in the certificate in mqtt.url',
  CERT_HAS_EXPIRED: () => 'has a certificate that is no longer valid: renew it on the broker',
  CERT_NOT_YET_VALID: () => 'has a certificate that is not valid yet: check the clocks',
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: () =>
    'wants a client certificate: set mqtt.tls.certFile and mqtt.tls.keyFile',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: () =>
    'does not trust our client certificate: have it signed by the CA the broker knows',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: () =>
    'refuses the TLS handshake: does it want a client certificate (mqtt.tls.certFile, keyFile)?',
};

/** What an error event or a DISCONNECT of the broker means, where, and what to do. */
export function describeMqttFailure(broker: BrokerAddress, failure: unknown): string {
  const where = placeOf(broker);
  const advice = findAdvice(failure);
  if (advice !== undefined) return `${where} ${advice(broker)}`;
  return `${where} cannot be used (${textOf(failure)}); trying again`;
}

/** A subscription the broker did not grant. */
export function describeSuback(broker: BrokerAddress, failure: unknown): string {
  return (
    `${placeOf(broker)} refuses a subscription (${textOf(failure)}): ` +
    `let the client "${broker.clientId}" read the topics of all mappings`
  );
}

/** A message of which only the beginning was taken. */
export function describeOversized(
  { url, maxPacketBytes }: { readonly url: string; readonly maxPacketBytes: number },
  bytes: number,
): string {
  return (
    `the broker ${withoutSecrets(url)} has sent a message of ${bytes} bytes; mqtt.maxPacketSize allows ${maxPacketBytes}: its beginning ` +
    'goes to quarantine and the rest is lost. Let the device send less at once, or raise mqtt.maxPacketSize and the maxBytes of ' +
    'its mapping; asset_signals_ingress_oversized counts further ones'
  );
}

/** The broker's window of unacknowledged messages limits a connection. */
export function describeWindow(url: string, { size, full }: WindowShare): string {
  const percent = Math.round(full * 100);
  return (
    `the broker ${withoutSecrets(url)} lets only ${size} messages be unacknowledged at once, and for ${percent} % of the ` +
    'last ten seconds it waited for that before it sent more: raise its limit (Mosquitto and VerneMQ: ' +
    'max_inflight_messages, EMQX: mqtt.max_inflight; MQTT 5 brokers may have one of their own, the bridge announces ' +
    'Receive Maximum 65535), or spread the mappings over several mqtt.connections'
  );
}

function findAdvice(failure: unknown): Advice | undefined {
  if (typeof failure !== 'object' || failure === null) return undefined;
  const code = 'code' in failure ? failure.code : undefined;
  const reasonCode = 'reasonCode' in failure ? failure.reasonCode : code;
  if (typeof reasonCode === 'number') return byReasonCode[reasonCode];
  if (typeof code === 'string' && Object.hasOwn(byErrorCode, code)) return byErrorCode[code];
  // Happy-eyeballs connects fail with one AggregateError for all addresses of a name.
  if (failure instanceof AggregateError) return findAdvice(failure.errors[0]);
  return undefined;
}

function textOf(failure: unknown): string {
  if (failure instanceof Error && failure.message !== '') return failure.message;
  if (typeof failure === 'object' && failure !== null && 'reasonCode' in failure) {
    return `reason code ${String(failure.reasonCode)}`;
  }
  return String(failure);
}

function placeOf({ name, url }: BrokerAddress): string {
  const by = name === undefined ? '' : ` (connection ${name})`;
  return `the broker ${withoutSecrets(url)}${by}`;
}

/** A URL may carry user and password; they never reach a log. */
function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
