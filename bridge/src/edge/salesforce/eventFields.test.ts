import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventRules } from './eventFields.ts';
import type { FieldRule } from './eventFields.ts';

const folder = join(
  import.meta.dirname,
  '../../../../force-app/core/signals/objects/Asset_Signal__e/fields',
);
const tag = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];

test('the bridge and the package agree on every field of the event', () => {
  const types = { text: ['Text', 'LongTextArea'], number: ['Number'], time: ['DateTime'] };
  for (const [name, rule] of Object.entries<FieldRule>(eventRules)) {
    const xml = readFileSync(join(folder, `${name}.field-meta.xml`), 'utf8');
    assert.ok(types[rule.kind].includes(tag(xml, 'type') ?? ''), `${name} is ${tag(xml, 'type')}`);
    if (rule.kind === 'text') assert.equal(rule.maxLength, Number(tag(xml, 'length')), name);
    if (rule.kind === 'number') {
      const digits = Number(tag(xml, 'precision')) - Number(tag(xml, 'scale'));
      assert.ok(rule.max < 10 ** digits, `${name} has ${digits} digits before the point`);
    }
  }
});

test('every field of the package is filled, or known to stay empty', () => {
  const later = ['Window_Start__c', 'Window_End__c'];
  const fields = readdirSync(folder).map((file) => file.replace('.field-meta.xml', ''));
  assert.deepEqual(
    fields.filter((name) => !Object.hasOwn(eventRules, name)).toSorted(),
    later.toSorted(),
  );
});
