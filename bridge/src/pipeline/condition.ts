import type { BridgeCondition } from './heartbeat.ts';
import { readChecks } from './status.ts';
import type { StatusView } from './status.ts';

/** What a person in the org should know of the bridge now, what holds up signals first. */
export function readCondition(view: StatusView): BridgeCondition {
  const { mqtt, log } = readChecks(view);
  const trouble = [mqtt, log].filter(({ ok }) => !ok).map(({ reason }) => reason);
  // That the org cannot be reached at all reaches nobody there.
  trouble.push(...view.org.troubles(), ...view.budgets.messages());
  const { unrouted, latency } = view.receiving;
  trouble.push(...[unrouted.reason(), latency.reason()].filter((text) => text !== ''));
  return {
    devices: view.state.engine.devices(),
    left: Object.fromEntries(view.budgets.status().map(({ name, left }) => [name, left])),
    message: trouble.join('; '),
  };
}
