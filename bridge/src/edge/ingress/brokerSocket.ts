import { connect as connectPlain, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface BrokerEndpoint {
  /** `mqtt://host:1883` or `mqtts://host:8883`; the ports may be left out. */
  readonly url: string;
  /** PEM texts. */
  readonly tls?: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

/**
 * Opens the socket to a broker. Failures arrive as its `error` event, with the code of Node, among them
 * a certificate that nobody vouches for: without TLS verified, nothing is sent.
 */
export function openBrokerSocket({ url, tls }: BrokerEndpoint): Socket {
  const { protocol, hostname, port } = new URL(url);
  // In a URL an IPv6 address stands in brackets.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (protocol !== 'mqtts:') {
    return connectPlain({ host, port: Number(port || 1883), noDelay: true });
  }
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = connectTls({ host, port: Number(port || 8883), ...servername, ...tls });
  socket.setNoDelay(true);
  return socket;
}
