import type { ReadingKind } from '../../../model/readings.ts';
import type { FewKinds } from './names.ts';

/** What stands between two literal stretches of a payload. */
export type Role =
  /** A JSON number; its slot gets the value. */
  | 'number'
  /** The inside of a string: a time as text; its slot gets the milliseconds. */
  | 'time'
  /** The inside of a string: the device, or its type. */
  | 'device'
  | 'deviceType'
  /** Looked at by nobody: any JSON value, or any but objects and arrays. */
  | 'value'
  | 'scalar'
  /** Nothing: the payload ends. */
  | 'end';

/** Bytes that must be there as they are, and what follows them. */
export interface Part {
  readonly literal: Uint8Array;
  readonly role: Role;
}

/** What messages of one shape have in common, beside their literals. Slots count numbers and times. */
export interface Shape {
  /** The slot of each metric, and the least and the greatest value it may have. */
  readonly slots: readonly number[];
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  /** -1: the time of receipt counts. */
  readonly timeSlot: number;
  /** Of the number in the time's slot: 1000 for seconds. */
  readonly timeScale: number;
  /** Of the reading that taught it, and of all others where they have no type of the device. */
  readonly kind: ReadingKind;
  /** By that type, where they have one. */
  readonly kinds: FewKinds | undefined;
}
