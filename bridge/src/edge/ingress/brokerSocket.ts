import { connect as connectPlain, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface BrokerEndpoint {
  /** `mqtt://host:1883` or `mqtts://host:8883`; the ports may be left out. */
  readonly url: string;
  /** PEM texts. */
  readonly tls?: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

/** Read at a time, as much as Node reads of itself. */
const READ_BYTES = 64 * 1024;

/**
 * Opens the socket to a broker. Failures arrive as its `error` event, with the code of Node, among them
 * a certificate that nobody vouches for: without TLS verified, nothing is sent.
 *
 * @param read gets what arrives, in bytes that hold until the call returns: there is one buffer, read into again and again
 */
export function openBrokerSocket(
  { url, tls }: BrokerEndpoint,
  read: (bytes: Buffer) => void,
): Socket {
  const { protocol, hostname, port } = new URL(url);
  // In a URL an IPv6 address stands in brackets.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (protocol !== 'mqtts:') {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const callback = (length: number): boolean => {
      read(buffer.subarray(0, length));
      return true;
    };
    const onread = { buffer, callback };
    return connectPlain({ host, port: Number(port || 1883), noDelay: true, onread });
  }
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket = connectTls({ host, port: Number(port || 8883), ...servername, ...tls });
  socket.setNoDelay(true);
  socket.on('data', read);
  return socket;
}
