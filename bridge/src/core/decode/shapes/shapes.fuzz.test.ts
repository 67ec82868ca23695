import assert from 'node:assert/strict';
import { test } from 'node:test';
import { payloadOf, topicOf } from '../../../model/message.ts';
import type { Reading } from '../../../model/reading.ts';
import { makeReadings, readingAt } from '../../../model/readings.ts';
import { ok } from '../../../model/result.ts';
import { makeDecoder, makeJudgingDecoder } from '../decoder.ts';
import { makeFuzzSource } from '../fixtures/fuzzMessages.ts';
import { sameAnswer } from '../fixtures/sameAnswer.ts';

/** Other seeds: FUZZ_SEED=17 node --test …; the number of rounds likewise. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_123);
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 15);
const MESSAGES = 2_000;

test('what is read by its shape is read as the judge reads it, whatever the bytes', (context) => {
  const total = { quick: 0, judged: 0, accepted: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const seed = SEED + round;
    const source = makeFuzzSource(seed);
    const counts = { quick: 0, judged: 0 };
    const [decode, judge] = [
      makeDecoder(source.mappings, counts),
      makeJudgingDecoder(source.mappings),
    ];
    for (let index = 0; index < MESSAGES; index += 1) {
      const message = source.next();
      const [answer, truth] = [decode(message), judge(message)];
      if (!sameAnswer(answer, truth)) {
        const { bytes, payloadEnd } = message;
        const shown = `${topicOf(message)} ${payloadOf(message).toString()} (in ${bytes.length}, to ${payloadEnd})`;
        assert.deepStrictEqual(answer, truth, `seed ${seed}, message ${index}: ${shown}`);
      }
      if (truth.ok) total.accepted += 1;
    }
    total.quick += counts.quick;
    total.judged += counts.judged;
  }
  context.diagnostic(`seed ${SEED}: ${JSON.stringify(total)}`);
  // Else nothing would have been compared.
  assert.ok(total.quick > ROUNDS * MESSAGES * 0.1, JSON.stringify(total));
});

test('readings that are added to others are the same as each by itself, also behind messages that were refused', () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const source = makeFuzzSource(SEED + round);
    const [decode, judge] = [makeDecoder(source.mappings), makeJudgingDecoder(source.mappings)];
    const readings = makeReadings();
    const wanted: Reading[] = [];
    for (let index = 0; index < MESSAGES; index += 1) {
      const message = source.next();
      const truth = judge(message);
      const rejection = decode.into(message, readings);
      assert.deepEqual(rejection, truth.ok ? undefined : truth.error);
      if (truth.ok) wanted.push(truth.value);
      assert.equal(readings.count, wanted.length);
    }
    for (const [index, value] of wanted.entries()) {
      const same = sameAnswer(ok(readingAt(readings, index)), ok(value));
      if (!same) assert.deepStrictEqual(readingAt(readings, index), value, `seed ${SEED + round}`);
      assert.ok(same, `seed ${SEED + round}, reading ${index}`);
    }
  }
});
