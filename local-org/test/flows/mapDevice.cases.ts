import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openFlow, type FlowUnderTest } from './openFlow.ts';
import { event, makePackageOrg } from './packageOrg.ts';
import type { PackageOrg } from './packageOrg.ts';
import { at } from './timelineKinds.ts';
import { hour } from './timelineRows.ts';

// A steward puts a device nobody knows on its equipment.

const steward = { permissionSets: ['Signal_Device_Steward'] };
const map = (org: PackageOrg, inputs: Record<string, string> = {}): Promise<FlowUnderTest> =>
  openFlow(org, 'Device_SCR_MapUnknown', inputs, steward);
const unknown = (n: number | string, phase: 'Opened' | 'Cleared' = 'Opened', minute = 0) =>
  event(phase, minute, {
    Event_Key__c: `${n} ${phase} ${minute}`,
    Episode_Key__c: `episode ${n}`,
    Device_Key__c: `pump-${n}`,
  });

interface Fan extends PackageOrg {
  readonly fan: string;
}
async function withFan(): Promise<Fan> {
  const org = await makePackageOrg();
  const fan = { Name: 'Fan 7', SerialNumber: 'SN-4711', AccountId: org.ids.account };
  return Object.assign(org, { fan: org.insert('Asset', fan) });
}
/** From the question for the equipment to the end. */
async function finish(flow: FlowUnderTest, asset: string, answers = {}): Promise<FlowUnderTest> {
  await flow.next({ Sought_Asset: '4711' });
  return flow.next({ Chosen_Asset: asset, ...answers });
}
const optionsOf = (flow: FlowUnderTest, name: string): string[] => {
  const field = flow.field(name);
  return field.kind === 'choice' ? field.options.map(({ label }) => label) : [];
};

test('a device that was heard is put on equipment found by its serial number, since its first signal', async () => {
  const org = await withFan();
  await org.publish(unknown(8, 'Opened', 5), unknown(8, 'Opened', 3));
  const flow = await map(org);
  assert.equal(flow.screen.name, 'Choose_Device');
  assert.deepEqual(optionsOf(flow, 'Seen_Device'), ['pump-8', 'pump-8']);
  await flow.next({ Seen_Device: 'pump-8' });
  assert.match(flow.text, /Device: pump-8/);
  await flow.next({ Sought_Asset: ' 4711 ' });
  assert.deepEqual(optionsOf(flow, 'Chosen_Asset'), ['Fan 7']);
  await flow.next({ Chosen_Asset: org.fan, Installed_Place: 'bearing' });
  assert.equal(flow.screen.name, 'Show_Result');
  assert.match(
    flow.text,
    /pump-8 is on Fan 7 since .*200 in a call.*trouble that has ended opens none/s,
  );
  const installation = org.only('Signal_Installation__c');
  const device = org.rows('Signal_Device__c').find((row) => row['Device_Key__c'] === 'pump-8');
  assert.equal(device?.['Name'], 'pump-8');
  assert.equal(device['Asset__c'], org.fan);
  assert.deepEqual(
    ['Device__c', 'Asset__c', 'From__c', 'To__c', 'Place__c', 'CreatedById'].map(
      (field) => installation[field],
    ),
    [device['Id'], org.fan, hour(5.05), null, 'bearing', org.userId(steward)],
  );
  const told = org.published('Signal_Notice__e').map(({ Record_Id__c }) => Record_Id__c);
  assert.ok(told.includes(installation['Id']) && told.includes(device['Id']));
  await flow.next();
  assert.ok(flow.finished);
  await org.publish(unknown(8, 'Opened', 9));
  const late = org.rows('Asset_Signal__c').find((row) => row['Event_Key__c'] === '8 Opened 9');
  assert.deepEqual([late?.['Asset__c'], late?.['Installation__c']], [org.fan, installation['Id']]);
});

