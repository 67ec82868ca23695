import type { Org } from '../programs/org.ts';

/** Where a contestant finds what it talks to. */
export interface Places {
  /** Of the broker. */
  readonly url: string;
  readonly org: Org;
  /** Its own, empty; on a disk, not in memory. */
  readonly folder: string;
}

/** What a contestant has done so far, as far as somebody else can see it or it says so itself. */
export interface Work {
  /** Messages it is through with; undefined where it cannot say: what it has acknowledged counts. */
  readonly processed?: number;
  /** Signals it has found and not got rid of yet. */
  readonly pending?: number;
  /** Anything that should not be, for the result: messages in quarantine, say. */
  readonly troubles: readonly string[];
}

/** A contestant that runs as a process of its own. */
export interface Running extends AsyncDisposable {
  readonly pid: number;
  work(): Promise<Work>;
}

export interface Contestant {
  readonly name: string;
  /** Where its signals arrive: at the org, at the broker, or nowhere. */
  readonly signals: 'org' | 'broker' | 'none';
  /** Whether each episode's end is a signal too. */
  readonly clears: boolean;
  /** Resolves when the process runs; that it has subscribed the broker will see. */
  start(places: Places): Promise<Running>;
}
