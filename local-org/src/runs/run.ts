import type { LimitUse } from '../flow/limits.ts';
import type { Connector, FlowStep } from '../flow/runtime.ts';

/** A name and its value as text. */
export type Shown = readonly [name: string, value: string];

/** What a run did at one element. */
export interface RunStep {
  /** The flow the element belongs to; another than the run's inside a subflow. */
  readonly flow: string;
  readonly element: string;
  /** As in metadata: `recordLookups`, `decisions`, … */
  readonly kind: string;
  readonly outcome: FlowStep['outcome'];
  readonly connector?: Connector;
  /** The outcome a decision took, or the message of a fault. */
  readonly detail?: string;
  readonly given: readonly Shown[];
  readonly result: readonly Shown[];
  /** What the whole transaction had used by then, with the other interviews of its batch. */
  readonly limits: LimitUse;
}

/**
 * `undone`: it came to its end, but what it did was taken back with the transaction or batch.
 * `waiting`: it stands at a screen; what comes after is a run of its own with the same interview.
 */
export type RunEnd = 'completed' | 'waiting' | 'refused' | 'failed' | 'undone';

export interface RunTrigger {
  /** `user`: a user opened a screen flow. */
  readonly kind: 'record' | 'event' | 'user' | 'none';
  readonly object: string;
  /** The record's id, or the event's UUID; empty for a record that has no id yet. */
  readonly id: string;
}

/** One interview of a flow from its start to its end. */
export interface FlowRun {
  readonly interview: string;
  readonly flow: string;
  readonly trigger: RunTrigger;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly userId: string;
  /** Runs of one transaction share it. */
  readonly transaction: string;
  readonly end: RunEnd;
  /** Why it failed or was refused; empty when it did not. */
  readonly message: string;
  /** How many faults its fault paths took. */
  readonly faults: number;
  readonly limits: LimitUse;
  /** The first ones; `leftOut` says how many more there were. */
  readonly steps: readonly RunStep[];
  readonly leftOut: number;
  /** Ids of the records that its data elements read or wrote, as far as their values name them. */
  readonly touched: readonly string[];
}
