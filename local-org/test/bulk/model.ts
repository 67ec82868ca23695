import type { Policy, SignalEvent, World } from './world.ts';

// A second reading of docs and design: what has to become of signals, written without looking at the flows.

export type Disposition = 'Received' | 'Acted' | 'Suppressed' | 'Failed';
export type Review = 'Requested' | 'Confirmed' | 'Dismissed' | 'Expired' | undefined;

export interface SignalState {
  readonly event: SignalEvent;
  readonly policy: Policy | undefined;
  disposition: Disposition;
  review: Review;
}

export interface CaseState {
  /** Milliseconds of the newest signal that was applied. */
  last: number;
  priority: string;
  closedBy: 'router' | 'person' | undefined;
  isRemoved: boolean;
}

const PRIORITY = { Critical: 'High', High: 'High', Medium: 'Medium', Low: 'Low' } as const;

/** What the org should hold after batches of events and what people do between them. */
export class ServiceModel {
  readonly signals = new Map<string, SignalState>();
  readonly cases = new Map<string, CaseState>();
  /** How many events were kept as failures. */
  failures = 0;
  readonly #world: World;
  readonly #oneDuplicateFailsAll: boolean;

  /** @param oneDuplicateFailsAll the reading `duplicate-in-batch=batch` */
  constructor(world: World, oneDuplicateFailsAll: boolean) {
    this.#world = world;
    this.#oneDuplicateFailsAll = oneDuplicateFailsAll;
  }

  /** One batch of events: recorded first, then routed together. */
  receive(batch: readonly SignalEvent[]): void {
    const keys = batch.flatMap(({ key }) => key ?? []);
    const collide = this.#oneDuplicateFailsAll && new Set(keys).size < keys.length;
    const fresh: SignalState[] = [];
    for (const event of batch) {
      if (event.key !== undefined && this.signals.has(event.key)) continue;
      if (collide || event.key === undefined || event.isBad) {
        this.failures += 1;
        continue;
      }
      const policy = this.#world.policies.get(event.policy);
      const state: SignalState = { event, policy, disposition: 'Received', review: undefined };
      this.signals.set(event.key, state);
      fresh.push(state);
    }
    this.#route(fresh);
  }

  /** A person takes a Case away for good. */
  remove(episode: string): void {
    this.#caseOf(episode).isRemoved = true;
  }

  close(episode: string): void {
    this.#caseOf(episode).closedBy = 'person';
  }

  /** A person answers a review that was asked for. */
  review(key: string, answer: 'Confirmed' | 'Dismissed'): void {
    const signal = this.signals.get(key);
    if (signal?.review !== 'Requested') throw new Error(`${key} waits for no review`);
    signal.review = answer;
    if (answer === 'Dismissed') signal.disposition = 'Suppressed';
    else this.#route([signal]);
  }

  #caseOf(episode: string): CaseState {
    const found = this.cases.get(episode);
    if (found === undefined) throw new Error(`${episode} has no Case`);
    return found;
  }

  /** Signals that are routed together see what was there before any of them. */
  #route(fresh: readonly SignalState[]): void {
    const decided = fresh.map((signal) => ({ signal, act: this.#decide(signal) }));
    for (const { act } of decided) act();
  }

  #decide(signal: SignalState): () => void {
    const { event, policy } = signal;
    const suppress = (): void => {
      signal.disposition = 'Suppressed';
    };
    if (policy === undefined || !policy.isActive || policy.route === 'Record Only') return suppress;
    if (this.#world.devices.get(event.device) !== true) return suppress;
    const own = this.cases.get(event.episode);
    if (own?.isRemoved === true) return suppress;
    if (own !== undefined) return this.#follow(signal, policy, own);
    if (event.phase === 'Cleared') return () => this.#end(signal);
    const siblings = this.#siblings(signal);
    if (siblings.some((one) => one.event.phase === 'Cleared' && one.event.at > event.at))
      return suppress;
    const answer = this.#ask(signal, policy, siblings);
    if (answer === 'suppress') return suppress;
    if (answer === 'act') return () => this.#open(signal, policy);
    return () => {
      signal.disposition = 'Acted';
      signal.review = 'Requested';
    };
  }

  #siblings({ event }: SignalState): SignalState[] {
    return [...this.signals.values()].filter(
      (one) => one.event.episode === event.episode && one.event.key !== event.key,
    );
  }

  /** The band in which the detector is not sure. */
  #ask(
    signal: SignalState,
    policy: Policy,
    siblings: readonly SignalState[],
  ): 'act' | 'review' | 'suppress' {
    // What a person said counts for the whole episode; of several answers the one about the newest signal.
    const asked = siblings.filter(({ review }) => review !== undefined && review !== 'Expired');
    const newest = asked.toSorted((a, b) => b.event.at - a.event.at)[0];
    const answer = signal.review === 'Requested' ? undefined : signal.review;
    const said = answer ?? newest?.review;
    if (said === 'Confirmed') return 'act';
    if (said === 'Dismissed') return 'suppress';
    const isWaiting = said === 'Requested';
    if (policy.route === 'Review') return isWaiting ? 'suppress' : 'review';
    const { confidence } = signal.event;
    const { actAt, askAt } = policy;
    if (actAt === undefined) return 'act';
    if (confidence !== undefined && confidence >= actAt) return 'act';
    // Who is not sure waits for the answer; who is sure does not.
    if (isWaiting) return 'suppress';
    if (confidence !== undefined && askAt !== undefined && confidence < askAt) return 'suppress';
    return 'review';
  }

  /** An end without a Case: nobody needs to judge what was before it any more. */
  #end(signal: SignalState): void {
    signal.disposition = 'Suppressed';
    for (const one of this.#siblings(signal))
      if (one.review === 'Requested' && one.event.at <= signal.event.at) one.review = 'Expired';
  }

  #open(signal: SignalState, policy: Policy): void {
    const { event } = signal;
    const other = this.cases.get(event.episode);
    // Another signal of the batch was quicker: the database lets only one Case have the key.
    if (other !== undefined) return this.#follow(signal, policy, other)();
    signal.disposition = 'Acted';
    const priority = policy.priority ?? PRIORITY[event.severity];
    this.cases.set(event.episode, {
      last: event.at,
      priority,
      closedBy: undefined,
      isRemoved: false,
    });
  }

  #follow({ event }: SignalState, policy: Policy, own: CaseState): () => void {
    const signal = this.signals.get(event.key ?? '');
    const isNewer = event.at > own.last;
    // An end is noted on a closed Case, too; anything else is a person's business by then.
    const isTooLate = own.closedBy === 'person' && event.phase !== 'Cleared';
    return () => {
      if (signal === undefined) return;
      signal.disposition = isNewer && !isTooLate ? 'Acted' : 'Suppressed';
      if (signal.disposition === 'Suppressed') return;
      own.last = event.at;
      if (event.phase === 'Cleared') {
        if (policy.closes) own.closedBy ??= 'router';
        return;
      }
      own.closedBy = undefined;
      own.priority = policy.priority ?? PRIORITY[event.severity];
    };
  }
}
