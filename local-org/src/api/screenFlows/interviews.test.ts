import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { OpenFlow } from '../../automation/screenFlows.ts';
import { makeInterviews } from './interviews.ts';

const unused = (): never => {
  throw new Error('not asked for');
};
const flow: OpenFlow = {
  flow: 'F',
  label: 'F',
  state: unused,
  next: unused,
  back: unused,
  look: unused,
};

function numbered(): () => string {
  let count = 0;
  return () => String((count += 1));
}

test('an interview is found by the session that started it, and by no other', () => {
  const interviews = makeInterviews({ now: () => 0 });
  const id = interviews.keep('a', flow);
  assert.equal(interviews.find('a', id), flow);
  assert.equal(interviews.find('b', id), undefined);
  interviews.forget('b', id);
  assert.equal(interviews.find('a', id), flow);
  interviews.forget('a', id);
  assert.equal(interviews.find('a', id), undefined);
});

test('an interview that rests for two hours is forgotten, one that is used is not', () => {
  let now = 0;
  const interviews = makeInterviews({ now: () => now });
  const id = interviews.keep('a', flow);
  now += 100 * 60_000;
  assert.equal(interviews.find('a', id), flow);
  now += 100 * 60_000;
  assert.equal(interviews.find('a', id), flow);
  now += 121 * 60_000;
  assert.equal(interviews.find('a', id), undefined);
});

test('of one session the last twenty are kept, of all the last five hundred', () => {
  const interviews = makeInterviews({ now: () => 0 }, numbered());
  const own = Array.from({ length: 21 }, () => interviews.keep('a', flow));
  assert.equal(interviews.find('a', own[0] ?? ''), undefined);
  assert.equal(interviews.find('a', own[1] ?? ''), flow);
  // The one that was looked at is now the youngest, the next of the session the oldest.
  for (let session = 0; session < 481; session += 1) interviews.keep(`s${session}`, flow);
  assert.equal(interviews.find('a', own[2] ?? ''), undefined);
  assert.equal(interviews.find('a', own[1] ?? ''), flow);
});
