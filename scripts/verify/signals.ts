import type { Evidence, OrgEvidence, OutboxRow } from './evidence.ts';

/** How a signal ended in the org, or why it has no end. */
export type End =
  | { readonly kind: 'acted' | 'suppressed' | 'failed' | 'coalesced' | 'shed' }
  | { readonly kind: 'none'; readonly why: string };

/**
 * The end of every event of the outbox, as the org tells it: Acted, Suppressed or Failed with
 * a reason, or a `Signal_Failure__c`. Whatever the bridge believes does not count: an event it did not
 * publish because a later one of the episode says as much has its end when that one has.
 */
export function endsOf({ bridge, org }: Evidence): ReadonlyMap<OutboxRow, End> {
  const rows = new Map(org.signals.map((row) => [row.eventKey, row]));
  const failures = new Map(org.failures.map((row) => [row.eventKey, row]));
  const entries = new Map(bridge.outbox.map((entry) => [entry.eventKey, entry]));
  return new Map(bridge.outbox.map((entry) => [entry, endOf(entry)]));

  function endOf(entry: OutboxRow): End {
    if (entry.state === 'coalesced') return endOfOvertaken(entry);
    if (entry.state === 'suppressed') {
      return entry.why === undefined
        ? none('it was suppressed without a reason')
        : { kind: 'shed' };
    }
    const row = rows.get(entry.eventKey);
    if (row?.disposition === 'Acted') return { kind: 'acted' };
    if (row?.disposition === 'Suppressed' || row?.disposition === 'Failed') {
      if (row.reason === '') return none(`it ended ${row.disposition} without a reason`);
      return { kind: row.disposition === 'Failed' ? 'failed' : 'suppressed' };
    }
    if (failures.has(entry.eventKey)) return { kind: 'failed' };
    if (row !== undefined)
      return none(`the org stored it but never routed it (${row.disposition})`);
    if (entry.state === 'published')
      return none('it was published, but the org has no record of it');
    if (entry.state === 'failed')
      return none(`it was not published: ${entry.lastError ?? 'no reason'}`);
    return none(`it is still waiting to be published (${entry.lastError ?? 'no error so far'})`);
  }

  function endOfOvertaken({ overtakenBy = '', episodeKey }: OutboxRow): End {
    const by = entries.get(overtakenBy);
    if (by === undefined || by.episodeKey !== episodeKey || by.phase === 'Opened') {
      return none('it was not published, and no later event of its episode says as much');
    }
    const end = endOf(by);
    if (end.kind === 'none')
      return none(`it was not published, and what should say as much: ${end.why}`);
    return { kind: 'coalesced' };
  }
}

const none = (why: string): End => ({ kind: 'none', why });

/** Rows of the org for which the bridge has no event: forged, or from another run. */
export function strangers({ bridge, org }: Evidence): OrgEvidence['signals'] {
  const known = new Set(bridge.outbox.map(({ eventKey }) => eventKey));
  return org.signals.filter(({ eventKey }) => !known.has(eventKey));
}
