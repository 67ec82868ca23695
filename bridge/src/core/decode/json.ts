import type { Rejection } from '../../model/reading.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Json } from './path.ts';
import { describeValue, quote } from './text.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** What becomes of bytes that are no text; it may also stand there itself. */
const REPLACEMENT = '\ufffd';
const BYTE_ORDER_MARK = '\ufeff';

/**
 * The JSON object (or array) in `payload`: at most `maxBytes` of valid UTF-8, RFC 8259.
 * Of duplicate keys the last counts, as JSON.parse does it; a byte order mark is dropped.
 */
export function parseJson(payload: Buffer, maxBytes: number): Result<Json, Rejection> {
  if (payload.length > maxBytes) {
    const reason = `the payload has ${payload.length} bytes; at most ${maxBytes} are allowed`;
    return err({ kind: 'too-large', reason });
  }
  if (payload.length === 0) return err({ kind: 'malformed', reason: 'the payload is empty' });
  const text = textOf(payload);
  if (text === undefined) {
    return err({ kind: 'malformed', reason: 'the payload is not valid UTF-8 text' });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return ok(value);
    const reason = `the payload is ${describeValue(value)}; a JSON object is required`;
    return err({ kind: 'wrong-type', reason });
  } catch {
    return err({
      kind: 'malformed',
      reason: `the payload is not valid JSON: it is ${quote(text)}`,
    });
  }
}

/** As a strict TextDecoder, at half its price. */
function textOf(payload: Buffer): string | undefined {
  const text = payload.toString('utf8');
  if (!text.includes(REPLACEMENT)) {
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  }
  try {
    return utf8.decode(payload);
  } catch {
    return undefined;
  }
}
