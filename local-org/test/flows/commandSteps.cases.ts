import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RecordData } from '../../src/store/records.ts';
import { makeCommandOrg, type CommandOrg } from './commandRows.ts';

// Which steps a command takes after it was made, and by whom.

const statuses = ['Waiting', 'Approved', 'Sent', 'Done', 'Failed', 'Rejected', 'Expired'] as const;
type Status = (typeof statuses)[number];

/** Who may take which step; what is not here nobody may. */
const steps: Readonly<
  Partial<Record<Status, Partial<Record<Status, 'approver' | 'integration'>>>>
> = {
  Waiting: { Approved: 'approver', Rejected: 'approver' },
  Approved: { Sent: 'integration', Failed: 'integration', Expired: 'integration' },
  Sent: { Done: 'integration', Failed: 'integration' },
};
const noticesOf = (org: CommandOrg): unknown[] =>
  org
    .published('Signal_Notice__e')
    .filter(({ Kind__c }) => Kind__c === 'Command')
    .map(({ Record_Id__c }) => Record_Id__c);

for (const from of statuses) {
  for (const to of statuses) {
    if (from === to) continue;
    const allowed = steps[from]?.[to];
    test(`from ${from} to ${to} goes ${allowed === undefined ? 'nobody' : `the ${allowed} alone`}`, async () => {
      const org = await makeCommandOrg();
      const id = await org.made();
      org.plant('Signal_Command__c', id, { Status__c: from });
      for (const who of ['sender', 'approver', 'integration'] as const) {
        if (who === allowed) continue;
        const refusal = await org.change(id, { Status__c: to }, org[who]);
        assert.equal(refusal?.field, 'Status__c', who);
        if (allowed === undefined)
          assert.equal(
            refusal.message,
            `A command that is ${from} cannot become ${to}. A waiting one is approved or rejected; ` +
              'an approved one is sent, fails or expires; a sent one is done or fails.',
          );
      }
      assert.equal(org.only('Signal_Command__c')['Status__c'], from);
      if (allowed === undefined) return;
      assert.equal(await org.change(id, { Status__c: to }, org[allowed]), undefined);
      assert.equal(org.only('Signal_Command__c')['Status__c'], to);
      assert.deepEqual(noticesOf(org), to === 'Approved' ? [id] : []);
    });
  }
}

for (const status of ['Approved', 'Rejected']) {
  test(`who has ${status.toLowerCase()} a command and when is stamped`, async () => {
    const org = await makeCommandOrg();
    const id = await org.made();
    await org.later(10);
    assert.equal(await org.change(id, { Status__c: status }, org.approver), undefined);
    const command = org.only('Signal_Command__c');
    assert.equal(command['Approved_By__c'], org.approver);
    assert.equal(command['Approved_At__c'], '2026-11-23T06:10:00.000Z');
  });

  test(`a command cannot be ${status.toLowerCase()} by who made it`, async () => {
    const org = await makeCommandOrg();
    const id = await org.made({}, org.chief);
    const refusal = await org.change(id, { Status__c: status }, org.chief);
    assert.match(refusal?.message ?? '', /^You made this command, so somebody else has to/);
    assert.equal(await org.change(id, { Status__c: status }, org.approver), undefined);
  });
}

test('a status that is taken away is refused in words', async () => {
  const org = await makeCommandOrg();
  const refusal = await org.change(await org.made(), { Status__c: null }, org.approver);
  assert.match(refusal?.message ?? '', /^A command that is Waiting cannot become nothing\./);
});

test('who made a command that has expired is told to leave it to others', async () => {
  const org = await makeCommandOrg();
  const id = await org.made({}, org.chief);
  await org.later(60);
  const refusal = await org.change(id, { Status__c: 'Approved' }, org.chief);
  assert.match(refusal?.message ?? '', /^You made this command/);
});

test('an expired command can be rejected, not approved', async () => {
  const org = await makeCommandOrg();
  const [first, second] = [await org.made(), await org.made()];
  await org.later(59);
  assert.equal(await org.change(first, { Status__c: 'Approved' }, org.approver), undefined);
  await org.later(1);
  const refusal = await org.change(second, { Status__c: 'Approved' }, org.approver);
  assert.match(refusal?.message ?? '', /^This command has expired/);
  assert.equal(await org.change(second, { Status__c: 'Rejected' }, org.approver), undefined);
});

