import type { OrgLimits } from '../ports/bridgeReports.ts';
import type { BridgeCondition } from './heartbeat.ts';
import { readChecks } from './status.ts';
import type { StatusView } from './status.ts';

/** What a person in the org should know of the bridge now. That the org cannot be reached reaches nobody there. */
export function readCondition(view: StatusView, limits: OrgLimits | undefined): BridgeCondition {
  const { mqtt, log } = readChecks(view);
  const trouble = [mqtt, log].filter(({ ok }) => !ok).map(({ reason }) => reason);
  return {
    devices: view.state.engine.devices(),
    left: {
      ...(limits?.publishes && { publishes: limits.publishes.left }),
      ...(limits?.apiCalls && { apiCalls: limits.apiCalls.left }),
      ...(limits?.deliveries && { deliveries: limits.deliveries.left }),
    },
    message: trouble.join('; '),
  };
}
