import type { Grants } from '../api/accessControl.ts';
import type { LightningApp } from '../metadata/appFile.ts';

/** What of the apps a user sees. */
export interface Navigation {
  /** The first app that he may open, or undefined. */
  readonly app: LightningApp | undefined;
  /** Objects with a tab, in order, whether or not he may read them. */
  readonly tabs: readonly string[];
}

/** Without an app there are the tabs of the standard objects that pages are about. */
const STANDARD_TABS = ['Asset', 'Case', 'Account', 'Contact'];

/**
 * What the permission sets of a user show of the apps. Standard tabs are shown to everybody: they belong
 * to profiles, which this org does not have. A System Administrator sees all.
 */
export function navigationOf(
  apps: readonly LightningApp[],
  grants: Grants | undefined,
): Navigation {
  const isAdministrator = grants?.isAdministrator === true;
  const sets = grants?.permissionSets ?? [];
  const app = apps.find(
    ({ name }) => isAdministrator || sets.some(({ shows }) => shows?.apps.has(name)),
  );
  if (app === undefined) return { app, tabs: STANDARD_TABS };
  const tabs = app.tabs.filter(
    (tab) =>
      isAdministrator || !tab.endsWith('__c') || sets.some(({ shows }) => shows?.tabs.has(tab)),
  );
  return { app, tabs };
}
