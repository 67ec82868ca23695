import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Step } from '../../browser/flow/steps.ts';
import type { FlowAnswer } from '../api/screenFlows/routes.ts';
import { flowViewOf } from './flowView.ts';

test('the address of a flow sets variables, with the prefix and without, and lists of several', () => {
  const query = new URLSearchParams('flow__recordId=500&mode=quick&key=a&key=b');
  assert.deepEqual(flowViewOf('F', query).inputs, {
    recordId: '500',
    mode: 'quick',
    key: ['a', 'b'],
  });
});

test('the end leads to a page of this org, never to another site', () => {
  for (const [given, expected] of [
    ['lightning/page/home', '/lightning/page/home'],
    ['/500Lo0000000001AAA', '/500Lo0000000001AAA'],
    ['/lightning/o/Case/list?filterName=All', '/lightning/o/Case/list?filterName=All'],
    ['https://elsewhere.test/', null],
    ['//elsewhere.test/', null],
    ['\\\\elsewhere.test', null],
    ['javascript:alert(1)', null],
    ['', null],
  ] as const)
    assert.equal(flowViewOf('F', new URLSearchParams({ retURL: given })).returnTo, expected, given);
});

test('the browser knows the steps as the server sends them', () => {
  // Judged by the compiler: what the server sends fits what the browser expects.
  const read = (answer: Exclude<FlowAnswer, { kind: 'look' }>): Step => answer;
  const step = read({ kind: 'finished', id: '', label: 'F' });
  assert.equal(step.kind, 'finished');
});
