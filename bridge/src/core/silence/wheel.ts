/** So long a device may be looked at too early; a tick comes once a second. */
const GRAIN_MS = 500;
/** Slots of the wheel, half an hour: who is due later is looked at once in that time. */
const SLOTS = 2 ** 12;

const PAGE_BITS = 15;
/** Devices to a page of links: 256 KB. */
const PAGE = 2 ** PAGE_BITS;
const NEXT = 0;
const PREVIOUS = 1;

/**
 * Which devices are due to be looked at, over listened time: a ring of slots, each a list of the devices due
 * in its half second. Putting, taking out and finding who is due cost the same for ten devices and a million.
 * Never too late, and too early at times, which must do no harm.
 */
export interface Wheel {
  /** Puts a device where it is due, also where it stands elsewhere; `Infinity` takes it out. `at` is the time now. */
  put(index: number, dueAt: number, at: number): void;
  /**
   * Calls once for every device due at `at` or before, in no particular order; `look` answers when it is due again.
   * `at` must not be before that of the last call, except after `clear`.
   */
  turn(at: number, look: (index: number) => number): void;
  /** Takes all out; the time may begin anew. */
  clear(): void;
  /** Memory asked of the system, in bytes. */
  bytes(): number;
}

/** A wheel without devices. */
export function makeWheel(): Wheel {
  /** By slot: the index of its first device + 1; 0 where it has none. */
  const heads = new Int32Array(SLOTS);
  /**
   * By device: the index of the next one + 1, 0 at the last; that of the one before + 1, or -(slot + 1) at the
   * first, 0 where it is in no list.
   */
  const links: Int32Array[] = [];
  /** The grain of time the wheel stands at; everything before was looked at. Undefined before the first device. */
  let now: number | undefined;

  function pageOf(index: number): Int32Array {
    while (links.length <= index >> PAGE_BITS) links.push(new Int32Array(2 * PAGE));
    return links[index >> PAGE_BITS] as Int32Array;
  }

  function takeOut(index: number): void {
    const page = pageOf(index);
    const at = (index & (PAGE - 1)) * 2;
    const next = page[at + NEXT] as number;
    const previous = page[at + PREVIOUS] as number;
    if (previous === 0) return;
    if (previous < 0) heads[-previous - 1] = next;
    else pageOf(previous - 1)[((previous - 1) & (PAGE - 1)) * 2 + NEXT] = next;
    if (next !== 0) pageOf(next - 1)[((next - 1) & (PAGE - 1)) * 2 + PREVIOUS] = previous;
    page[at + NEXT] = 0;
    page[at + PREVIOUS] = 0;
  }

  function put(index: number, dueAt: number, time: number): void {
    takeOut(index);
    if (dueAt === Infinity) return;
    now ??= Math.floor(time / GRAIN_MS);
    const grain = Math.floor(dueAt / GRAIN_MS);
    const slot = Math.min(Math.max(grain, now), now + SLOTS - 1) & (SLOTS - 1);
    const page = pageOf(index);
    const at = (index & (PAGE - 1)) * 2;
    const next = heads[slot] as number;
    page[at + NEXT] = next;
    page[at + PREVIOUS] = -(slot + 1);
    if (next !== 0) pageOf(next - 1)[((next - 1) & (PAGE - 1)) * 2 + PREVIOUS] = index + 1;
    heads[slot] = index + 1;
  }

  return {
    put,
    turn(at, look) {
      if (now === undefined) return;
      const until = Math.floor(at / GRAIN_MS);
      // Taken first, judged then: who is due again at once waits for the next turn.
      let due: number[] | undefined;
      for (let grain = Math.max(now, until - SLOTS + 1); grain <= until; grain += 1) {
        for (let head = heads[grain & (SLOTS - 1)] as number; head !== 0;) {
          due ??= [];
          due.push(head - 1);
          head = pageOf(head - 1)[((head - 1) & (PAGE - 1)) * 2 + NEXT] as number;
        }
      }
      now = Math.max(now, until);
      for (const index of due ?? []) put(index, look(index), at);
    },
    clear() {
      heads.fill(0);
      for (const page of links) page.fill(0);
      now = undefined;
    },
    bytes: () => heads.byteLength + links.length * PAGE * 8,
  };
}
