import { accountCases, accountRows } from './accountOrg.ts';
import { accountDays } from './accountDays.ts';
import { accountReadings } from './accountReadings.ts';
import { accountSignals } from './accountSignals.ts';
import type { Evidence } from './evidence.ts';
import type { Line } from './line.ts';

/** Everything that was sent, found and done in the day, held against each other. Pure. */
export const account = (evidence: Evidence): readonly Line[] => [
  ...accountReadings(evidence),
  ...accountSignals(evidence),
  ...accountRows(evidence),
  ...accountCases(evidence),
  ...accountDays(evidence),
];
