import { z } from 'zod';

import type { InjectedFault } from '../verify/evidence.ts';
import type { FleetLine } from '../verify/fleetLog.ts';
import { parseFleetLine } from '../verify/fleetLog.ts';
import { followFile } from './followFile.ts';
import type { Sample } from './metrics.ts';
import { parseMetrics, sumOf } from './metrics.ts';
import type { NumberName, NumberSource } from './numbers.ts';
import { numberTable } from './numbers.ts';
import type { Org } from './org.ts';
import type { ShownCase, Snapshot } from './snapshot.ts';

export interface Watched {
  readonly bridgeUrl: string;
  readonly org: Org;
  readonly fleetLog: string;
  /** Milliseconds since the epoch, and since the start of the demo. */
  readonly now: () => number;
  readonly startedAt: number;
}

export interface Watcher {
  /** Looks at everything once; what does not answer keeps its last numbers. */
  look(): Promise<Snapshot>;
  /** True once the fleet has played all that was planned. */
  isPlayed(): boolean;
  /** Messages acknowledged to the fleet so far. */
  acknowledged(): number;
}

const RATES_KEPT = 60;
const CASES_SHOWN = 3;

const caseRow = z
  .object({
    CaseNumber: z.string(),
    Priority: z.string().nullable(),
    Subject: z.string().nullable(),
  })
  .transform((row): ShownCase => ({
    number: row.CaseNumber,
    priority: row.Priority ?? '',
    subject: row.Subject ?? '',
  }));

/** Reads the running demo from the outside: the bridge's metrics, the org, the fleet's log. */
export function makeWatcher({ bridgeUrl, org, fleetLog, now, startedAt }: Watched): Watcher {
  const newLines = followFile(fleetLog);
  const faults: InjectedFault[] = [];
  const storms: Extract<FleetLine, { kind: 'storm' }>[] = [];
  const lineCounts = new Map<string, number>();
  let played = false;
  let acknowledged = 0;
  let samples: readonly Sample[] = [];
  let records = new Map<string, number>();
  let cases: readonly ShownCase[] = [];
  let rates: number[] = [];
  let before: { readonly at: number; readonly readings: number } | undefined;

  async function readFleet(): Promise<void> {
    for (const text of await newLines()) {
      const line = parseFleetLine(text);
      lineCounts.set(line.kind, (lineCounts.get(line.kind) ?? 0) + 1);
      if (line.kind === 'fault') faults.push(line);
      else if (line.kind === 'storm') storms.push(line);
      else if (line.kind === 'played') played = true;
      else if (line.kind === 'reading') acknowledged += 1;
      else acknowledged = line.acknowledged;
    }
  }

  async function readBridge(): Promise<void> {
    const answer = await fetch(`${bridgeUrl}/metrics`, { signal: AbortSignal.timeout(2000) });
    samples = parseMetrics(await answer.text());
  }

  async function readOrg(): Promise<void> {
    const counts = new Map<string, number>();
    for (const { live } of Object.values<NumberSource>(numberTable)) {
      if (live.kind === 'records') counts.set(live.soql, await org.count(live.soql));
    }
    records = counts;
    const newest = await org.query(
      `SELECT CaseNumber, Priority, Subject FROM Case ORDER BY CaseNumber DESC LIMIT ${CASES_SHOWN}`,
    );
    cases = newest.map((row) => caseRow.parse(row));
  }

  function valueOf({ live }: NumberSource): number {
    switch (live.kind) {
      case 'metric':
        return sumOf(samples, live.metric, live.label);
      case 'records':
        return records.get(live.soql) ?? 0;
      case 'fleet':
        return lineCounts.get(live.line) ?? 0;
    }
  }

  function noteRate(at: number, readings: number): void {
    if (before !== undefined && at > before.at) {
      rates = [...rates, ((readings - before.readings) * 1000) / (at - before.at)];
      rates = rates.slice(-RATES_KEPT);
    }
    before = { at, readings };
  }

  return {
    look: async () => {
      // Each source may be away for a moment (a restart); the others are still worth seeing.
      await Promise.allSettled([readFleet(), readBridge(), readOrg()]);
      const at = now();
      const numbers = Object.fromEntries(
        Object.entries(numberTable).map(([name, source]) => [name, valueOf(source)]),
      ) as Record<NumberName, number>;
      noteRate(at, numbers.readings);
      return {
        elapsedSeconds: (at - startedAt) / 1000,
        numbers,
        rates,
        faults: faults
          .filter(({ to }) => to > at)
          .map((fault) => ({ fault, secondsLeft: (fault.to - at) / 1000 })),
        storm: storms.find(({ to }) => to > at)?.device,
        cases,
      };
    },
    isPlayed: () => played,
    acknowledged: () => acknowledged,
  };
}
