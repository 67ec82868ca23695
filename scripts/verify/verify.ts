import { judgeCases } from './cases.ts';
import type { Evidence, OutboxRow } from './evidence.ts';
import { lostReadings } from './readings.ts';
import type { Verdict } from './report.ts';
import { endsOf, strangers } from './signals.ts';

export interface VerifyOptions {
  /** A Case may follow the end of its fault by this much. */
  readonly graceMs: number;
  /** Rows of the recording that was replayed; absent: a scenario with faults was run. */
  readonly recordedRows?: number;
  readonly elapsedSeconds: number;
}

/** At most this many examples of one kind of problem; the rest is counted. */
const EXAMPLES = 5;

/** Judges a finished run by what outsiders counted. Pure; the order of the evidence is free. */
export function verify(evidence: Evidence, options: VerifyOptions): Verdict {
  const { fleet, bridge, org } = evidence;
  const problems: string[] = [];
  const say = (sentences: readonly string[]): void => {
    problems.push(...sentences.slice(0, EXAMPLES));
    const more = sentences.length - EXAMPLES;
    if (more > 0) problems.push(`… and ${more} more like this`);
  };

  if (!fleet.complete) say(['the fleet did not end in order; see fleet.log']);

  const missing = lostReadings(fleet, bridge);
  say(
    missing.map(
      ({ topic, ts, seq }) =>
        `lost reading: the broker acknowledged message ${seq} of ${topic} (${ts}), but the ` +
        `bridge has it neither in its log nor in quarantine`,
    ),
  );

  const ends = endsOf(evidence);
  const withoutEnd = [...ends].flatMap(([entry, end]) =>
    end.kind === 'none' ? [`lost signal: ${name(entry)}: ${end.why}`] : [],
  );
  say(withoutEnd);
  say(
    strangers(evidence).map(
      (row) =>
        `the org has a signal of ${row.device} (${row.phase} ${row.signalType}) that the ` +
        `bridge never made`,
    ),
  );

  let duplicateCases = 0;
  if (options.recordedRows === undefined) {
    const findings = judgeCases(fleet, org, options.graceMs);
    duplicateCases = findings.duplicates;
    say(findings.problems);
    say(unclearedEpisodes(bridge.outbox));
  } else if (fleet.acknowledged.length !== options.recordedRows) {
    say([
      `the recording has ${options.recordedRows} rows, but the broker acknowledged ` +
        `${fleet.acknowledged.length} readings`,
    ]);
  }

  const count = (kind: string): number =>
    [...ends.values()].filter((end) => end.kind === kind).length;
  const phase = (wanted: string): number =>
    bridge.outbox.filter((entry) => entry.phase === wanted).length;
  return {
    problems,
    report: {
      readings: fleet.acknowledged.length,
      quarantined: bridge.quarantined.length,
      signals: { opened: phase('Opened'), updated: phase('Updated'), cleared: phase('Cleared') },
      published: bridge.outbox.filter((entry) => entry.publishedAt !== undefined).length,
      acted: count('acted'),
      suppressed: count('suppressed'),
      failed: count('failed'),
      coalesced: count('coalesced'),
      shed: count('shed'),
      faults: fleet.faults.length,
      cases: org.cases.length,
      duplicateCases,
      lost: missing.length + withoutEnd.length,
      elapsedSeconds: options.elapsedSeconds,
    },
  };
}

/** Every fault of a scenario ends before the scenario does, so every episode must clear. */
function unclearedEpisodes(outbox: readonly OutboxRow[]): string[] {
  const cleared = new Set(
    outbox.filter(({ phase }) => phase === 'Cleared').map(({ episodeKey }) => episodeKey),
  );
  return outbox
    .filter(({ phase, episodeKey }) => phase === 'Opened' && !cleared.has(episodeKey))
    .map((entry) => `${name(entry)} never cleared, although its fault has ended`);
}

const name = ({ phase, device, policy }: OutboxRow): string => `${phase} of ${policy} on ${device}`;
