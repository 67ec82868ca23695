import assert from 'node:assert/strict';

import { LIMITS } from '../../src/flow/limits.ts';
import type { RecordData } from '../../src/store/records.ts';
import type { PackageOrg } from '../flows/packageOrg.ts';
import type { CaseState, ServiceModel, SignalState } from './model.ts';

/** Fails where the org holds other dispositions, Cases or failures than the model; `when` is for the message. */
export function assertAsModelled(org: PackageOrg, model: ServiceModel, when: string): void {
  const differences = [...compareSignals(org, model), ...compareCases(org, model)];
  assert.deepEqual(differences, [], when);
  assert.equal(org.rows('Signal_Failure__c').length, model.failures, `${when}: failures`);
}

/** A line for each signal that the org holds otherwise than the model. */
export function compareSignals(org: PackageOrg, model: ServiceModel): string[] {
  const rows = new Map(
    org.rows('Asset_Signal__c').map((row) => [String(row['Event_Key__c']), row]),
  );
  const ofRow = (row: RecordData | undefined): string =>
    row === undefined
      ? 'missing'
      : `${row['Disposition__c']} ${row['Review_Status__c'] ?? ''}`.trim();
  const ofModel = (one: SignalState | undefined): string =>
    one === undefined ? 'missing' : `${one.disposition} ${one.review ?? ''}`.trim();
  return [...new Set([...rows.keys(), ...model.signals.keys()])].flatMap((key) => {
    const [row, expected] = [rows.get(key), model.signals.get(key)];
    if (ofRow(row) === ofModel(expected)) return [];
    const { phase, policy, episode } = expected?.event ?? {};
    const about = `${phase} of ${episode} by ${policy}, “${row?.['Disposition_Reason__c'] ?? ''}”`;
    return [`${key} (${about}): ${ofRow(row)}, the model says ${ofModel(expected)}`];
  });
}

function compareCases(org: PackageOrg, model: ServiceModel): string[] {
  const cases = org.rows('Case');
  const ofRow = (row: RecordData): string =>
    [
      row['Priority'],
      row['IsClosed'] === true ? 'closed' : 'open',
      new Date(String(row['Signal_Last_Event_At__c'])).toISOString(),
    ].join(' ');
  const ofModel = ({ priority, closedBy, last }: CaseState): string =>
    [priority, closedBy === undefined ? 'open' : 'closed', new Date(last).toISOString()].join(' ');
  const present = [...model.cases].filter(([, { isRemoved }]) => !isRemoved);
  const episodes = new Set([
    ...cases.map((row) => String(row['Signal_Episode_Key__c'])),
    ...present.map(([episode]) => episode),
  ]);
  return [...episodes].flatMap((episode) => {
    const found = cases.filter((row) => row['Signal_Episode_Key__c'] === episode).map(ofRow);
    const expected = present.filter(([key]) => key === episode).map(([, state]) => ofModel(state));
    if (found.join() === expected.join()) return [];
    return [
      `${episode}: Case ${found.join(' and ') || 'none'}, the model says ${expected.join() || 'none'}`,
    ];
  });
}

/** Fails where a transaction took half of a limit or more. */
export function assertFarFromLimits(org: PackageOrg): void {
  assert.ok(org.transactions.length > 0);
  for (const { flows, most } of org.transactions) {
    for (const limit of Object.keys(most) as (keyof typeof most)[]) {
      assert.ok(
        most[limit] < LIMITS[limit] / 2,
        `${[...flows].join(', ')}: ${limit} ${most[limit]}, half of the limit is ${LIMITS[limit] / 2}`,
      );
    }
  }
}
