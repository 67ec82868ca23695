import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startAccessOrg } from './accessOrg.ts';
import type { AccessOrg } from './accessOrg.ts';
import { changedPackage } from './changedPackage.ts';
import type { Change } from './changedPackage.ts';
import { differences } from './compare.ts';
import { rightOnField, rightsOn } from './observe.ts';
import { makeRecords } from './records.ts';
import type { Records } from './records.ts';

// Each job as itself, through the REST API of an org over HTTP.

let org: AccessOrg;
let records: Records;

before(async () => {
  org = await startAccessOrg();
  records = await makeRecords(org);
});
after(() => org.stop());

test('every job may do what the tables say, and nothing else', async () => {
  assert.deepEqual(await differences(org, records), []);
});

test('a group gives what its permission sets give', async () => {
  const rights = (object: string): Promise<string> =>
    rightsOn(org, records, 'fieldTechnician', object);
  assert.equal(await rights('Telemetry_View__c'), 'Crd');
  assert.equal(await rights('Signal_Command__c'), 'Cr');
  assert.equal(await rights('Signal_Baseline__c'), '-');
  const path = 'Case.Signal_Outcome__c';
  assert.equal(await rightOnField(org, records, 'fieldTechnician', path, 'False Alarm'), 'w');
});

test('a permission too many or too few shows, and only where it was changed', async () => {
  const changed = changedPackage([
    change('Signal_Bridge', 'Signal_Policy__c.Limit__c', 'editable', true),
    change('Signal_Bridge', 'Telemetry_View__c', 'modifyAllRecords', false),
    change('Signal_Technician', 'Asset_Signal__c', 'allowEdit', true),
    change('Signal_Technician', 'Asset_Signal__c.Disposition__c', 'editable', true),
    change('Signal_Service_Manager', 'Signal_Policy__c', 'allowDelete', true),
    change('Signal_Service_Manager', 'Signal_Decide_Proposals', 'enabled', false),
    change('Signal_Device_Steward', 'Signal_Device__c.Aliases__c', 'editable', false),
    change('Signal_Command_Sender', 'Signal_Command__c', 'viewAllRecords', true),
    change('Signal_Command_Approver', 'Signal_Command__c.Status__c', 'editable', false),
    change('Signal_Administrator', 'Asset_Signal__c', 'allowCreate', true),
  ]);
  try {
    const other = await startAccessOrg(changed.folder);
    try {
      assert.deepEqual(await differences(other, await makeRecords(other)), [
        'Asset_Signal__c as administrator: CRD, not RD',
        'Signal_Policy__c as manager: CRd, not CR',
        'Signal_Command__c as sender: CR, not Cr',
        'Telemetry_View__c as bridge: Rd, not RD',
        'Asset_Signal__c.Severity__c as technician: !, not r',
        'Asset_Signal__c.Disposition__c as technician: w, not r',
        'Signal_Device__c.Aliases__c as steward: r, not w',
        'Signal_Policy__c.Limit__c as bridge: w, not r',
        'Signal_Proposal__c.Status__c as manager: !, not w',
        'Signal_Command__c.Status__c as approver: r, not w',
        'Telemetry_View__c.Series__c as bridge: o, not w',
      ]);
    } finally {
      await other.stop();
    }
  } finally {
    changed.remove();
  }
});

function change(set: string, grant: string, permission: string, to: boolean): Change {
  return { set, grant, permission, to };
}
