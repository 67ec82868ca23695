import type { DeviceKey } from '../../model/brand.ts';
import type { RecordId } from '../../model/identity.ts';
import type { MetricSet } from '../../model/reading.ts';
import type { Judge } from '../detect/judge.ts';
import type { StandingPolicy } from '../policy/standing.ts';

/*
 * What every block begins with.
 */
/** The `id` of the layout. */
export const LAYOUT = 0;
/** Listened time of the last message; judges silence. */
export const HEARD_AT = 1;
/** Bridge time of the last message. */
export const RECEIVED_AT = 2;
/** Place of the first of the episodes that are pending or alive, 0 where there are none. */
export const EPISODES = 3;
export const HEADER = 4;

/** A policy, ready to judge. */
export interface Watch extends StandingPolicy {
  readonly judge: Judge;
}

/** What of a device policies name besides its type; the same object for the same. */
export interface Scope {
  readonly device: DeviceKey | undefined;
  readonly assetId: RecordId | undefined;
  readonly accountId: RecordId | undefined;
  /** All of it in one text. */
  readonly name: string;
}

/** One policy watching one series of a device, or the device as a whole. */
export interface Lane extends Watch {
  /** Its place among all lanes of the layout. */
  readonly number: number;
  /** Undefined: the device as a whole. */
  readonly metric: string | undefined;
  /** Where in the block its numbers are. */
  readonly at: number;
}

/** One metric of a device. */
export interface Series {
  readonly number: number;
  readonly name: string;
  /** Where in the block the device time of its newest value is. */
  readonly at: number;
  /** Who judges it, in the order of the policies. */
  readonly lanes: readonly Lane[];
}

/**
 * What stands where in the blocks of all devices that have the same type, mapping, metrics and
 * policies. Series and lanes stand in the order they came in and never move: a layout of more metrics begins with all of
 * the one before.
 */
export interface Layout {
  readonly id: number;
  readonly deviceType: string | undefined;
  /** Name of the mapping of the last message. */
  readonly source: string;
  /** Where policies name the device, its Asset or its Account; such devices have layouts of their own. */
  readonly scope: Scope | undefined;
  readonly series: readonly Series[];
  /** All, also those of another type the device once had; they go on when it has it again. */
  readonly lanes: readonly Lane[];
  /** Who judges the device as a whole, in the order of the policies. */
  readonly deviceLanes: readonly Lane[];
  /** A device quiet for no longer than that is silent for none of them. */
  readonly leastSilenceMs: number;
  /** Numbers of a block. */
  readonly width: number;
  /** Rises when policies are replaced; blocks of another one than that of now are to be renewed before they are judged. */
  readonly generation: number;
  /** How many devices use it. */
  users: number;
  /** The set of the last reading, and its series one by one; undefined where a metric is not watched. */
  set: MetricSet | undefined;
  bound: readonly (Series | undefined)[];
}

/** What a layout is like, before it has an id. */
export type Plan = Pick<
  Layout,
  | 'deviceType'
  | 'source'
  | 'scope'
  | 'series'
  | 'lanes'
  | 'deviceLanes'
  | 'leastSilenceMs'
  | 'width'
>;