test('those who may not decide or report are told what they lack', async () => {
  const org = await makeCommandOrg();
  const id = await org.made();
  const decide = await org.change(id, { Status__c: 'Approved' }, org.sender);
  assert.match(
    decide?.message ?? '',
    /^You may not approve or reject commands\..*Approve Commands\.$/,
  );
  org.plant('Signal_Command__c', id, { Status__c: 'Approved' });
  const report = await org.change(id, { Status__c: 'Sent' }, org.approver);
  assert.match(report?.message ?? '', /^Only the bridge says/);
});

const reports: readonly RecordData[] = [
  { Sent_At__c: '2026-11-23T06:01:00.000Z' },
  { Finished_At__c: '2026-11-23T06:01:00.000Z' },
  { Bridge_Message__c: 'The pump runs at 15 Hz.' },
];
for (const report of reports) {
  test(`${Object.keys(report).join()} is written by the bridge alone`, async () => {
    const org = await makeCommandOrg();
    const id = await org.made();
    const refusal = await org.change(id, report, org.chief);
    assert.equal(
      refusal?.message,
      'Sent At, Finished At and Bridge Message are written by the bridge alone.',
    );
    assert.equal(await org.change(id, report, org.integration), undefined);
    const both = {
      Status__c: 'Approved',
      Finished_At__c: null,
      Sent_At__c: null,
      Bridge_Message__c: 'x',
    };
    assert.match((await org.change(id, both, org.approver))?.message ?? '', /bridge alone/);
  });
}

for (const field of ['Asset__c', 'Approved_By__c', 'Approved_At__c']) {
  test(`${field} is nobody's to write, not even with a step that is allowed`, async () => {
    const org = await makeCommandOrg();
    const id = await org.made();
    const values: RecordData = {
      Asset__c: org.insert('Asset', { Name: 'Pump 2', AccountId: org.ids.account }),
      Approved_By__c: org.chief,
      Approved_At__c: '2026-11-23T05:00:00.000Z',
    };
    const change = { [field]: values[field] ?? null };
    for (const who of [org.sender, org.approver, org.integration]) {
      for (const step of [{}, { Status__c: 'Approved' }]) {
        const refusal = await org.change(id, { ...step, ...change }, who);
        assert.match(refusal?.message ?? '', /are filled by the platform/);
      }
    }
  });
}

test('words that tell nothing of where a command stands may be written at any time', async () => {
  const org = await makeCommandOrg();
  const id = await org.made();
  await org.change(id, { Status__c: 'Approved' }, org.approver);
  assert.equal(await org.change(id, { Reason__c: 'on the phone' }, org.sender), undefined);
  assert.deepEqual(noticesOf(org), [id], 'and the bridge is not told again');
});

for (const [field, value] of [
  ['Value__c', 16],
  ['Expires_At__c', '2026-11-24T00:00:00.000Z'],
] as const) {
  test(`${field} of a command is locked, also for who approves it`, async () => {
    const org = await makeCommandOrg();
    const id = await org.made();
    const change = { Status__c: 'Approved', [field]: value };
    const refusal = await org.change(id, change, org.approver);
    assert.match(refusal?.message ?? '', /cannot be changed after it was made/);
    assert.equal(org.only('Signal_Command__c')['Status__c'], 'Waiting');
  });
}

test('200 commands are approved in one call, each told once; those of the approver are refused', async () => {
  const org = await makeCommandOrg();
  const row = { Command_Type__c: org.type, Device__c: org.ids.device, Value__c: 12 };
  const make = async (count: number, as: string): Promise<string[]> => {
    const rows = Array.from({ length: count }, () => row);
    const outcomes = await org.saveAll('insert', 'Signal_Command__c', rows, as);
    return outcomes.map((one) => (one.ok ? one.id : ''));
  };
  const others = await make(190, org.sender);
  const own = await make(10, org.chief);
  const rows = [...own, ...others].map((Id) => ({ Id, Status__c: 'Approved' }));
  const outcomes = await org.saveAll('update', 'Signal_Command__c', rows, org.chief);
  assert.deepEqual(
    outcomes.map(({ ok }) => ok),
    rows.map((_, n) => n >= 10),
  );
  assert.equal(noticesOf(org).length, 190);
  assert.deepEqual(new Set(noticesOf(org)), new Set(others));
});
