/** Messages and signals so far. */
export interface Progress {
  readonly sent: number;
  readonly processed: number;
  readonly openedExpected: number;
  readonly openedArrived: number;
}

/** So much of what came in the time may wait longer at its end than at its beginning. */
const GROWTH = 0.1;
/** Signals leave in batches: so many more may wait whatever came. */
const SIGNALS = 200;

/**
 * Whether what waits has not grown between two moments: messages by no more than the window holds or a tenth of those that came,
 * signals by no more than a batch or a tenth.
 */
export function keptUp(begin: Progress, end: Progress, window: number): boolean {
  const messages = end.sent - end.processed - (begin.sent - begin.processed);
  const signals =
    end.openedExpected - end.openedArrived - (begin.openedExpected - begin.openedArrived);
  return (
    messages <= Math.max(window, GROWTH * (end.sent - begin.sent)) &&
    signals <= Math.max(SIGNALS, GROWTH * (end.openedExpected - begin.openedExpected))
  );
}
