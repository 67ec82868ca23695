import type { RecordStore } from '../store/records.ts';

/** Faults that tests put into the bus on purpose (`--fault NAME[=ARG]`). */
export interface BusFaults {
  /** Counts an event that is about to be published and says what happens to it; one without key is let pass. */
  judge(eventKey: string | undefined): 'publish' | 'swallow' | 'fail';
}

export const FAULT_HELP: Readonly<Record<string, string>> = {
  'swallow-event':
    'the first event with an Event_Key__c is answered with success but never delivered, nor is any later one with that key',
  'publish-error=N':
    'the N-th event with an Event_Key__c fails with a per-event error; sent again it succeeds',
};

/** A fault that `--fault` does not know; the message says what is allowed. */
export class UnknownFault extends Error {}

/** What the faults ask for. */
export interface FaultPlan {
  readonly swallow: boolean;
  /** The number of the event that fails, from 1. */
  readonly failAt?: number;
}

/** Reads `NAME` and `NAME=ARGUMENT` texts. Throws `UnknownFault` with what is allowed. */
export function parseFaults(faults: readonly string[]): FaultPlan {
  let plan: FaultPlan = { swallow: false };
  for (const fault of faults) {
    const failAt = /^publish-error=([1-9]\d{0,8})$/.exec(fault)?.[1];
    if (fault === 'swallow-event') plan = { ...plan, swallow: true };
    else if (failAt !== undefined) plan = { ...plan, failAt: Number(failAt) };
    else {
      const allowed = Object.keys(FAULT_HELP).join(', ');
      throw new UnknownFault(`--fault ${fault}: unknown; allowed: ${allowed}`);
    }
  }
  return plan;
}

/** Faults by this plan; what they remember is kept in the org's file, so a restart changes nothing. */
export function makeBusFaults(
  store: Pick<RecordStore, 'sql'>,
  { swallow, failAt }: FaultPlan,
): BusFaults {
  const read = store.sql.prepare('SELECT value FROM bus_state WHERE name = ?');
  const write = store.sql.prepare(
    'INSERT INTO bus_state (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const state = (name: string): string | undefined => {
    const value = read.get(name)?.['value'];
    return value === undefined ? undefined : String(value);
  };

  function isSwallowed(eventKey: string): boolean {
    const victim = state('fault swallow-event');
    if (victim === undefined) {
      write.run('fault swallow-event', JSON.stringify(eventKey));
      return true;
    }
    return victim === JSON.stringify(eventKey);
  }

  return {
    judge(eventKey) {
      // What flows tell the bridge is nothing the bridge has published.
      if (eventKey === undefined) return 'publish';
      const count = Number(state('fault events') ?? '0') + 1;
      if (failAt !== undefined) {
        write.run('fault events', String(count));
        if (count === failAt) return 'fail';
      }
      return swallow && isSwallowed(eventKey) ? 'swallow' : 'publish';
    },
  };
}
