import { setTimeout as sleep } from 'node:timers/promises';

import type { Supervisor } from './supervisor.ts';

/** What a scenario may break. */
export interface Breakable {
  readonly contender: Supervisor;
  /** Kills the org with SIGKILL. */
  readonly killOrg: () => Promise<void>;
  readonly startOrg: () => Promise<void>;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** Whether sessions of the peers at the broker survive them, which has to be chosen in both. */
  readonly keepsSession: boolean;
  /** Faults of the org from its start on, for `--fault`. */
  readonly orgFaults: readonly string[];
  /** How long the naive bridge gathers events for a batch; absent: each goes by itself. */
  readonly naiveBatchMs?: number;
  breakIt(parts: Breakable): Promise<void>;
}

const OUTAGE_MS = 6_000;
const DOWNTIME_MS = 10_000;
/** What a service manager takes to notice and to start again. */
const RESTART_MS = 1_000;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'org away for 6 s',
    about: 'the org is killed and started again; it does not answer for 6 s and a little more',
    keepsSession: false,
    orgFaults: [],
    async breakIt({ killOrg, startOrg }) {
      const back = sleep(OUTAGE_MS);
      await killOrg();
      await back;
      await startOrg();
    },
  },
  {
    name: 'one kill -9',
    about:
      'the contender is killed and started again a second later; sessions are as the peers come, clean',
    keepsSession: false,
    orgFaults: [],
    async breakIt({ contender }) {
      await contender.kill();
      await sleep(RESTART_MS);
      await contender.start();
    },
  },
  {
    name: '10 s of downtime',
    about:
      'the contender is away for 10 s while the broker keeps the sessions of all; the broker is set up as the manual of the contender says',
    keepsSession: true,
    orgFaults: [],
    async breakIt({ contender }) {
      await contender.kill();
      await sleep(DOWNTIME_MS);
      await contender.start();
    },
  },
  {
    name: 'one event refused',
    about: 'the event bus refuses one event; sent again it is taken',
    keepsSession: false,
    orgFaults: ['publish-error=25'],
    breakIt: async () => undefined,
  },
  {
    name: 'one of a batch refused',
    about:
      'the same refusal where the naive bridge publishes a second of events with `publishBatch` of the public client: that fails on the one result and tells none of the batch. ' +
      'Ours publishes batches in every scenario; Node-RED has none, so its column repeats the one before',
    keepsSession: false,
    orgFaults: ['publish-error=25'],
    naiveBatchMs: 1_000,
    breakIt: async () => undefined,
  },
];
