import type { Planned } from './frames.ts';

export interface PlanOptions {
  /** 1 to 10,000,000. */
  readonly devices: number;
  /** Share of the messages that give a signal, below 1; 0: none. */
  readonly signals: number;
}

/** Which device says what next, and what a bridge must make of it. */
export interface Plan {
  /** Plans one more message; `now` in milliseconds since 1970. The answer is valid until the next call. */
  next(now: number): Readonly<Planned>;
  /** Of all planned so far: messages that take a device beyond its limit, each an Opened of a new episode. */
  readonly beyond: number;
  /** … and messages that bring it back, each the Cleared of its episode. */
  readonly back: number;
}

/**
 * Rounds in which each device speaks once, each round in another order, so that no cache profits from the order.
 *
 * A set of devices that moves on with every round goes beyond the limit and is back in the round after: one message in
 * `2 / signals` opens an episode, and as many clear one, so that the share `signals` of all messages gives a signal. The time of
 * a device rises by 1 ms at least from message to message, however fast the rounds go; it is at most so much ahead.
 */
export function makePlan({ devices, signals }: PlanOptions): Plan {
  if (!(Number.isInteger(devices) && devices >= 1 && devices <= 10_000_000)) {
    throw new Error(`${devices} devices: a whole number from 1 to 10,000,000 is required`);
  }
  if (!(signals >= 0 && signals < 1)) {
    throw new Error(`signals ${signals}: a share from 0 to below 1 is required`);
  }
  const period = signals === 0 ? Number.POSITIVE_INFINITY : Math.max(2, Math.round(2 / signals));
  const planned: Planned = { device: 0, at: 0, beyond: false };
  let round = -1;
  let spoken = devices;
  let step = 1;
  let beyond = 0;
  let back = 0;

  function beginRound(): void {
    round += 1;
    spoken = 0;
    step = stepOf(round, devices);
    planned.at += 1;
  }

  return {
    next(now) {
      if (spoken === devices) beginRound();
      if (now > planned.at) planned.at = now;
      planned.device = spoken === 0 ? round % devices : (planned.device + step) % devices;
      spoken += 1;
      const turn = (planned.device + round) % period;
      planned.beyond = turn === period - 1;
      if (planned.beyond) beyond += 1;
      else if (turn === 0 && round > 0) back += 1;
      return planned;
    },
    get beyond() {
      return beyond;
    },
    get back() {
      return back;
    },
  };
}

/** A number without a common divisor with `devices`, another one every round: adding it again and again meets each once. */
function stepOf(round: number, devices: number): number {
  if (devices < 3) return 1;
  const golden = 0.6180339887498949;
  let step = 1 + Math.floor((((round + 1) * golden) % 1) * (devices - 1));
  while (divisor(step, devices) !== 1) step = (step % (devices - 1)) + 1;
  return step;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
