import { hashOfKey } from '../../model/keyBytes.ts';
import { deviceAt } from '../../model/readings.ts';
import type { Readings } from '../../model/readings.ts';
import type { Imaged } from './imaged.ts';
import { makeKeyArena } from './keyArena.ts';

/** So many shards, each of which grows by itself: at a million keys one growth moves 3,300, about 50 µs. */
const SHARDS = 256;
const SHARD_SHIFT = 24;
/** Slots of a new shard; a power of 2. */
const FIRST_SLOTS = 16;
/** Indices to a page of addresses. */
const PAGE_BITS = 16;
const PAGE = 2 ** PAGE_BITS;
/** Keys that can be looked up together. */
export const MOST_KEYS = 64;

/**
 * Keys of devices to small dense whole numbers: what stands beside a device is found in tables by its index.
 * No strings are kept; a key of 12 characters takes 37 to 46 bytes in all.
 */
export interface KeyTable extends Imaged {
  /** The index of a key, -1 where it is not there. */
  find(key: string): number;
  /**
   * The same for the devices of the readings from `first` until before `end`, at most `MOST_KEYS`, into `indices`: in steps that
   * all of them take together, so that they wait for memory together.
   */
  findAll(readings: Readings, first: number, end: number, indices: Int32Array): void;
  /** Gives a key that is not there an index: one that was removed, else the next. Throws for a key beyond `MAX_KEY`. */
  add(key: string): number;
  remove(index: number): void;
  /** The key of an index that is in use. */
  keyOf(index: number): string;
  /** Calls for every key. */
  forEach(visit: (index: number) => void): void;
  /** Keys in the table. */
  size(): number;
  /** All indices are below it. */
  end(): number;
  /** Memory asked of the system, in bytes. */
  bytes(): number;
}

