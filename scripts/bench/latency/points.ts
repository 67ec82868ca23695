import { median } from '../numbers.ts';
import type { LatencyRun } from './run.ts';

/** What the rounds at one rate come to: medians of the rounds that are judged, or where none is, of all. */
export interface Point {
  readonly name: string;
  readonly rate: number;
  readonly ackMs: { readonly p50: number; readonly p99: number };
  readonly eventMs: { readonly p50: number; readonly p99: number };
  readonly judgedRounds: number;
  readonly runs: readonly LatencyRun[];
  /** For people. */
  readonly line: string;
}

const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
const pair = ({ p50, p99 }: { p50: number; p99: number }): string => `${ms(p50)}/${ms(p99)} ms`;

export function summarisePoint(name: string, rate: number, runs: readonly LatencyRun[]): Point {
  const judged = runs.filter(({ judged: isJudged }) => isJudged);
  const counted = judged.length > 0 ? judged : runs;
  const middle = (pick: (run: LatencyRun) => number): number => median(counted.map(pick));
  const ackMs = { p50: middle((run) => run.ackMs.p50), p99: middle((run) => run.ackMs.p99) };
  const eventMs = { p50: middle((run) => run.eventMs.p50), p99: middle((run) => run.eventMs.p99) };
  const line =
    `${name.padEnd(6)} ${String(rate).padStart(7)}/s   acknowledgement ${pair(ackMs)}, event ${pair(eventMs)} (p50/p99)   ` +
    `${judged.length} of ${runs.length} rounds judged`;
  return { name, rate, ackMs, eventMs, judgedRounds: judged.length, runs, line };
}

/** One round in a line. */
export function describeRun(name: string, run: LatencyRun): string {
  const { rate, ackMs, eventMs, events, missing, heldBackMs, probe, judged, cpuUs } = run;
  return (
    `${name}: ${Math.round(rate)}/s, ${cpuUs.toFixed(1)} µs each, acknowledgement ${pair(ackMs)}, event ${pair(eventMs)} ` +
    `(${events} events${missing > 0 ? `, ${missing} missing` : ''}); probe: flush ${pair(probe.flushMs)}, ` +
    `event loop ${pair(probe.loopMs)}${judged ? '' : ': not judged'}${heldBackMs > 0 ? `; source held back by up to ${ms(heldBackMs)} ms` : ''}`
  );
}
