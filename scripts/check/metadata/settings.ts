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
  Signal_Command_Approver: ['page', 'flow'],
  Signal_Command_Sender: ['page', 'flow'],
  Signal_Device_Steward: ['page', 'component', 'flow'],
  Signal_Service_Manager: ['page', 'component', 'flow'],
  Signal_Technician: ['page', 'component', 'flow'],
};

/** What the bridge has permissions for and will use: policies, commands, outcomes and reports of its own. */
const AWAITED: Settings['awaited'] = [
  'Asset_Signal__c.Case__c',
  'Asset_Signal__c.Review_Reason__c',
  'Asset_Signal__c.Review_Status__c',
  'Case',
  'Signal_Command_Type__c',
  'Signal_Command__c',
  'Signal_Policy__c.Route__c',
];

/** What docs/admin.md asks an admin to put on the layouts of Case and Asset, which are the customer's own. */
const CUSTOMER_PAGES: Settings['customerPages'] = [
  'Asset.Signal_Last_Usage_At__c',
  'Asset.Signal_Renewal_Health__c',
  'Case.Asset_Signal__c',
  'Case.Signal_Acknowledged_At__c',
  'Case.Signal_Confidence__c',
  'Case.Signal_Explanation__c',
  'Case.Signal_Fixed_First_Time__c',
  'Case.Signal_Last_Event_At__c',
  'Case.Signal_Outcome__c',
  'Case.Signal_Parts_Used__c',
  'Case.Signal_Policy_Version__c',
  'Case.Signal_Policy__c',
  'Case.Signal_Repeat_Of__c',
  'Case.Signal_Satisfaction__c',
  'Case.Signal_Severity__c',
  'Case.Signal_Snapshot__c',
  'Case.Signal_Traceparent__c',
];

/** Findings that are meant to be. One that is no longer found is a finding itself. */
const EXCEPTIONS: Settings['exceptions'] = {
  'nobody uses QuickAction Asset.Signal_Overview':
    "It belongs on the page layout of Asset, which is the customer's own: an admin adds it there (docs/admin.md).",
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
    awaited: AWAITED,
    customerPages: CUSTOMER_PAGES,
    exceptions: EXCEPTIONS,
  };
}
