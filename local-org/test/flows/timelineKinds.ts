import type { RecordData } from '../../src/store/records.ts';
import type { PackageOrg } from './packageOrg.ts';
import { hour, plantInstallation, plantOwnership, type Span } from './timelineRows.ts';

/** The times of an installation or ownership. */
export const at = ([from, to]: Span): RecordData => ({
  From__c: hour(from),
  To__c: to === undefined ? null : hour(to),
});

/** Installations and ownerships, whose timelines follow the same rules. */
export const kinds = [
  {
    object: 'Signal_Installation__c',
    links: ({ ids }: PackageOrg): RecordData => ({ Device__c: ids.device, Asset__c: ids.asset }),
    others: (org: PackageOrg): RecordData => ({
      Device__c: org.insert('Signal_Device__c', { Name: 'p2', Device_Key__c: 'p2' }),
      Asset__c: org.ids.asset,
    }),
    key: 'Device__c',
    plant: (org: PackageOrg, span: Span) =>
      plantInstallation(org, org.ids.device, org.ids.asset, span),
    taken: /^The device is installed already in that time: I-\d{8}, from /,
    what: 'installation',
  },
  {
    object: 'Signal_Ownership__c',
    links: ({ ids }: PackageOrg): RecordData => ({ Asset__c: ids.asset, Account__c: ids.account }),
    others: (org: PackageOrg): RecordData => ({
      Asset__c: org.insert('Asset', { Name: 'Pump 2', AccountId: org.ids.account }),
      Account__c: org.ids.account,
    }),
    key: 'Asset__c',
    plant: (org: PackageOrg, span: Span) =>
      plantOwnership(org, org.ids.asset, org.ids.account, span),
    taken: /^The Asset has an owner already in that time: O-\d{8}, from /,
    what: 'ownership',
  },
] as const;
