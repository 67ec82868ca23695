/** Adds up the time in which no message was waiting to be taken over. */
export interface IdleMeter {
  /** A message has arrived and is being taken over. */
  begin(): void;
  /** It is taken over. */
  end(): void;
  /** Messages waited for that long because we let them wait: more could have come and had not. */
  lingered(milliseconds: number): void;
  /** Milliseconds of pauses since the meter was made, the running one included; never falls. */
  readMs(): number;
}

/**
 * A pause begins when this many turns of the event loop have brought no message: each turn reads
 * the sockets once, so what the broker has sent would have come, however long the turns are (a
 * commit blocks one for as long as the disk takes).
 */
const TURNS = 3;

/**
 * @param now a clock in milliseconds that does not go back
 * @param nextTurn runs something in the next turn of the event loop
 */
export function makeIdleMeter(
  now: () => number,
  nextTurn: (run: () => void) => void = setImmediate,
): IdleMeter {
  let totalMs = 0;
  let idleSince: number | undefined = now();
  let latest = 0;

  const waitTurns = (message: number, turns: number): void => {
    if (message !== latest) return;
    if (turns === 0) idleSince = now();
    else nextTurn(() => waitTurns(message, turns - 1));
  };
  const pauseMs = (): number => (idleSince === undefined ? 0 : now() - idleSince);

  return {
    begin() {
      totalMs += pauseMs();
      idleSince = undefined;
      latest += 1;
    },
    end() {
      waitTurns(latest, TURNS);
    },
    lingered(milliseconds) {
      totalMs += milliseconds;
    },
    readMs: () => totalMs + pauseMs(),
  };
}