test('the list holds the 50 newest starts of episodes of unknown devices', async () => {
  const org = await withFan();
  for (let n = 0; n < 52; n += 1) {
    await org.publish(unknown(n));
    await org.later(1);
  }
  await org.publish(event('Opened'), unknown('x', 'Cleared'));
  const seen = optionsOf(await map(org), 'Seen_Device');
  assert.deepEqual(
    seen,
    Array.from({ length: 50 }, (_, n) => `pump-${51 - n}`),
  );
});

test('a key that is entered wins, without the blanks around it; one of the two has to be given', async () => {
  const org = await withFan();
  await org.publish(unknown(8));
  const flow = await map(org);
  await flow.next({});
  assert.deepEqual(flow.errors, { Typed_Key: 'Choose a device, or enter its key.' });
  await flow.next({ Seen_Device: 'pump-8', Typed_Key: ' Pump-9 ' });
  await finish(flow, org.fan);
  const keys = org.rows('Signal_Device__c').map(({ Device_Key__c }) => Device_Key__c);
  assert.deepEqual(keys, ['pump-001', 'Pump-9']);
  assert.equal(org.only('Signal_Installation__c')['From__c'], hour(6), 'no signal: since now');
});

test('started from a signal or for a key it does not ask which device', async () => {
  const org = await withFan();
  await org.publish(unknown(8));
  const signal = String(org.only('Asset_Signal__c')['Id']);
  for (const inputs of [{ recordId: signal }, { deviceKey: 'pump-8' }]) {
    const flow = await map(org, inputs);
    assert.equal(flow.screen.name, 'Find_Asset');
    assert.match(flow.text, /Device: pump-8/);
  }
  const gone = await map(org, { recordId: 'a00000000000001' });
  assert.equal(gone.screen.name, 'Choose_Device');
});

test('equipment is listed by its name, and a key longer than a name is kept whole', async () => {
  const org = await withFan();
  org.insert('Asset', { Name: 'Fan 10', AccountId: org.ids.account });
  const deviceKey = 'k'.repeat(100);
  const flow = await map(org, { deviceKey });
  await flow.next({ Sought_Asset: 'fan' });
  assert.deepEqual(optionsOf(flow, 'Chosen_Asset'), ['Fan 10', 'Fan 7']);
  await flow.next({ Chosen_Asset: org.fan });
  const device = org.rows('Signal_Device__c').find((row) => row['Device_Key__c'] === deviceKey);
  assert.equal(device?.['Name'], 'k'.repeat(80));
});

test('a key counts more than a signal where the flow is started with both', async () => {
  const org = await withFan();
  await org.publish(unknown(8));
  const recordId = String(org.only('Asset_Signal__c')['Id']);
  const flow = await map(org, { recordId, deviceKey: 'pump-9' });
  assert.match(flow.text, /Device: pump-9/);
});

test('a device that has a record is put on equipment without a second record', async () => {
  const org = await withFan();
  const flow = await finish(await map(org, { deviceKey: 'pump-001' }), org.fan);
  assert.equal(flow.screen.name, 'Show_Result');
  assert.equal(org.only('Signal_Device__c')['Asset__c'], org.fan);
});

test('the time that is offered is that of the first signal without equipment', async () => {
  const org = await withFan();
  await org.publish(event('Opened', 1));
  await org.update('Signal_Device__c', org.ids.device, { Asset__c: null });
  for (const minute of [40, 20]) {
    const of = { Event_Key__c: `b ${minute}`, Episode_Key__c: 'b' };
    await org.publish(event('Opened', minute, of));
  }
  await finish(await map(org, { deviceKey: 'pump-001' }), org.fan);
  assert.equal(org.only('Signal_Installation__c')['From__c'], '2026-11-23T05:20:00.000Z');
});

test('words that are too short, a time to come and a place too long are not accepted', async () => {
  const org = await withFan();
  const flow = await map(org, { deviceKey: 'pump-8' });
  await flow.next({ Sought_Asset: ' F ' });
  assert.deepEqual(flow.errors, { Sought_Asset: 'Enter at least two characters.' });
  await flow.next({ Sought_Asset: 'fan' });
  const answers = { Chosen_Asset: org.fan, Installed_Place: 'x'.repeat(256) };
  await flow.next({ ...answers, Installed_From: hour(6.01) });
  assert.deepEqual(Object.keys(flow.errors).toSorted(), ['Installed_From', 'Installed_Place']);
  await flow.next({ ...answers, Installed_From: hour(6), Installed_Place: 'x'.repeat(255) });
  assert.equal(flow.screen.name, 'Show_Result');
});

