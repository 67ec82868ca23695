import type { CaseRow, FleetEvidence, InjectedFault, OrgEvidence } from './evidence.ts';

/** The type of signal that each fault must lead to (`config/starter-policies.yaml`). */
const signalTypeOf: Readonly<Record<string, string>> = {
  'bearing-wear': 'fault.vibration-high',
  leak: 'fault.pressure-low',
  stuck: 'fault.sensor-stuck',
  silence: 'connectivity.silent',
};

/** Case times have whole seconds, so a Case may seem to be from just before its fault. */
const ROUNDING_MS = 1000;

export interface CaseFindings {
  /** Cases beyond the first for the same fault. */
  readonly duplicates: number;
  readonly problems: readonly string[];
}

/**
 * Compares faults and Cases: each fault must have exactly one Case on its device's Asset,
 * created in the fault's time or at most `graceMs` later, and no Case may be without a fault.
 */
export function judgeCases(fleet: FleetEvidence, org: OrgEvidence, graceMs: number): CaseFindings {
  const problems: string[] = [];
  const casesOf = new Map<InjectedFault, CaseRow[]>(fleet.faults.map((fault) => [fault, []]));

  for (const row of org.cases.toSorted((a, b) => a.createdAt - b.createdAt)) {
    const fault = fleet.faults.findLast((one) => isInTime(row, one, graceMs));
    if (fault === undefined) problems.push(wrongCase(row, fleet));
    else casesOf.get(fault)?.push(row);
  }

  let duplicates = 0;
  for (const [fault, rows] of casesOf) {
    const [first, ...more] = rows;
    duplicates += more.length;
    if (first === undefined) problems.push(`${describe(fault)} has no Case`);
    for (const row of more) {
      problems.push(
        `second Case ${row.number} for ${describe(fault)}, which already has Case ${first?.number}`,
      );
    }
    for (const row of rows) {
      const type = org.signals.find(({ episodeKey }) => episodeKey === row.episodeKey)?.signalType;
      const expected = signalTypeOf[fault.fault];
      if (type !== undefined && type !== expected) {
        problems.push(
          `wrong Case ${row.number}: it is about ${type}, but ${describe(fault)} should give ` +
            (expected ?? 'no signal known here'),
        );
      }
    }
  }
  return { duplicates, problems };
}

function isInTime(row: CaseRow, fault: InjectedFault, graceMs: number): boolean {
  return (
    row.device === fault.device &&
    row.createdAt >= fault.from - ROUNDING_MS &&
    row.createdAt <= fault.to + graceMs
  );
}

function wrongCase(row: CaseRow, fleet: FleetEvidence): string {
  const at = new Date(row.createdAt).toISOString();
  const start = `wrong Case ${row.number}, created at ${at}`;
  if (row.device === undefined) return `${start}: it is on no Asset of the fleet`;
  const storm = fleet.storms.find(({ device }) => device === row.device);
  if (storm !== undefined) {
    return `${start} on ${row.device}: that device only sent a storm of ${storm.messages} healthy messages`;
  }
  return `${start} on ${row.device}: no fault was injected there at that time`;
}

export function describe(fault: InjectedFault): string {
  const time = (at: number): string => new Date(at).toISOString().slice(11, 19);
  return `the ${fault.fault} of ${fault.device} (${time(fault.from)} to ${time(fault.to)})`;
}
