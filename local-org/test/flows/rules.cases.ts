import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, makePackageOrg } from './packageOrg.ts';

const refusal = (message: RegExp) => (error: unknown) =>
  error instanceof Error &&
  error.message.includes('FIELD_CUSTOM_VALIDATION_EXCEPTION') &&
  message.test(error.message);

test('an event whose confidence is no share is kept as a failure with the reason, and the rest of its batch goes on', async () => {
  const org = await makePackageOrg();
  const bad = event('Opened', 1, { Episode_Key__c: 'episode-2', Confidence__c: 1.2 });
  await org.publish(event('Opened'), bad);
  assert.equal(org.only('Asset_Signal__c')['Episode_Key__c'], 'episode-1');
  const failure = org.only('Signal_Failure__c');
  assert.equal(failure['Event_Key__c'], bad['Event_Key__c']);
  assert.match(String(failure['Reason__c']), /Confidence has to be between 0 and 1/);
  assert.equal(org.rows('Case').length, 1);
});

test('confidence may be 0, 1 or empty', async () => {
  const org = await makePackageOrg();
  const values = [0, 1, null];
  await org.publish(
    ...values.map((Confidence__c, index) =>
      event('Opened', index, { Episode_Key__c: `episode ${index}`, Confidence__c }),
    ),
  );
  assert.equal(org.rows('Asset_Signal__c').length, values.length);
});

test('the evidence of a signal is locked; what became of it and whose it is are not', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened', 0, { Metric__c: 'vibration', Value__c: 8.4 }));
  const id = String(org.only('Asset_Signal__c')['Id']);
  for (const change of [{ Value__c: 1 }, { Metric__c: null }, { Occurred_At_Ms__c: 5 }]) {
    await assert.rejects(
      org.update('Asset_Signal__c', id, change),
      refusal(/evidence of a signal cannot be changed/),
    );
  }
  const mutable = {
    Disposition_Reason__c: 'looked at',
    Asset__c: null,
    Retry_Requested_At__c: '2026-11-23T06:30:00.000Z',
  };
  await org.update('Asset_Signal__c', id, mutable);
  assert.equal(org.only('Asset_Signal__c')['Value__c'], 8.4);
  assert.equal(org.only('Asset_Signal__c')['Asset__c'], null);
});

test('a failure window ends after it begins', async () => {
  const org = await makePackageOrg();
  const window = (from: string, to: string) =>
    event('Opened', 0, {
      Event_Key__c: `${from} ${to}`,
      Window_Start__c: `2026-11-2${from}T00:00:00.000Z`,
      Window_End__c: `2026-11-2${to}T00:00:00.000Z`,
    });
  await org.publish(window('5', '4'), window('4', '5'));
  assert.equal(org.rows('Asset_Signal__c').length, 1);
  assert.match(String(org.only('Signal_Failure__c')['Reason__c']), /ends before it begins/);
});

test('a policy that closes Cases has to name the status', async () => {
  const org = await makePackageOrg();
  await assert.rejects(
    org.update('Signal_Policy__c', org.ids.policy, {
      Close_When_Cleared__c: true,
      Closed_Status__c: null,
    }),
    refusal(/Name the Case status/),
  );
  await org.update('Signal_Policy__c', org.ids.policy, { Closed_Status__c: null });
});

test('a telemetry view reaches back 1 to 60 minutes', async () => {
  const org = await makePackageOrg();
  const view = (Range_Minutes__c: number) =>
    org.insert('Telemetry_View__c', { Asset__c: org.ids.asset, Range_Minutes__c });
  for (const minutes of [0, 61]) assert.throws(() => view(minutes), refusal(/1 to 60 minutes/));
  for (const minutes of [1, 60]) view(minutes);
  assert.equal(org.rows('Telemetry_View__c').length, 2);
});

test('what became of a signal, and who changed it, can be read in its history', async () => {
  const org = await makePackageOrg();
  await org.publish(event('Opened'));
  const id = String(org.only('Asset_Signal__c')['Id']);
  await org.update('Asset_Signal__c', id, { Disposition_Reason__c: 'looked at' });
  const history = org.rows('Asset_Signal__History').filter(({ ParentId }) => ParentId === id);
  const last = history.find(({ NewValue }) => NewValue === 'looked at');
  assert.equal(last?.['Field'], 'Disposition_Reason__c');
  assert.equal(last?.['CreatedById'], org.ids.person);
  const fields = new Set(history.map(({ Field }) => Field));
  assert.ok(fields.has('Disposition__c') && fields.has('Case__c'), [...fields].join());
});

test('a change of a policy or of the asset of a device can be read in its history', async () => {
  const org = await makePackageOrg();
  await org.update('Signal_Policy__c', org.ids.policy, { Queue__c: 'Field_Service' });
  await org.update('Signal_Device__c', org.ids.device, { Asset__c: null });
  const changes = ['Signal_Policy__History', 'Signal_Device__History'].flatMap((object) =>
    org.rows(object).map(({ Field }) => Field),
  );
  assert.ok(changes.includes('Queue__c') && changes.includes('Asset__c'), changes.join());
});
