/** Tells a slow machine from one that has come to its end: what still moves is waited for. */
export interface Progress {
  /** Whether these numbers have been the same for the whole time. */
  isStalled(numbers: readonly number[]): boolean;
}

export function makeProgress(withinMs: number, now: () => number = Date.now): Progress {
  let before = '';
  let movedAt = now();
  return {
    isStalled(numbers) {
      const text = numbers.join(' ');
      if (text !== before) movedAt = now();
      before = text;
      return now() - movedAt > withinMs;
    },
  };
}
