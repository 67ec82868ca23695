import type { Child } from '../../system/child.ts';
import type { OrgState, World } from '../../system/world.ts';

export const CONTENDERS = ['ours', 'nodeRed', 'naive'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

export interface Surroundings {
  readonly world: World;
  readonly state: OrgState;
  /** Of the broker; nobody has to log in. */
  readonly brokerUrl: string;
  /** Whether the session of a peer at the broker outlives its connection; ours always does. */
  readonly keepsSession: boolean;
  /** The naive bridge publishes what gathers in that time as one batch; absent: each event by itself. */
  readonly naiveBatchMs?: number;
  /** Its own, empty. */
  readonly folder: string;
}

/** Something that turns readings into events of the org, as a process that can be killed. */
export interface Contender {
  readonly name: ContenderName;
  /** Starts it, for the first time or again; resolves when the process runs. */
  start(): Promise<Child>;
}

/**
 * What a broker is told by somebody who follows the manual of the contender: ours says what to set (docs/power-failure.md), the
 * others say nothing, so Mosquitto is as it comes.
 */
export const BROKER_SETTINGS: Readonly<Record<'documented' | 'stock', readonly string[]>> = {
  documented: ['max_queued_messages 0', 'max_inflight_messages 1000'],
  stock: ['max_queued_messages 1000'],
};
