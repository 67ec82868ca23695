import type { DeviceKey, EpochMs } from './brand.ts';

/**
 * The names of the numbers in a message, in its order, and their units. One object for all messages that name the
 * same metrics in the same order: what belongs to the names can be looked up by it once.
 */
export interface MetricSet {
  /** Without doubles. */
  readonly names: readonly string[];
  /** By the place of the name; undefined where the unit is not known. */
  readonly units: readonly (string | undefined)[];
}

/** What one telemetry message says: one device, one time, one or more numbers. */
export interface Reading {
  readonly device: DeviceKey;
  /** From the mapping or the payload; policies can be limited to it. */
  readonly deviceType?: string;
  /** When the device measured, by its own clock (or the receive time where the payload has none). */
  readonly at: EpochMs;
  /** When the bridge received the message; silence is judged by this clock, never by `at`. */
  readonly receivedAt: EpochMs;
  readonly metrics: MetricSet;
  /** Finite numbers, one for each name of `metrics`. */
  readonly values: readonly number[];
  /** The name of the mapping that decoded it. */
  readonly source: string;
}

/** Why a message could not become a reading. The message itself is kept beside it. */
export interface Rejection {
  readonly kind:
    | 'no-mapping'
    | 'too-large'
    | 'malformed'
    | 'missing-field'
    | 'wrong-type'
    | 'out-of-range'
    | 'clock-skew';
  /** One sentence for a person: which field, what was found, what is allowed. */
  readonly reason: string;
}
