import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONDITION_OPERATORS } from './operators.ts';
import type { FlowValue } from './values.ts';

function holds(left: FlowValue, operator: string, right: FlowValue, exactCase = false): boolean {
  const found = CONDITION_OPERATORS[operator];
  assert.ok(found, operator);
  return found.test(left, right, () => exactCase);
}

test('equality: empty text and no value differ; case by the assumption', () => {
  assert.equal(holds('Ab', 'EqualTo', 'aB'), true);
  assert.equal(holds('Ab', 'EqualTo', 'aB', true), false);
  assert.equal(holds('Ab', 'NotEqualTo', 'aB', true), true);
  assert.equal(holds(null, 'EqualTo', ''), false);
  assert.equal(holds(null, 'EqualTo', null), true);
  assert.equal(holds(null, 'NotEqualTo', 'x'), true);
  assert.equal(holds(1, 'EqualTo', 1), true);
  assert.equal(holds(true, 'NotEqualTo', false), true);
});

test('order: numbers and dates; an empty side never holds', () => {
  assert.equal(holds(2, 'GreaterThan', 1), true);
  assert.equal(holds(2, 'GreaterThanOrEqualTo', 2), true);
  assert.equal(holds(2, 'LessThan', 2), false);
  assert.equal(
    holds('2026-01-01T00:00:00.000Z', 'LessThanOrEqualTo', '2026-01-02T00:00:00.000Z'),
    true,
  );
  assert.equal(holds(null, 'LessThan', 1), false);
  assert.equal(holds(1, 'GreaterThan', null), false);
});

test('text operators ignore case and find nothing in an empty value', () => {
  assert.equal(holds('Signal_Triage', 'Contains', 'TRI'), true);
  assert.equal(holds('Signal', 'StartsWith', 'sig'), true);
  assert.equal(holds('Signal', 'EndsWith', 'NAL'), true);
  assert.equal(holds('Signal', 'StartsWith', 'nal'), false);
  assert.equal(holds(null, 'Contains', 'x'), false);
});

test('IsNull, IsBlank and IsEmpty', () => {
  assert.equal(holds(null, 'IsNull', true), true);
  assert.equal(holds('', 'IsNull', true), false);
  assert.equal(holds({ object: 'A', fields: {} }, 'IsNull', false), true);
  assert.equal(holds([], 'IsNull', true), true, 'a Get that found nothing');
  assert.equal(holds('', 'IsBlank', true), true);
  assert.equal(holds('x', 'IsBlank', false), true);
  assert.equal(holds(['x'], 'IsEmpty', false), true);
});

test('In and NotIn a collection', () => {
  assert.equal(holds('b', 'In', ['A', 'B']), true);
  assert.equal(holds('b', 'In', ['A', 'B'], true), false);
  assert.equal(holds(3, 'NotIn', [1, 2]), true);
});
