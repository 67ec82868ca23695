import assert from 'node:assert/strict';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { before, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { otherValues, READINGS, readingsOf } from './readings.ts';
import type { Told } from './worker.ts';

// No public source settles how the platform does these things, so the package has to work either way. A case that
// expects something else under a reading says so itself, by asking the org for its assumptions.

/* More workers would only share the cores and the memory. */
const WORKERS = Math.min(4, availableParallelism());

let told: readonly Told[];
before(async () => {
  const shares = Array.from({ length: WORKERS }, (_, share) => runShare(share));
  told = (await Promise.all(shares)).flat();
});

async function runShare(share: number): Promise<Told[]> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { share, of: WORKERS },
  });
  const answered = once(worker, 'message') as Promise<[Told[]]>;
  // Rejects with what the worker threw.
  const [[answer]] = await Promise.all([answered, once(worker, 'exit')]);
  return answer;
}

for (const reading of READINGS) {
  test(`every case of the flows holds under ${reading.join(' ')}`, (t) => {
    const shares = told.filter((one) => one.reading.join() === reading.join());
    assert.equal(shares.length, WORKERS);
    const sum = (of: 'cases' | 'depending') => shares.reduce((all, one) => all + one[of], 0);
    t.diagnostic(`${sum('cases')} cases, ${sum('depending')} depend on it`);
    assert.ok(sum('cases') > 0);
    assert.deepEqual(
      shares.flatMap(({ failures }) => failures),
      [],
    );
  });
}

test('the readings are each other value alone, all at once, and some by chance', () => {
  const rule = { question: '?', values: { a: '', b: '', c: '' }, standard: 'b' };
  const rules = { first: rule, second: { ...rule, standard: 'a' } };
  const others = ['first=a', 'first=c', 'second=b', 'second=c'];
  assert.deepEqual(otherValues(rules), others);
  const readings = readingsOf(rules);
  assert.deepEqual(readings.slice(0, 5), [...others.map((one) => [one]), others]);
  assert.ok(readings.length > 5);
});
