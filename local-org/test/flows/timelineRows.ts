import type { RecordData } from '../../src/store/records.ts';
import { event, type PackageOrg } from './packageOrg.ts';

/** The moment `hour` o'clock of the day of the tests; -1 and 30 are days before and after. */
export function hour(at: number): string {
  return new Date(Date.UTC(2026, 10, 23) + at * 3_600_000).toISOString();
}

/** From and to in hours of the day; without a second one it lasts still. */
export type Span = readonly [from: number, to?: number];

function times([from, to]: Span): RecordData {
  return { From__c: hour(from), To__c: to === undefined ? null : hour(to) };
}

/** An installation past the check for overlaps, as two people leave it who save at the same moment. */
export function plantInstallation(
  org: PackageOrg,
  device: string,
  asset: string,
  span: Span,
): string {
  return plant(org, 'Signal_Installation__c', { Device__c: device, Asset__c: asset }, span);
}

/** An ownership past the check for overlaps. */
export function plantOwnership(
  org: PackageOrg,
  asset: string,
  account: string,
  span: Span,
): string {
  return plant(org, 'Signal_Ownership__c', { Asset__c: asset, Account__c: account }, span);
}

/* By the org, so that the same case does the same each time it runs. */
const planted = new WeakMap<PackageOrg, number>();
function plant(org: PackageOrg, object: string, links: RecordData, span: Span): string {
  // Long before everything else, where it meets none of those that last still.
  const count = (planted.get(org) ?? 0) + 1;
  planted.set(org, count);
  const away = -100_000 - 2 * count;
  const id = org.insert(object, { ...links, ...times([away, away + 1]) });
  org.plant(object, id, times(span));
  return id;
}

/** An Asset Signal as it stands when it was saved and not routed yet. */
export function resolved(org: PackageOrg, changes: RecordData = {}): RecordData {
  const id = org.insert('Asset_Signal__c', { ...event('Opened'), ...changes });
  const row = org.rows('Asset_Signal__c').find(({ Id }) => Id === id);
  if (row === undefined) throw new Error(`Asset_Signal__c ${id} is not there`);
  return row;
}
