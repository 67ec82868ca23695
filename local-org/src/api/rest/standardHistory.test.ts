import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { historyObject } from '../../metadata/historyObject.ts';
import type { ObjectDef, OrgMetadata, PermissionSetDef } from '../../metadata/schema.ts';
import { makeField } from '../../metadata/systemFields.ts';
import { testMetadata } from '../../store/testOrg.ts';
import { at, openTestApi } from './testApi.ts';
import type { TestApi } from './testApi.ts';

// Object Reference, "StandardObjectNameHistory".

function withHeat(): OrgMetadata {
  const objects = new Map(testMetadata.objects);
  const plain = objects.get('Case');
  if (plain === undefined) throw new Error('the test org has no Case');
  const heat = makeField('Heat__c', 'Heat', 'Number', { precision: 4, scale: 1, tracked: true });
  const kept: ObjectDef = { ...plain, fields: new Map([...plain.fields, [heat.name, heat]]) };
  const history = historyObject(kept);
  return { ...testMetadata, objects: objects.set('Case', kept).set(history.name, history) };
}

const reader: PermissionSetDef = {
  name: 'Reader',
  label: 'Reader',
  objects: new Map([
    [
      'Case',
      {
        create: true,
        read: true,
        edit: true,
        delete: false,
        viewAll: false,
        modifyAll: false,
        viewAllFields: true,
      },
    ],
  ]),
  fields: new Map([['Case.Heat__c', { read: true, edit: true }]]),
  userPermissions: new Set(),
};

let api: TestApi;
before(async () => {
  api = await openTestApi({
    metadata: withHeat(),
    sharing: { Case: 'Private' },
    clerkSets: [reader],
  });
});
after(() => api.close());

test('the history of a Case is seen by who sees the Case, and goes with it', async () => {
  const make = async (token: string): Promise<string> => {
    const { body } = await api.call('POST', '/sobjects/Case', { Heat__c: 1 }, token);
    const id = String(at(body, 'id'));
    const changed = { Heat__c: 2.5, Subject: 'not tracked' };
    const { status } = await api.call('PATCH', `/sobjects/Case/${id}`, changed, api.admin);
    assert.equal(status, 204);
    return id;
  };
  const theirs = await make(api.admin);
  const own = await make(api.clerk);
  const query = async (token: string): Promise<unknown[]> => {
    const soql =
      "SELECT CaseId, Case.CaseNumber, OldValue, NewValue FROM CaseHistory WHERE Field = 'Heat__c' ORDER BY CreatedDate";
    const { body } = await api.call(
      'GET',
      `/query?q=${encodeURIComponent(soql)}`,
      undefined,
      token,
    );
    const records = at(body, 'records');
    assert.ok(Array.isArray(records));
    return records.map((row) => [at(row, 'CaseId'), at(row, 'OldValue'), at(row, 'NewValue')]);
  };
  assert.deepEqual(await query(api.admin), [
    [theirs, '1', '2.5'],
    [own, '1', '2.5'],
  ]);
  assert.deepEqual(await query(api.clerk), [[own, '1', '2.5']]);
  await api.call('DELETE', `/sobjects/Case/${theirs}`);
  assert.deepEqual(await query(api.admin), [[own, '1', '2.5']]);
});
