import { MAX_KEY, readKey, sizeByHead, sizeOfKey, writeKey } from '../../model/keyBytes.ts';
import type { Imaged } from './imaged.ts';
import { makePieces } from './pieces.ts';

/** Addresses are whole numbers of 31 bits: 2 GB of keys. */
const CHUNK_BITS = 20;
const CHUNK = 2 ** CHUNK_BITS;
const MAX_CHUNKS = 2 ** (31 - CHUNK_BITS);
/** What is imaged at once. */
const PIECE_BITS = 16;
const PIECE = 2 ** PIECE_BITS;
const PIECES_BITS = CHUNK_BITS - PIECE_BITS;

/*
 * A key in its chunk, little endian:
 *   0 u32 its index; FREE: a place for a further key of the same size
 *   4 the bytes of `keyBytes.ts`; two that are 0: nothing more in this chunk
 */
const KEY = 4;
/** Up to the characters. */
const HEADER = 6;
const FREE = 0xffff_ffff;

/** Keys as bytes, each with its index. */
export interface KeyArena extends Imaged {
  /** Keeps a key; answers its address. Throws for a key of more than `MAX_KEY` characters (`keyBytes.ts`). */
  add(key: string, index: number): number;
  remove(address: number): void;
  holds(address: number, key: string): boolean;
  /** The same for the key whose bytes are those from `start` until before `end`. */
  holdsBytes(address: number, bytes: Uint8Array, start: number, end: number): boolean;
  keyAt(address: number): string;
  indexAt(address: number): number;
  /** Calls for every key; for starts. */
  forEach(visit: (address: number, index: number) => void): void;
  /** Memory asked of the system, in bytes. */
  bytes(): number;
}

/** No keys yet. */
export function makeKeyArena(): KeyArena {
  const chunks: Uint8Array[] = [];
  /** Addresses of places of removed keys, by their size. */
  const free = new Map<number, number[]>();
  /** Where the next key goes in the newest chunk. */
  let next = CHUNK;
  const pieces = makePieces((piece) => {
    const start = (piece << PIECE_BITS) & (CHUNK - 1);
    const chunk = piece >> PIECES_BITS;
    const isUnused = chunk === chunks.length - 1 && start >= next;
    return isUnused ? undefined : chunks[chunk]?.subarray(start, start + PIECE);
  });

  const chunkAt = (address: number): Uint8Array => chunks[address >> CHUNK_BITS] as Uint8Array;

  function touch(address: number, size: number): void {
    pieces.touch(address >> PIECE_BITS);
    pieces.touch((address + size - 1) >> PIECE_BITS);
  }

  function placeFor(size: number): number {
    const known = free.get(size)?.pop();
    if (known !== undefined) {
      touch(known, size);
      return known;
    }
    if (next + size > CHUNK) {
      if (chunks.length >= MAX_CHUNKS) throw new Error('the keys of all devices exceed 2 GB');
      chunks.push(new Uint8Array(CHUNK));
      next = 0;
    }
    const address = (chunks.length - 1) * CHUNK + next;
    touch(address, size);
    next += size;
    return address;
  }

  function keepFree(address: number, size: number): void {
    const places = free.get(size);
    if (places === undefined) free.set(size, [address]);
    else places.push(address);
  }

  /** Visits the places of one chunk; answers where they end. */
  function walk(chunk: number, visit: (address: number, index: number, size: number) => void) {
    const bytes = chunks[chunk] as Uint8Array;
    let at = 0;
    while (at + HEADER <= CHUNK && readHead(bytes, at) !== 0) {
      const size = sizeOf(readHead(bytes, at));
      visit(chunk * CHUNK + at, readIndex(bytes, at), size);
      at += size;
    }
    return at;
  }

  return {
    add(key, index) {
      if (key.length > MAX_KEY) throw new Error(`a key of ${key.length} characters is too long`);
      const address = placeFor(KEY + sizeOfKey(key));
      const bytes = chunkAt(address);
      const at = address & (CHUNK - 1);
      writeIndex(bytes, at, index);
      writeKey(key, bytes, at + KEY);
      return address;
    },
    remove(address) {
      const at = address & (CHUNK - 1);
      const size = sizeOf(readHead(chunkAt(address), at));
      touch(address, size);
      writeIndex(chunkAt(address), at, FREE);
      keepFree(address, size);
    },
    holds(address, key) {
      const bytes = chunkAt(address);
      let at = address & (CHUNK - 1);
      const head = readHead(bytes, at);
      const { length } = key;
      if (head >> 1 !== length + 1) return false;
      at += HEADER;
      if ((head & 1) === 0) {
        for (let index = 0; index < length; index += 1) {
          if (bytes[at + index] !== key.charCodeAt(index)) return false;
        }
        return true;
      }
      for (let index = 0; index < length; index += 1, at += 2) {
        const code = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
        if (code !== key.charCodeAt(index)) return false;
      }
      return true;
    },
    holdsBytes(address, bytes, start, end) {
      const own = chunkAt(address);
      const shift = (address & (CHUNK - 1)) + KEY - start;
      // The head is compared too, so that no key is longer than what is there.
      for (let at = start; at < end; at += 1) if (own[at + shift] !== bytes[at]) return false;
      return true;
    },
    keyAt: (address) => readKey(chunkAt(address), (address & (CHUNK - 1)) + KEY),
    indexAt: (address) => readIndex(chunkAt(address), address & (CHUNK - 1)),
    forEach(visit) {
      for (let chunk = 0; chunk < chunks.length; chunk += 1) {
        walk(chunk, (address, index) => {
          if (index !== FREE) visit(address, index);
        });
      }
    },
    bytes: () => chunks.length * CHUNK,
    freeze: (save) => pieces.freeze(chunks.length << PIECES_BITS, save),
    drain: (most) => pieces.drain(most),
    thaw: () => pieces.thaw(),
    load(piece, from) {
      const chunk = piece >> PIECES_BITS;
      if (from.length !== PIECE || chunk >= MAX_CHUNKS) {
        throw new Error(`${from.length} bytes of keys do not fit into piece ${piece}`);
      }
      while (chunks.length <= chunk) chunks.push(new Uint8Array(CHUNK));
      chunks[chunk]?.set(from, (piece << PIECE_BITS) & (CHUNK - 1));
    },
    loaded() {
      for (let chunk = 0; chunk < chunks.length; chunk += 1) {
        next = walk(chunk, (address, index, size) => {
          if (index === FREE) keepFree(address, size);
        });
      }
    },
  };
}

const sizeOf = (head: number): number => KEY + sizeByHead(head);

function readHead(bytes: Uint8Array, at: number): number {
  return (bytes[at + 4] as number) | ((bytes[at + 5] as number) << 8);
}

function readIndex(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  return (low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>> 0;
}

function writeIndex(bytes: Uint8Array, at: number, index: number): void {
  bytes[at] = index & 255;
  bytes[at + 1] = (index >>> 8) & 255;
  bytes[at + 2] = (index >>> 16) & 255;
  bytes[at + 3] = index >>> 24;
}
