/** Lets one stage wake another; a wake-up that comes early is not lost. */
export interface Wakeup {
  notify(): void;
  /** Resolves at the next `notify`, or the one before it, or after this long, or when aborted. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

export function makeWakeup(): Wakeup {
  let notified = false;
  let wake: (() => void) | undefined;
  return {
    notify() {
      notified = true;
      wake?.();
    },
    async wait(timeoutMs, signal) {
      if (!notified && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(finish, timeoutMs);
          function finish(): void {
            clearTimeout(timer);
            signal.removeEventListener('abort', finish);
            wake = undefined;
            resolve();
          }
          signal.addEventListener('abort', finish, { once: true });
          wake = finish;
        });
      }
      notified = false;
    },
  };
}
