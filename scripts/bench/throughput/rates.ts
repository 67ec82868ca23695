import { median } from '../numbers.ts';
import type { Round } from './round.ts';

export interface Summary {
  /** Messages a second; the median of the rounds. */
  readonly rate: number;
  /** CPU microseconds a message; the median of the rounds. */
  readonly cpuUs: number;
  readonly rates: readonly number[];
  readonly cpuUsOfRounds: readonly number[];
  /** What the source was asked for, messages a second; absent: as many as went through. */
  readonly offered?: number;
  /** Rounds in which it kept up and every signal arrived. */
  readonly sustainedRounds: number;
  readonly rounds: number;
}

/** The middle of what one contestant did in its rounds. */
export function summarise(rounds: readonly Round[], offered: number): Summary {
  const rates = rounds.map(({ rate }) => rate);
  const cpuUsOfRounds = rounds.map(({ cpuUs }) => cpuUs);
  return {
    rate: median(rates),
    cpuUs: median(cpuUsOfRounds),
    rates,
    cpuUsOfRounds,
    ...(Number.isFinite(offered) && { offered }),
    sustainedRounds: rounds.filter(({ sustained }) => sustained).length,
    rounds: rounds.length,
  };
}

/** The middle of the ratios of rounds that stood side by side: noise of the machine hits both of a pair. */
export const pairedRatio = (above: readonly number[], below: readonly number[]): number =>
  median(above.map((value, index) => value / (below[index] ?? Number.NaN)));

/** The next rate to try for who did not keep up: a little below what it was through with, and never more than before. */
export function nextRate(tried: number, round: Pick<Round, 'rate'>): number {
  const reached = Math.min(tried, round.rate);
  return Math.floor(Math.min(reached * 0.9, tried * 0.75));
}
