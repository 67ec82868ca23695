import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makePackageOrg } from './packageOrg.ts';
import { at, kinds } from './timelineKinds.ts';
import { hour, type Span } from './timelineRows.ts';

// Two times of one device or Asset never have a moment in common.

const pairs: readonly (readonly [Span, boolean])[] = [
  [[0, 4], true],
  [[4, 6], false],
  [[3, 4.01], false],
  [[7, 8], false],
  [[8, 9], true],
  [[2], false],
  [[8], true],
  [[4, 8], false],
  [[3, 9], false],
];

for (const { object, links, others, key, plant, taken, what } of kinds) {
  for (const [span, fits] of pairs) {
    const shown = span.join(' to ');
    test(`an ${what} from ${shown} ${fits ? 'fits beside' : 'is refused beside'} one from 4 to 8`, async () => {
      const org = await makePackageOrg();
      org.insert(object, { ...links(org), ...at([4, 8]) });
      const [outcome] = await org.saveAll('insert', object, [{ ...links(org), ...at(span) }]);
      assert.equal(outcome?.ok, fits);
      if (outcome.ok) return;
      const [error] = outcome.errors;
      assert.equal(error?.statusCode, 'FIELD_CUSTOM_VALIDATION_EXCEPTION');
      assert.deepEqual(error.fields, ['From__c']);
      assert.match(error.message, taken);
      assert.match(error.message, /from 2026-11-23 04:00:00Z to 2026-11-23 08:00:00Z\. End that/);
    });
  }

  test(`beside an ${what} that lasts nothing fits later, and the message says it lasts`, async () => {
    const org = await makePackageOrg();
    const lasting = org.insert(object, { ...links(org), ...at([4]) });
    const [late, early] = await org.saveAll('insert', object, [
      { ...links(org), ...at([100, 101]) },
      { ...links(org), ...at([3, 4]) },
    ]);
    assert.equal(early?.ok, true);
    assert.ok(
      late?.ok === false &&
        /from 2026-11-23 04:00:00Z on\. End/.test(late.errors[0]?.message ?? ''),
    );
    await org.update(object, lasting, { To__c: hour(100) });
    org.insert(object, { ...links(org), ...at([100, 101]) });
  });

  test(`an ${what} of another one is not in the way, until it is moved there`, async () => {
    const org = await makePackageOrg();
    org.insert(object, { ...links(org), ...at([4, 8]) });
    const id = org.insert(object, { ...others(org), ...at([5, 6]) });
    await assert.rejects(org.update(object, id, { [key]: links(org)[key] ?? null }), /already/);
    await org.update(object, id, { From__c: hour(4), To__c: hour(8) });
    await assert.rejects(org.update(object, id, { [key]: links(org)[key] ?? null }), /already/);
    await org.update(object, id, { To__c: hour(4.5), From__c: hour(3) });
    await assert.rejects(org.update(object, id, { [key]: links(org)[key] ?? null }), /already/);
    await org.update(object, id, { To__c: hour(4) });
    await org.update(object, id, { [key]: links(org)[key] ?? null });
  });

  for (const [end, early, late] of [
    ['From__c', 8, 5],
    ['To__c', 4, 7],
  ] as const) {
    test(`an ${what} of which only ${end} is moved into another one is refused`, async () => {
      const org = await makePackageOrg();
      org.insert(object, { ...links(org), ...at([4, 8]) });
      const times = { ...at([3, 9]), [end]: hour(early) };
      const id = org.insert(object, { ...links(org), ...times });
      await assert.rejects(org.update(object, id, { [end]: hour(late) }), /already/);
    });
  }

  test(`of several that an ${what} meets the first is named`, async () => {
    const org = await makePackageOrg();
    for (const span of [[6, 8], [4, 5], [9]] as const)
      org.insert(object, { ...links(org), ...at(span) });
    const [outcome] = await org.saveAll('insert', object, [{ ...links(org), ...at([3, 10]) }]);
    assert.match(outcome?.ok === false ? (outcome.errors[0]?.message ?? '') : '', / 04:00:00Z to /);
  });

  test(`an ${what} is not in its own way, and one that overlaps already may be put right`, async () => {
    const org = await makePackageOrg();
    plant(org, [4, 8]);
    const late = plant(org, [6, 10]);
    await assert.rejects(org.update(object, late, { To__c: hour(9) }), /already/);
    await org.update(object, late, { Timeline_Problem__c: 'seen by hand' });
    await org.update(object, late, { From__c: hour(8) });
    await org.update(object, late, { To__c: hour(9) });
  });

  test(`an ${what} whose neighbours cannot be looked up is refused, with the reason`, async () => {
    const org = await makePackageOrg();
    org.break({ get: [object] });
    const [outcome] = await org.saveAll('insert', object, [{ ...links(org), ...at([4, 8]) }]);
    assert.ok(outcome?.ok === false);
    assert.match(
      outcome.errors[0]?.message ?? '',
      /^The times could not be compared with the other .* a get broken by a test/,
    );
  });
}
