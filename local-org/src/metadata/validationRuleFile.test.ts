import assert from 'node:assert/strict';
import { test } from 'node:test';

import { testMetadata } from '../store/testOrg.ts';
import { InvalidSource, Unsupported } from './schema.ts';
import type { ValidationRuleDef } from './schema.ts';
import { readValidationRule } from './validationRuleFile.ts';

const good = {
  fullName: 'Amount_Is_Positive',
  active: 'true',
  description: 'No debts.',
  errorConditionFormula: 'Amount__c &lt; 0',
  errorDisplayField: 'Amount__c',
  errorMessage: 'The amount must be positive.',
};

function read(
  parts: Readonly<Record<string, string>>,
  object: string,
  name = 'Amount_Is_Positive',
): ValidationRuleDef {
  const inside = Object.entries(parts).map(([tag, text]) => `<${tag}>${text}</${tag}>`);
  const xml = `<ValidationRule xmlns="http://soap.sforce.com/2006/04/metadata">${inside.join('')}</ValidationRule>`;
  return readValidationRule('R.xml', name, xml, testMetadata.objects.get(object));
}

test('a rule is read with its formula, its message and its field', () => {
  assert.deepEqual(read(good, 'Thing__c'), {
    object: 'Thing__c',
    name: 'Amount_Is_Positive',
    file: 'R.xml',
    active: true,
    formula: 'Amount__c < 0',
    message: 'The amount must be positive.',
    field: 'Amount__c',
  });
  const { errorDisplayField, ...atTheTop } = good;
  assert.ok(errorDisplayField);
  assert.equal('field' in read(atTheTop, 'Thing__c'), false);
});

test('a rule that contradicts itself or its object is refused', () => {
  const wrong = (parts: Partial<typeof good>, problem: RegExp, object = 'Thing__c'): void => {
    assert.throws(
      () => read({ ...good, ...parts }, object),
      (error) => error instanceof InvalidSource && problem.test(error.message),
    );
  };
  wrong({ fullName: 'Other' }, /Other differs from the file's name/);
  wrong({ errorDisplayField: 'Nope__c' }, /Thing__c has no field Nope__c/);
  wrong({ errorMessage: 'x'.repeat(256) }, /256 characters, at most 255/);
  wrong({ errorMessage: '' }, /needs a <errorMessage>/);
  wrong({ active: '' }, /needs a <active>/);
  wrong({ active: 'yes' }, /allowed are true and false/);
  wrong({}, /an event has no validation rules/, 'News__e');
  wrong({}, /not in this org/, 'Nope__c');
  const named = { ...good, fullName: 'Two__Lines' };
  assert.throws(() => read(named, 'Thing__c', 'Two__Lines'), /single underscores/);
  const extra = { ...good, shouldEvaluateOnClient: 'true' };
  assert.throws(() => read(extra, 'Thing__c'), Unsupported);
});
