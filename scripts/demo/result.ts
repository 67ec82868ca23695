import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { readBridgeState } from '../verify/bridgeState.ts';
import type { Evidence } from '../verify/evidence.ts';
import { readFleetLog } from '../verify/fleetLog.ts';
import { readOrg } from '../verify/orgRecords.ts';
import type { Verdict } from '../verify/report.ts';
import type { VerifyOptions } from '../verify/verify.ts';
import { verify } from '../verify/verify.ts';
import type { Org } from './org.ts';

export interface EvidencePlaces {
  readonly fleetLog: string;
  readonly bridgeFile: string;
  readonly org: Org;
}

/** Asks every outsider for what it knows, now. */
export async function gatherEvidence(places: EvidencePlaces): Promise<Evidence> {
  const org = await readOrg((soql) => places.org.query(soql));
  const bridge = readBridgeState(places.bridgeFile);
  return { fleet: readFleetLog(await readFile(places.fleetLog, 'utf8')), bridge, org };
}

/** Cases come within seconds of a fault; more would let a late Case look like its own. */
export const GRACE_MS = 60_000;

/** A reading is on its way for at most this long where the bridge keeps up. */
const ON_ITS_WAY_MS = 2000;

/** The run without what cannot be judged while the fleet still speaks: the newest readings. */
function withoutNewest({ fleet, ...others }: Evidence): Evidence {
  const newest = fleet.acknowledged.reduce((time, { ts }) => Math.max(time, Date.parse(ts)), 0);
  const acknowledged = fleet.acknowledged.filter(
    ({ ts }) => Date.parse(ts) <= newest - ON_ITS_WAY_MS,
  );
  return { ...others, fleet: { ...fleet, acknowledged, complete: true } };
}

const LOOK_EVERY_MS = 500;

/**
 * Waits until nothing is on its way any more: the log is processed, every signal has its end,
 * every fault its Case. Gives up after `timeoutMs`; what is missing then is for the verdict.
 *
 * @param speaking true while the fleet goes on: its newest readings are then left out
 */
export async function settle(
  places: EvidencePlaces,
  options: VerifyOptions,
  speaking: boolean,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const ends = performance.now() + timeoutMs;
  do {
    signal.throwIfAborted();
    const evidence = await gatherEvidence(places);
    const { problems } = verify(speaking ? withoutNewest(evidence) : evidence, options);
    // While the fleet speaks there is always a reading or two not processed yet.
    const caughtUp = speaking || evidence.bridge.backlog === 0;
    if (problems.length === 0 && caughtUp) return;
    await sleep(LOOK_EVERY_MS);
  } while (performance.now() < ends);
}

/** The table a person reads at the end, and each problem in a sentence. */
export function describeVerdict({ report, problems }: Verdict): string {
  const { opened, updated, cleared } = report.signals;
  const rows: [string, number | string][] = [
    ['readings acknowledged', report.readings],
    ['readings quarantined', report.quarantined],
    ['signals', `${opened} opened, ${updated} updated, ${cleared} cleared`],
    ['published', report.published],
    ['acted', report.acted],
    ['suppressed (with a reason)', report.suppressed],
    ['failed (with a reason)', report.failed],
    ['overtaken by a later event', report.coalesced],
    ['too much for the budgets (with a reason)', report.shed],
    ['faults injected', report.faults],
    ['Cases', report.cases],
    ['duplicate Cases', report.duplicateCases],
    ['lost', report.lost],
    ['seconds', report.elapsedSeconds],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const table = rows.map(([label, value]) => `  ${label.padEnd(width + 2)}${value}`);
  const verdict =
    problems.length === 0
      ? ['Good: nothing lost, nothing doubled, everything explained.']
      : [`Not good: ${problems.length} problem${problems.length === 1 ? '' : 's'}.`];
  return ['', ...table, '', ...verdict, ...problems.map((problem) => `  - ${problem}`)].join('\n');
}
