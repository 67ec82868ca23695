/** The result of a run as `--json` writes it, field for field. */
export interface Report {
  /** Messages the broker acknowledged to the fleet. */
  readonly readings: number;
  /** Messages the bridge set aside with a reason. */
  readonly quarantined: number;
  readonly signals: { readonly opened: number; readonly updated: number; readonly cleared: number };
  /** Events the Pub/Sub API has taken. */
  readonly published: number;
  readonly acted: number;
  readonly suppressed: number;
  readonly failed: number;
  /** Updates that were not published, because a later event of their episode says as much. */
  readonly coalesced: number;
  /** Events that were not published because more waited than the budgets of the org carry, each with its reason. */
  readonly shed: number;
  readonly faults: number;
  readonly cases: number;
  /** Cases beyond the first for the same fault. */
  readonly duplicateCases: number;
  /** Acknowledged readings the bridge does not have, and signals without an end in the org. */
  readonly lost: number;
  readonly elapsedSeconds: number;
}

export interface Verdict {
  readonly report: Report;
  /** One sentence for each thing that is wrong; empty when the run is good. */
  readonly problems: readonly string[];
}