test('what is sought in vain can be sought again', async () => {
  const org = await withFan();
  const flow = await map(org, { deviceKey: 'pump-8' });
  await flow.next({ Sought_Asset: 'compressor' });
  assert.deepEqual(optionsOf(flow, 'Chosen_Asset'), []);
  await flow.back();
  await flow.next({ Sought_Asset: 'fan' });
  assert.deepEqual(optionsOf(flow, 'Chosen_Asset'), ['Fan 7']);
});

test('an overlap is told in plain words and can be corrected', async () => {
  const org = await withFan();
  const device = { Device__c: org.ids.device, Asset__c: org.ids.asset };
  org.insert('Signal_Installation__c', { ...device, ...at([0, 5]) });
  const flow = await map(org, { deviceKey: 'pump-001' });
  await finish(flow, org.fan, { Installed_From: hour(4) });
  assert.equal(flow.screen.name, 'Show_Refusal');
  assert.match(flow.text, /The device is installed already in that time: I-\d{8}/);
  assert.equal(flow.screen.next, 'Try again');
  await flow.next();
  await flow.next({ Installed_From: hour(5) });
  assert.equal(flow.screen.name, 'Show_Result');
  assert.equal(org.rows('Signal_Installation__c').length, 2);
});

for (const [write, devices] of [
  ['insert Signal_Device__c', 1],
  ['insert Signal_Installation__c', 2],
] as const) {
  test(`a refused ${write} is told, and another try makes nothing twice`, async () => {
    const org = await withFan();
    const flow = await map(org, { deviceKey: 'pump-8' });
    org.break({ write: [write] });
    await finish(flow, org.fan);
    assert.match(flow.text, /pump-8 was not put on this equipment:.*refused by a test/s);
    assert.equal(org.rows('Signal_Device__c').length, devices);
    org.break({});
    await flow.next();
    await flow.next({});
    assert.equal(flow.screen.name, 'Show_Result');
    assert.equal(org.rows('Signal_Device__c').length, 2);
    assert.equal(org.rows('Signal_Installation__c').length, 1);
  });
}

test('equipment that cannot be read is told, and can be tried again', async () => {
  const org = await withFan();
  const flow = await map(org, { deviceKey: 'pump-8' });
  await flow.next({ Sought_Asset: 'fan' });
  org.break({ get: ['Asset'] });
  await flow.next({ Chosen_Asset: org.fan }).catch(() => undefined);
  assert.equal(flow.screen.name, 'Show_Refusal');
});

for (const [what, get, inputs] of [
  ['the signal it was started for', 'Asset_Signal__c', { recordId: 'a00000000000001' }],
  ['the device', 'Signal_Device__c', { deviceKey: 'pump-8' }],
  ['the first signal', 'Asset_Signal__c', { deviceKey: 'pump-8' }],
] as const) {
  test(`when ${what} cannot be read, that is said and nothing is changed`, async () => {
    const org = await withFan();
    org.break({ get: [get] });
    const flow = await map(org, inputs);
    assert.equal(flow.screen.name, 'Show_Fault');
    assert.match(flow.text, /nothing was changed.*a get broken by a test/s);
    org.break({});
    await flow.next();
    assert.ok(flow.finished);
    assert.deepEqual(org.rows('Signal_Installation__c'), []);
  });
}

test('who may not make devices is refused, with the rights of the platform', async () => {
  const org = await withFan();
  const reader = { permissionSets: ['Signal_Service_Manager'] };
  const opened = openFlow(org, 'Device_SCR_MapUnknown', { deviceKey: 'pump-8' }, reader);
  await assert.rejects(opened, /Device_SCR_MapUnknown/);
  assert.equal(org.rows('Signal_Device__c').length, 1);
});
