import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './rule.ts';

/* Modules of Salesforce that are no base components and that the package may build on: those that work on phones. */
const DATA_MODULES = [
  'actions',
  'navigation',
  'platformShowToastEvent',
  'uiGraphQLApi',
  'uiObjectInfoApi',
  'uiRecordApi',
];

/** The permission sets of the package and who needs what they grant; a bridge reads no page, a person runs no bridge. */
const JOBS: Settings['jobs'] = {
  Signal_Administrator: ['page', 'component', 'flow'],
  Signal_Bridge: ['bridge'],
  Signal_Technician: ['page', 'component'],
};

/** Findings that are meant to be. One that is no longer found is a finding itself. */
const EXCEPTIONS: Settings['exceptions'] = {
  'nobody uses QuickAction Asset.Signal_Overview':
    "It belongs on the page layout of Asset, which is the customer's own: an admin adds it there (docs/admin.md).",
  'nobody writes Asset_Signal__e.Installation_Id__c':
    'Contract version 1 names the installation of a device; there is no object for installations yet.',
  'nobody writes Asset_Signal__e.Window_Start__c':
    'Contract version 1 has the window in which a failure is expected, for predictions; no detector makes one yet.',
  'nobody writes Asset_Signal__e.Window_End__c': 'As Window_Start__c.',
};

/** What the check knows besides the files; the base components are those installed for the local org's pages. */
export function loadSettings(root: string): Settings {
  const components = join(root, 'node_modules/lightning-base-components/src/lightning');
  return {
    lightning: new Set([...readdirSync(components), ...DATA_MODULES]),
    jobs: JOBS,
    exceptions: EXCEPTIONS,
  };
}
