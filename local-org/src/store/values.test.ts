import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeField } from '../metadata/systemFields.ts';
import type { FieldValue } from './records.ts';
import { checkValue, isDate, roundTo, toDateTime } from './values.ts';

function stored(field: Parameters<typeof checkValue>[0], value: FieldValue): FieldValue {
  const verdict = checkValue(field, value);
  assert.ok(verdict.ok, JSON.stringify(verdict));
  return verdict.value;
}

function code(field: Parameters<typeof checkValue>[0], value: FieldValue): string {
  const verdict = checkValue(field, value);
  assert.ok(!verdict.ok, `${JSON.stringify(verdict)} was accepted`);
  return verdict.error.statusCode;
}

test('a date-time keeps whole seconds and is kept in UTC', () => {
  const at = makeField('At', 'At', 'DateTime');
  assert.equal(stored(at, '2026-11-23T06:00:00.999Z'), '2026-11-23T06:00:00.000Z');
  assert.equal(stored(at, '2026-11-23T08:30:00+0230'), '2026-11-23T06:00:00.000Z');
  assert.equal(stored(at, '2026-11-23T08:30:00+02:30'), '2026-11-23T06:00:00.000Z');
  assert.equal(code(at, '2026-11-23 06:00:00'), 'INVALID_TYPE_ON_FIELD_IN_RECORD');
  assert.equal(code(at, '2026-02-30T06:00:00Z'), 'INVALID_TYPE_ON_FIELD_IN_RECORD');
  assert.equal(code(at, '2026-11-23T06:00:00'), 'INVALID_TYPE_ON_FIELD_IN_RECORD');
  assert.equal(toDateTime('1969-12-31T23:59:59.5Z'), '1969-12-31T23:59:59.000Z');
});

test('a day must exist', () => {
  assert.equal(isDate('2028-02-29'), true);
  assert.equal(isDate('2026-02-29'), false);
  assert.equal(isDate('2026-2-1'), false);
});

test('a number is rounded to its scale, half away from zero', () => {
  assert.equal(roundTo(1.005, 2), 1.01);
  assert.equal(roundTo(-1.005, 2), -1.01);
  assert.equal(roundTo(8.345, 2), 8.35);
  assert.equal(roundTo(1e-9, 3), 0);
  assert.equal(roundTo(123456789.5, 0), 123456790);
  assert.ok(Object.is(roundTo(-1e-9, 3), 0), 'no negative zero');
});

test('a number outside its digits is refused, also when rounding carries it there', () => {
  const amount = makeField('Amount', 'Amount', 'Number', { precision: 6, scale: 2 });
  assert.equal(stored(amount, 9999.994), 9999.99);
  assert.equal(code(amount, 9999.995), 'NUMBER_OUTSIDE_VALID_RANGE');
  assert.equal(code(amount, -10000), 'NUMBER_OUTSIDE_VALID_RANGE');
  assert.equal(code(amount, Number.NaN), 'INVALID_TYPE_ON_FIELD_IN_RECORD');
  assert.equal(code(amount, '5'), 'INVALID_TYPE_ON_FIELD_IN_RECORD');
});

test('empty text is no value; an empty checkbox is false', () => {
  assert.equal(stored(makeField('T', 'T', 'Text', { length: 5 }), ''), null);
  assert.equal(stored(makeField('C', 'C', 'Checkbox'), null), false);
  assert.equal(code(makeField('C', 'C', 'Checkbox'), 'true'), 'INVALID_TYPE_ON_FIELD_IN_RECORD');
});

test('a restricted picklist takes its own values only and gives back their spelling', () => {
  const values = [{ name: 'High', label: 'High', isDefault: false }];
  const restricted = makeField('P', 'P', 'Picklist', { picklist: { restricted: true, values } });
  assert.equal(stored(restricted, 'high'), 'High');
  assert.equal(code(restricted, 'Highest'), 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
  const open = makeField('P', 'P', 'Picklist', {
    length: 255,
    picklist: { restricted: false, values },
  });
  assert.equal(stored(open, 'Highest'), 'Highest');
});

test('text that is too long is refused, with its length in the message', () => {
  const verdict = checkValue(makeField('T', 'Title', 'Text', { length: 5 }), 'abcdef');
  assert.deepEqual(verdict, {
    ok: false,
    error: {
      statusCode: 'STRING_TOO_LONG',
      message: 'Title: data value too large: abcdef (max length=5)',
      fields: ['T'],
    },
  });
});

test('an email address needs a name, an @ and a domain', () => {
  const email = makeField('E', 'E', 'Email', { length: 80 });
  assert.equal(stored(email, 'a@b.example'), 'a@b.example');
  assert.equal(code(email, 'a@b'), 'INVALID_EMAIL_ADDRESS');
});
