/** How the process is, once a second. */
export interface MemorySample {
  /** Share of the last second in which the main thread worked, from 0 to 1. */
  readonly load: number;
  /** Heap of V8, with what it holds for garbage and for growing, and what it knows of outside; bytes. */
  readonly heldBytes: number;
}

/** Below it a pause of some 60 ms is nobody's. */
const IDLE = 0.1;
/** Seconds in a row. */
const IDLE_SAMPLES = 3;
/** Less than that is not worth a collection. */
const WORTH_BYTES = 32 * 1024 * 1024;

/**
 * Says when to collect garbage: once work has stopped that left much of it. Until there is that much more again,
 * nothing is collected, so that a bridge that is never busy is never paused for it either.
 */
export function makeIdleCheck(): (sample: MemorySample) => boolean {
  let idle = 0;
  /* After the last collection; not known before the next sample. */
  let leastBytes = 0;
  let justCollected = false;
  return ({ load, heldBytes }) => {
    if (justCollected || heldBytes < leastBytes) leastBytes = heldBytes;
    justCollected = false;
    idle = load < IDLE ? idle + 1 : 0;
    if (idle < IDLE_SAMPLES || heldBytes < leastBytes + WORTH_BYTES) return false;
    justCollected = true;
    return true;
  };
}
