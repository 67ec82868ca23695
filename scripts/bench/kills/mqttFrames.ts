/** The first byte of a packet without its flags. Source: MQTT 5 table 2-1. */
export const PACKET = { connect: 1, publish: 3, puback: 4, pubrec: 5 } as const;

export interface Packet {
  readonly type: number;
  readonly flags: number;
  /** Everything behind the remaining length. */
  readonly body: Buffer;
}

/**
 * Cuts a stream into MQTT packets, with none of the bridge's own code: what it says about the bridge would
 * otherwise be the bridge's own opinion. Copies what is left over; made for thousands of packets a second, not millions.
 */
export function makeCutter(onPacket: (packet: Packet) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (;;) {
      const length = readLength(bytes, at + 1);
      if (length === undefined || length.end + length.value > bytes.length) break;
      const first = bytes.readUInt8(at);
      const end = length.end + length.value;
      onPacket({ type: first >> 4, flags: first & 15, body: bytes.subarray(length.end, end) });
      at = end;
    }
    rest = Buffer.from(bytes.subarray(at));
  };
}

/** A number of seven bits a byte, and where it ends; undefined while its bytes have not all come. */
export function readLength(
  bytes: Buffer,
  from: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes.readUInt8(at);
    value += (byte & 127) * 128 ** (at - from);
    if (byte < 128) return { value, end: at + 1 };
  }
  return undefined;
}
