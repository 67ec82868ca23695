import type { ObjectView } from '../../browser/data/pageContext.ts';

/** What of a standard object's page the metadata does not say. */
export interface Layout extends Pick<
  ObjectView,
  'nameField' | 'icon' | 'highlights' | 'orderBy' | 'relatedLists'
> {
  readonly details: readonly LayoutSection[];
  /** Of the list of all records. */
  readonly columns: readonly string[];
}

interface LayoutSection {
  readonly heading?: string;
  readonly columns: readonly (readonly string[])[];
}

/** A section without a heading, its fields side by side. */
const plain = (...fields: readonly string[]): readonly LayoutSection[] => [{ columns: [fields] }];

const caseColumns = ['CaseNumber', 'Subject', 'Status', 'Priority'];
const newest = { field: 'CaseNumber', descending: true };
const byName = { field: 'Name', descending: false };
const system = ['CreatedDate', 'LastModifiedDate'];

/** The standard objects that have pages here, in place of the layouts that come with an org. */
export const LAYOUTS: Readonly<Record<string, Layout>> = {
  Asset: {
    nameField: 'Name',
    icon: 'standard:asset_object',
    highlights: ['AccountId', 'SerialNumber', 'Status', 'InstallDate'],
    details: plain(
      'Name',
      'AccountId',
      'SerialNumber',
      'Status',
      'InstallDate',
      'Signal_Renewal_Health__c',
      'Signal_Last_Usage_At__c',
      'OwnerId',
      'Description',
      ...system,
    ),
    columns: ['Name', 'AccountId', 'SerialNumber', 'Status'],
    orderBy: byName,
    relatedLists: [
      { object: 'Case', lookup: 'AssetId', label: 'Cases', columns: caseColumns },
      {
        object: 'Signal_Device__c',
        lookup: 'Asset__c',
        label: 'Signal Devices',
        columns: ['Name', 'Device_Key__c', 'Device_Type__c'],
      },
    ],
  },
  Case: {
    nameField: 'CaseNumber',
    icon: 'standard:case',
    highlights: ['Subject', 'Priority', 'Status', 'AssetId'],
    details: [
      {
        columns: [
          [
            'CaseNumber',
            'Subject',
            'Status',
            'Priority',
            'Origin',
            'AssetId',
            'AccountId',
            'ContactId',
            'OwnerId',
            'CreatedDate',
            'Description',
          ],
        ],
      },
      {
        heading: 'Signal',
        columns: [
          [
            'Signal_Explanation__c',
            'Asset_Signal__c',
            'Signal_Severity__c',
            'Signal_Confidence__c',
            'Signal_Policy__c',
            'Signal_Policy_Version__c',
            'Signal_Last_Event_At__c',
            'Signal_Acknowledged_At__c',
            'Signal_Repeat_Of__c',
          ],
        ],
      },
      {
        heading: 'Outcome',
        columns: [
          [
            'Signal_Outcome__c',
            'Signal_Fixed_First_Time__c',
            'Signal_Parts_Used__c',
            'Signal_Satisfaction__c',
          ],
        ],
      },
    ],
    columns: ['CaseNumber', 'Subject', 'Status', 'Priority', 'AssetId', 'CreatedDate'],
    orderBy: newest,
    relatedLists: [
      {
        object: 'Asset_Signal__c',
        lookup: 'Case__c',
        label: 'Asset Signals',
        columns: [
          'Name',
          'Signal_Type__c',
          'Severity__c',
          'Phase__c',
          'Occurred_At__c',
          'Explanation__c',
        ],
      },
    ],
  },
  Account: {
    nameField: 'Name',
    icon: 'standard:account',
    highlights: [],
    details: plain('Name', 'OwnerId', ...system),
    columns: ['Name', 'CreatedDate'],
    orderBy: byName,
    relatedLists: [
      {
        object: 'Asset',
        lookup: 'AccountId',
        label: 'Assets',
        columns: ['Name', 'SerialNumber', 'Status'],
      },
      { object: 'Case', lookup: 'AccountId', label: 'Cases', columns: caseColumns },
    ],
  },
  Contact: {
    nameField: 'Name',
    icon: 'standard:contact',
    highlights: ['AccountId', 'Email'],
    details: plain('Name', 'AccountId', 'Email', 'OwnerId', ...system),
    columns: ['Name', 'AccountId', 'Email'],
    orderBy: byName,
    relatedLists: [],
  },
};
