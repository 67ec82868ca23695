import type { Rejection } from '../../model/reading.ts';
import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';
import type { Json } from './path.ts';
import { describeValue, quote } from './text.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON object (or array) in `payload`: at most `maxBytes` of valid UTF-8, RFC 8259.
 * Of duplicate keys the last counts, as JSON.parse does it; a byte order mark is dropped.
 */
export function parseJson(payload: Uint8Array, maxBytes: number): Result<Json, Rejection> {
  if (payload.length > maxBytes) {
    const reason = `the payload has ${payload.length} bytes; at most ${maxBytes} are allowed`;
    return err({ kind: 'too-large', reason });
  }
  if (payload.length === 0) return err({ kind: 'malformed', reason: 'the payload is empty' });
  let text: string;
  try {
    text = utf8.decode(payload);
  } catch {
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
