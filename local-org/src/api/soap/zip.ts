import { inflateRawSync } from 'node:zlib';

/** The bytes are no zip file that can be read here; the message says why. */
export class ZipError extends Error {}

/** Metadata API guide, "deploy()": 10,000 files, and 400 MB when unpacked. */
const MOST_FILES = 10_000;
const MOST_BYTES = 400 * 1024 * 1024;

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_SIZE = 22;
/** The longest comment that may follow the end record. */
const LONGEST_COMMENT = 0xffff;

/**
 * Unpacks a zip in memory: the files by their path, folders left out. Throws `ZipError` for what is not a zip, is
 * encrypted, is packed by anything but deflate, leads out of its folder, or grows past the platform's limits.
 *
 * Source: PKWARE APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16 (ZIP64 is not read: nothing within the limits needs it).
 */
export function readZip(zip: Buffer): Map<string, Buffer> {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  if (count > MOST_FILES) throw new ZipError(`it holds ${count} files; ${MOST_FILES} are allowed`);
  const files = new Map<string, Buffer>();
  let unpacked = 0;
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw new ZipError('its directory is damaged');
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const size = zip.readUInt32LE(at + 24);
    unpacked += size;
    if (unpacked > MOST_BYTES) throw new ZipError('unpacked it is larger than 400 MB');
    if (!name.endsWith('/')) {
      refusePath(name);
      files.set(name, unpack(zip, at, name, size));
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

function findEnd(zip: Buffer): number {
  const lowest = Math.max(0, zip.length - END_SIZE - LONGEST_COMMENT);
  for (let at = zip.length - END_SIZE; at >= lowest; at -= 1) {
    if (zip.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw new ZipError('it is not a zip file');
}

function refusePath(name: string): void {
  const parts = name.split('/');
  if (name.startsWith('/') || name.includes('\\') || parts.includes('..') || parts.includes(''))
    throw new ZipError(`the path ${name} leads out of the package`);
}

/** @param entry where the file stands in the directory */
function unpack(zip: Buffer, entry: number, name: string, size: number): Buffer {
  const isEncrypted = (zip.readUInt16LE(entry + 8) & 1) === 1;
  const method = zip.readUInt16LE(entry + 10);
  const packedSize = zip.readUInt32LE(entry + 20);
  const header = zip.readUInt32LE(entry + 42);
  if (isEncrypted) throw new ZipError(`${name} is encrypted`);
  if (header + 30 > zip.length || zip.readUInt32LE(header) !== LOCAL_HEADER)
    throw new ZipError(`the header of ${name} is damaged`);
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(start, start + packedSize);
  try {
    if (method === 0) return Buffer.from(packed);
    // One byte more than announced is enough to see that the announcement was wrong.
    if (method === 8) {
      const bytes = inflateRawSync(packed, { maxOutputLength: size + 1 });
      if (bytes.length === size) return bytes;
    }
  } catch {
    throw new ZipError(`${name} is damaged`);
  }
  throw new ZipError(
    method === 8
      ? `${name} has another size than announced`
      : `${name} is packed by method ${method}`,
  );
}
