/** Eight bytes, big-endian. Clients must treat them as opaque. */
export function encodeReplayId(replay: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(replay));
  return bytes;
}

/** The position a client's replay id means, or undefined for bytes that never came from here. */
export function decodeReplayId(bytes: Uint8Array): number | undefined {
  if (bytes.length !== 8) return undefined;
  const value = Buffer.from(bytes).readBigUInt64BE();
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}
