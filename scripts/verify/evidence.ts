/** A message as its sender names it: no two messages of a run share all three. */
export interface MessageId {
  readonly topic: string;
  readonly ts: string;
  readonly seq: number;
}

/** A fault as the fleet logged it; times in milliseconds since the epoch. */
export interface InjectedFault {
  readonly device: string;
  readonly fault: string;
  readonly from: number;
  readonly to: number;
}

/** What the fleet says about its run. */
export interface FleetEvidence {
  readonly acknowledged: readonly MessageId[];
  readonly faults: readonly InjectedFault[];
  readonly storms: readonly { readonly device: string; readonly messages: number }[];
  /** True when the fleet ended in order and everything it sent was acknowledged. */
  readonly complete: boolean;
}

/** One event in the bridge's outbox. */
export interface OutboxRow {
  readonly eventKey: string;
  readonly episodeKey: string;
  readonly phase: string;
  readonly device: string;
  readonly policy: string;
  /** pending, published, failed, coalesced or suppressed. */
  readonly state: string;
  /** Of a coalesced event: the key of the later event of its episode that says as much. */
  readonly overtakenBy: string | undefined;
  /** Of a suppressed event: its reason in one word. */
  readonly why?: string | undefined;
  readonly publishedAt: number | undefined;
  readonly lastError: string | undefined;
}

/** What the bridge has on disk. */
export interface BridgeEvidence {
  /** Messages of the durable log. */
  readonly kept: readonly MessageId[];
  readonly quarantined: readonly (MessageId & { readonly reason: string })[];
  readonly outbox: readonly OutboxRow[];
  /** Messages of the log that detection has not processed yet. */
  readonly backlog: number;
}

/** One `Asset_Signal__c`. */
export interface SignalRow {
  readonly eventKey: string;
  readonly episodeKey: string;
  readonly device: string;
  readonly signalType: string;
  readonly phase: string;
  readonly disposition: string;
  readonly reason: string;
}

/** One Case. */
export interface CaseRow {
  readonly id: string;
  readonly number: string;
  /** The device on the Case's Asset, if it has one. */
  readonly device: string | undefined;
  readonly createdAt: number;
  readonly episodeKey: string | undefined;
}

/** What the org answers over REST. */
export interface OrgEvidence {
  readonly signals: readonly SignalRow[];
  /** Event keys of `Signal_Failure__c`, with the reason each gives. */
  readonly failures: readonly { readonly eventKey: string; readonly reason: string }[];
  readonly cases: readonly CaseRow[];
}

export interface Evidence {
  readonly fleet: FleetEvidence;
  readonly bridge: BridgeEvidence;
  readonly org: OrgEvidence;
}