/** A table without keys. */
export function makeKeyTable(): KeyTable {
  const arena = makeKeyArena();
  /** Slots of two numbers, open addressing: [hash, address of the key + 1]; 0 behind the hash: free. */
  const shards = Array.from({ length: SHARDS }, () => new Int32Array(FIRST_SLOTS * 2));
  const sizes = new Int32Array(SHARDS);
  /** By index: the address of its key; of one not in use, the next such index, -1 at the last. */
  const addresses: Int32Array[] = [];
  let unused = -1;
  let end = 0;
  let size = 0;
  /* Of keys that are looked up together: the addresses where they may be. */
  const candidates = new Int32Array(MOST_KEYS);
  /* What was read ahead goes somewhere, or the compiler would leave the reading out. */
  const read = new Int32Array(1);

  const addressOf = (index: number): number =>
    addresses[index >> PAGE_BITS]?.[index & (PAGE - 1)] as number;

  function setAddress(index: number, address: number): void {
    while (addresses.length <= index >> PAGE_BITS) addresses.push(new Int32Array(PAGE));
    (addresses[index >> PAGE_BITS] as Int32Array)[index & (PAGE - 1)] = address;
  }

  function insert(hash: number, address: number): void {
    const shard = hash >>> SHARD_SHIFT;
    const count = (sizes[shard] as number) + 1;
    let slots = shards[shard] as Int32Array;
    // Four fifths full: of two halves of the search, the one over the hashes stays in one line of the cache.
    if (count * 10 > slots.length * 4) slots = resize(shard, slots.length * 2);
    sizes[shard] = count;
    place(slots, hash, address + 1);
    size += 1;
  }

  function resize(shard: number, length: number): Int32Array {
    const old = shards[shard] as Int32Array;
    const slots = new Int32Array(length);
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] !== 0) place(slots, old[at] as number, old[at + 1] as number);
    }
    shards[shard] = slots;
    return slots;
  }

  /** Takes an entry out; those behind it that would no longer be found move up. */
  function erase(hash: number, address: number): void {
    const shard = hash >>> SHARD_SHIFT;
    const slots = shards[shard] as Int32Array;
    const mask = slots.length - 1;
    let hole = (hash << 1) & mask;
    while (slots[hole + 1] !== address + 1) hole = (hole + 2) & mask;
    for (let at = (hole + 2) & mask; slots[at + 1] !== 0; at = (at + 2) & mask) {
      const home = ((slots[at] as number) << 1) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      slots[hole] = slots[at] as number;
      slots[hole + 1] = slots[at + 1] as number;
      hole = at;
    }
    slots[hole + 1] = 0;
    const count = (sizes[shard] as number) - 1;
    sizes[shard] = count;
    if (slots.length > FIRST_SLOTS * 2 && count * 16 < slots.length)
      resize(shard, slots.length / 2);
    size -= 1;
  }

  /** The address of the first key with this hash, -1 where there is none. */
  function candidateFor(hash: number): number {
    const slots = shards[hash >>> SHARD_SHIFT] as Int32Array;
    const mask = slots.length - 1;
    let at = (hash << 1) & mask;
    while (slots[at] !== hash && slots[at + 1] !== 0) at = (at + 2) & mask;
    return (slots[at + 1] as number) - 1;
  }

  function findHashed(hash: number, key: string): number {
    const slots = shards[hash >>> SHARD_SHIFT] as Int32Array;
    const mask = slots.length - 1;
    for (let at = (hash << 1) & mask; ; at = (at + 2) & mask) {
      const address = (slots[at + 1] as number) - 1;
      if (address < 0) return -1;
      if (slots[at] === hash && arena.holds(address, key)) return arena.indexAt(address);
    }
  }

  return {
    find: (key) => findHashed(hashOfKey(key), key),
    findAll(readings, first, behind, indices) {
      const { hashes, keyAt, keys } = readings;
      const count = behind - first;
      let sum = 0;
      for (let one = 0; one < count; one += 1) {
        const hash = hashes[first + one] as number;
        const slots = shards[hash >>> SHARD_SHIFT] as Int32Array;
        sum |= slots[(hash << 1) & (slots.length - 1)] as number;
      }
      for (let one = 0; one < count; one += 1) {
        const address = candidateFor(hashes[first + one] as number);
        candidates[one] = address;
        if (address >= 0) sum |= arena.indexAt(address);
      }
      for (let one = 0; one < count; one += 1) {
        const at = first + one;
        const address = candidates[one] as number;
        const isThere =
          address >= 0 &&
          arena.holdsBytes(address, keys, keyAt[at] as number, keyAt[at + 1] as number);
        if (isThere) indices[one] = arena.indexAt(address);
        else if (address < 0) indices[one] = -1;
        else indices[one] = findHashed(hashes[at] as number, deviceAt(readings, at));
      }
      read[0] = sum;
    },
    add(key) {
      const index = unused >= 0 ? unused : end;
      const address = arena.add(key, index);
      if (unused >= 0) unused = addressOf(unused);
      else end += 1;
      setAddress(index, address);
      insert(hashOfKey(key), address);
      return index;
    },
    remove(index) {
      const address = addressOf(index);
      erase(hashOfKey(arena.keyAt(address)), address);
      arena.remove(address);
      setAddress(index, unused);
      unused = index;
    },
    keyOf: (index) => arena.keyAt(addressOf(index)),
    forEach: (visit) => arena.forEach((_address, index) => visit(index)),
    size: () => size,
    end: () => end,
    bytes() {
      const slots = shards.reduce((sum, shard) => sum + shard.byteLength, 0);
      return arena.bytes() + slots + addresses.length * PAGE * 4;
    },
    freeze: (save) => arena.freeze(save),
    drain: (most) => arena.drain(most),
    thaw: () => arena.thaw(),
    load: (piece, bytes) => arena.load(piece, bytes),
    loaded() {
      arena.loaded();
      arena.forEach((address, index) => {
        // What is left at -2 below is not in use.
        for (; end <= index; end += 1) setAddress(end, -2);
        setAddress(index, address);
        insert(hashOfKey(arena.keyAt(address)), address);
      });
      for (let index = end - 1; index >= 0; index -= 1) {
        if (addressOf(index) !== -2) continue;
        setAddress(index, unused);
        unused = index;
      }
    },
  };
}

function place(slots: Int32Array, hash: number, stored: number): void {
  const mask = slots.length - 1;
  let at = (hash << 1) & mask;
  while (slots[at + 1] !== 0) at = (at + 2) & mask;
  slots[at] = hash;
  slots[at + 1] = stored;
}
