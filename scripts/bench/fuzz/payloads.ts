import { makeDecoder, makeJudgingDecoder } from '../../../bridge/src/core/decode/decoder.ts';
import type { Decoder } from '../../../bridge/src/core/decode/decoder.ts';
import { makeFuzzSource } from '../../../bridge/src/core/decode/fixtures/fuzzMessages.ts';
import { sameAnswer } from '../../../bridge/src/core/decode/fixtures/sameAnswer.ts';
import { makeRandom } from '../../../bridge/src/core/fixtures/random.ts';
import type { Random } from '../../../bridge/src/core/fixtures/random.ts';
import { payloadOf, topicOf } from '../../../bridge/src/model/message.ts';
import type { Message } from '../../../bridge/src/model/message.ts';
import { Finding } from './round.ts';
import type { RoundCounts } from './round.ts';

/** Messages of one source; the next one has other mappings. */
const MESSAGES = 20_000;
/** Each message is tried as it is, and damaged in so many ways less one: making one up costs ten times its decoding. */
const VARIANTS = 10;

/**
 * Messages, mostly nearly sound, for random mappings. Each becomes a sound reading or is refused with a reason fit for people
 * (then it goes to quarantine), and the quick way of decoding gives the same answer as the thorough one.
 */
export function fuzzPayloads(seed: number): RoundCounts {
  const source = makeFuzzSource(seed);
  const quick = makeDecoder(source.mappings);
  const thorough = makeJudgingDecoder(source.mappings);
  let read = 0;
  const random = makeRandom(seed);
  let original = source.next();
  for (let index = 0; index < MESSAGES; index += 1) {
    if (index % VARIANTS === 0) original = source.next();
    const message = index % VARIANTS === 0 ? original : damage(original, random);
    const answer = quick(message);
    const problem = sameAnswer(answer, thorough(message))
      ? problemOf(answer, message)
      : 'quick and thorough decoding differ';
    if (problem !== undefined) {
      const shown = payloadOf(message).toString('latin1');
      throw new Finding(`message ${index}: ${problem}: ${topicOf(message)} ${shown}`);
    }
    if (answer.ok) read += 1;
  }
  return { tried: MESSAGES, read, refused: MESSAGES - read };
}

/** The same with one to three bytes changed, or cut short; half of the time only digits, which keeps most of them sound. */
function damage(message: Message, random: Random): Message {
  const bytes = Buffer.from(message.bytes);
  const { topicStart, payloadStart, payloadEnd } = message;
  const gently = random.below(2) === 0;
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    const start = random.below(10) === 0 ? topicStart : payloadStart;
    const at = start + random.below(Math.max(payloadEnd - start, 1));
    const byte = bytes[at] ?? 0;
    if (gently) bytes[at] = isDigit(byte) ? ZERO + random.below(10) : byte;
    else if (random.below(2) === 0) bytes[at] = random.below(256);
    // Characters that mean something in JSON are what leads astray.
    else bytes[at] = SIGNS[random.below(SIGNS.length)] ?? 0;
  }
  const isCut = !gently && random.below(5) === 0;
  const end = isCut ? payloadStart + random.below(payloadEnd - payloadStart + 1) : payloadEnd;
  return { ...message, bytes, payloadEnd: end };
}

const SIGNS = Buffer.from('{}[]":,\\.-+eE0123456789 tfnu');
const ZERO = 0x30;
const isDigit = (byte: number): boolean => byte >= ZERO && byte < ZERO + 10;

/** What Number(18,6) of the org holds. */
const TOO_LARGE = 1e12;

function problemOf(answer: ReturnType<Decoder>, message: Message): string | undefined {
  if (!answer.ok) {
    const { reason } = answer.error;
    return reason.length === 0 || reason.length > 600 || /\p{Cc}/u.test(reason)
      ? `a reason nobody can read: ${reason}`
      : undefined;
  }
  const { device, at, receivedAt, metrics, values } = answer.value;
  if (!/^[^\p{Cc}]{1,120}$/u.test(device)) return 'a device key that is none';
  if (!Number.isSafeInteger(at) || receivedAt !== message.receivedAt) return 'a time that is none';
  if (values.length === 0 || values.length !== metrics.names.length) return 'values without names';
  const wrong = values.find((value) => !Number.isFinite(value) || Math.abs(value) >= TOO_LARGE);
  return wrong === undefined ? undefined : `the value ${wrong}`;
}
