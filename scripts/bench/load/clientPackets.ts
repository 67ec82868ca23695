/** What a client sends while it is fed. */
export interface ClientPacketHandlers {
  /** PUBACK of this id; whatever its reason code. */
  acknowledged(packetId: number): void;
  pinged(): void;
  /** Any other packet, whole. */
  other(packet: Buffer): void;
}

/** Cuts what a client sends into packets, however it is cut into chunks; PUBACKs in a row cost next to nothing. */
export function makeClientPacketScanner(handlers: ClientPacketHandlers): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at + 4 <= bytes.length && bytes[at] === 0x40 && bytes[at + 1] === 2) {
      handlers.acknowledged(((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
      at += 4;
    }
    for (;;) {
      const packet = cut(bytes, at);
      if (packet === undefined) break;
      const { body, end } = packet;
      if (bytes[at] === 0x40) handlers.acknowledged(bytes.readUInt16BE(body));
      else if (bytes[at] === 0xc0) handlers.pinged();
      else handlers.other(bytes.subarray(at, end));
      at = end;
    }
    rest = bytes.subarray(at);
  };
}

/** The whole packet that begins at `at`; undefined where its end has not come yet. */
function cut(
  bytes: Buffer,
  at: number,
): { readonly body: number; readonly end: number } | undefined {
  let length = 0;
  for (let place = at + 1, factor = 1; place < bytes.length; place += 1, factor *= 128) {
    if (place > at + 4) throw new Error('a client has sent a length of more than four bytes');
    const byte = bytes[place] as number;
    length += (byte & 127) * factor;
    if (byte < 128) {
      const body = place + 1;
      const end = body + length;
      return end <= bytes.length ? { body, end } : undefined;
    }
  }
  return undefined;
}
