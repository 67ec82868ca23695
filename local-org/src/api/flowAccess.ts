import type { FlowAccess } from '../automation/screenFlows.ts';
import type { Grants } from './accessControl.ts';

/**
 * Who may run flows: users with the permission Run Flows, and those whose permission set lists the flow;
 * of a flow that overrides the default, the latter only: "Even users with Run Flow or Manage Flow … must
 * be assigned to a profile or permission set that's enabled" (help platform.flow_distribute_security).
 * @param grants by user id; a System Administrator has Run Flows
 */
export function makeFlowAccess(grants: ReadonlyMap<string, Grants>): FlowAccess {
  return {
    mayRun(userId, { name, restricted }) {
      const own = grants.get(userId);
      if (own === undefined) return false;
      if (own.permissionSets.some(({ flows }) => flows?.has(name))) return true;
      return !restricted && mayRunFlows(own);
    },
  };
}

/** Run Flows and Manage Flow by their API names. */
function mayRunFlows({ isAdministrator, permissionSets }: Grants): boolean {
  const rights = ['RunFlow', 'ManageInteraction'];
  return (
    isAdministrator ||
    permissionSets.some(({ userPermissions }) => rights.some((name) => userPermissions.has(name)))
  );
}
