/** Packet types with their flags, as the first byte. Source: MQTT 5 sections 3.4 to 3.7. */
const FIRST_BYTE = { puback: 0x40, pubrec: 0x50, pubcomp: 0x70 } as const;

export type AcknowledgementKind = keyof typeof FIRST_BYTE;

/**
 * The packets that acknowledge these packet ids, in one piece. Four bytes each, in MQTT 3.1.1 and in
 * MQTT 5, where leaving out the reason means success [MQTT5 3.4.2.1].
 * @param reason MQTT 5 only: another reason than success, in a fifth byte
 */
export function encodeAcknowledgements(
  kind: AcknowledgementKind,
  packetIds: readonly number[],
  reason?: number,
): Buffer {
  const size = reason === undefined ? 4 : 5;
  const bytes = Buffer.allocUnsafe(packetIds.length * size);
  let at = 0;
  for (const id of packetIds) {
    bytes[at] = FIRST_BYTE[kind];
    bytes[at + 1] = size - 2;
    bytes[at + 2] = id >> 8;
    bytes[at + 3] = id & 0xff;
    if (reason !== undefined) bytes[at + 4] = reason;
    at += size;
  }
  return bytes;
}
