import type { InjectedFault } from '../verify/evidence.ts';
import type { NumberName } from './numbers.ts';

/** A Case as the picture shows it. */
export interface ShownCase {
  readonly number: string;
  readonly priority: string;
  readonly subject: string;
}

/** Everything the live picture shows at one moment. */
export interface Snapshot {
  readonly elapsedSeconds: number;
  readonly numbers: Readonly<Record<NumberName, number>>;
  /** Readings a second over the last moments, oldest first; the last one is now. */
  readonly rates: readonly number[];
  /** Faults that are on now, with the seconds that are left. */
  readonly faults: readonly { readonly fault: InjectedFault; readonly secondsLeft: number }[];
  /** The device of the message storm that is on now. */
  readonly storm: string | undefined;
  /** The newest Cases, newest first. */
  readonly cases: readonly ShownCase[];
}

/** What stays the same while the demo runs. */
export interface Surroundings {
  /** "seed 1, 12 devices" or the file that is replayed. */
  readonly title: string;
  readonly instanceUrl: string;
  /** The Asset id of each device, by device key. */
  readonly assets: ReadonlyMap<string, string>;
  readonly bridgeUrl: string;
  readonly brokerUrl: string;
  readonly logs: string;
  /** What a person can do now, for the end of the picture. */
  readonly hints: readonly string[];
}
