const [SPACE, LAST_PLAIN] = [0x20, 0x7e] as const;

/**
 * The text of these bytes where it is plain ASCII of 1 to `most` characters without control
 * characters and without a space at either end, which every name may be; else undefined.
 */
export function plainName(
  bytes: Buffer,
  start: number,
  end: number,
  most: number,
): string | undefined {
  return isPlain(bytes, start, end, most) ? bytes.toString('latin1', start, end) : undefined;
}

/** As `plainName`, for names of which there are few: mostly the same string object again. */
export function makeFewNames(
  most: number,
): (bytes: Buffer, start: number, end: number) => string | undefined {
  const known: string[] = Array.from({ length: 64 }, () => '');
  return (bytes, start, end) => {
    if (end <= start) return undefined;
    const ends = (bytes[start] as number) + (bytes[end - 1] as number) * 7 + (end - start) * 31;
    const place = ends & (known.length - 1);
    const name = known[place] as string;
    if (isName(bytes, start, end, name)) return name;
    const found = plainName(bytes, start, end, most);
    if (found !== undefined) known[place] = found;
    return found;
  };
}

function isPlain(bytes: Buffer, start: number, end: number, most: number): boolean {
  if (start >= end || end - start > most) return false;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < SPACE || byte > LAST_PLAIN) return false;
  }
  return bytes[start] !== SPACE && bytes[end - 1] !== SPACE;
}

function isName(bytes: Buffer, start: number, end: number, name: string): boolean {
  if (name.length !== end - start) return false;
  for (let at = 0; at < name.length; at += 1) {
    if (bytes[start + at] !== name.charCodeAt(at)) return false;
  }
  return true;
}
