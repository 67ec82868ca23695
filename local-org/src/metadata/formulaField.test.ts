import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readField } from './fieldFile.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { FieldDef } from './schema.ts';

function read(inside: string): FieldDef {
  const head = '<fullName>F__c</fullName><label>F</label>';
  return readField('F.xml', `<CustomField>${head}${inside}</CustomField>`);
}

const formula = '<formula>1 + 1</formula>';
const zeros = '<formulaTreatBlanksAs>BlankAsZero</formulaTreatBlanksAs>';

test('a formula field has a type, a size and no stored value', () => {
  const size = '<precision>4</precision><scale>1</scale>';
  const number = read(`<type>Number</type>${size}${formula}${zeros}`);
  assert.deepEqual(
    [number.precision, number.scale, number.system, number.formula],
    [4, 1, true, { source: '1 + 1', blanksAsZero: true, file: 'F.xml' }],
  );
  const blanks = '<formulaTreatBlanksAs>BlankAsBlank</formulaTreatBlanksAs>';
  const flag = read(`<type>Checkbox</type><externalId>false</externalId>${formula}${blanks}`);
  assert.deepEqual([flag.formula?.blanksAsZero, flag.defaultValue], [false, undefined]);
  assert.equal(read(`<type>Text</type>${formula}${zeros}`).length, 1300);
});

test('what a formula field cannot be is refused', () => {
  const refused = (inside: string, problem: RegExp): void => {
    assert.throws(
      () => read(inside),
      (error) =>
        (error instanceof InvalidSource || error instanceof Unsupported) &&
        problem.test(error.message),
    );
  };
  refused(`<type>Email</type>${formula}${zeros}`, /a formula that gives Email/);
  refused(`<type>Text</type><length>5</length>${formula}${zeros}`, /has no <length>/);
  refused(`<type>Text</type><required>true</required>${formula}${zeros}`, /has no <required>/);
  refused(`<type>Number</type>${formula}${zeros}`, /<precision> and <scale>/);
  refused(`<type>Text</type>${formula}`, /without <formulaTreatBlanksAs>/);
  refused(`<type>Text</type><length>5</length>${zeros}`, /needs a <formula>/);
  const odd = '<formulaTreatBlanksAs>Zero</formulaTreatBlanksAs>';
  refused(`<type>Text</type>${formula}${odd}`, /allowed are BlankAsZero and BlankAsBlank/);
});
