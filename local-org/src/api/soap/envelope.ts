import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';

/** A call as it stood in the body of a SOAP envelope. */
export interface SoapCall {
  /** The operation, without the prefix of its name space: `deploy`. */
  readonly operation: string;
  /** What stands inside the operation: texts and nested elements, lists always as arrays. */
  readonly body: SoapNode;
  /** From `SessionHeader`; empty when there is none. */
  readonly sessionId: string;
}

/** The children of an element by name, without prefixes; an element without children is its text. */
export type SoapNode = ReadonlyMap<string, readonly (SoapNode | string)[]>;

/** A refusal in SOAP's words: `code` is what clients look at, `sf:INVALID_OPERATION` without its prefix. */
export class SoapFault extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'SoapFault';
    this.code = code;
  }
}

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: true,
  ignoreDeclaration: true,
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
});

const elements = z.record(z.string(), z.unknown());

/** Reads an envelope with one operation in its body. Throws `SoapFault` for anything else. */
export function readEnvelope(xml: string): SoapCall {
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) {
    throw new SoapFault('MALFORMED_REQUEST', `line ${verdict.err.line}: ${verdict.err.msg}`);
  }
  const envelope = first(toNode(parser.parse(xml)), 'Envelope');
  const body = [...(first(envelope, 'Body') ?? new Map<string, readonly SoapNode[]>())];
  const [operation, calls] = body[0] ?? [];
  if (body.length !== 1 || operation === undefined || calls === undefined) {
    throw new SoapFault('MALFORMED_REQUEST', 'the body of the envelope must hold one operation');
  }
  const call = calls[0];
  return {
    operation,
    body: call === undefined || typeof call === 'string' ? new Map() : call,
    sessionId: textAt(first(first(envelope, 'Header'), 'SessionHeader'), 'sessionId') ?? '',
  };
}

function toNode(parsed: unknown): SoapNode {
  return new Map(
    Object.entries(elements.parse(parsed)).map(([name, all]) => [
      name,
      z
        .array(z.unknown())
        .parse(all)
        .map((one) => (typeof one === 'object' && one !== null ? toNode(one) : String(one))),
    ]),
  );
}

/** The first child of that name that has children of its own. */
export function first(node: SoapNode | undefined, name: string): SoapNode | undefined {
  return node?.get(name)?.find((child): child is SoapNode => typeof child !== 'string');
}

/** The text of the first child of that name, or undefined when there is none. */
export function textAt(node: SoapNode | undefined, name: string): string | undefined {
  return node?.get(name)?.find((child) => typeof child === 'string');
}

/** What may stand in an answer; undefined is left out, a list repeats its element. */
export type SoapValue =
  | string
  | number
  | boolean
  | undefined
  | readonly SoapValue[]
  | { readonly [name: string]: SoapValue };

/** `<operationResponse>` in an envelope. */
export function answerEnvelope(
  namespace: string,
  operation: string,
  content: { readonly [name: string]: SoapValue },
): string {
  return envelopeOf(
    ` xmlns="${namespace}"`,
    `<${operation}Response>${writeAll(content)}</${operation}Response>`,
  );
}

/** The fault as an org writes it: the code stands in `faultcode` and begins `faultstring`. */
export function faultEnvelope(namespace: string, { code, message }: SoapFault): string {
  const fault = writeAll({ faultcode: `sf:${code}`, faultstring: `${code}: ${message}` });
  return envelopeOf(` xmlns:sf="${namespace}"`, `<soapenv:Fault>${fault}</soapenv:Fault>`);
}

function envelopeOf(namespaces: string, body: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"${namespaces}>` +
    `<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
  );
}

function writeAll(content: { readonly [name: string]: SoapValue }): string {
  return Object.entries(content)
    .map(([name, value]) => write(name, value))
    .join('');
}

function write(name: string, value: SoapValue): string {
  if (value === undefined) return '';
  if (isList(value)) return value.map((one) => write(name, one)).join('');
  const inside = typeof value === 'object' ? writeAll(value) : escapeXml(String(value));
  return `<${name}>${inside}</${name}>`;
}

const isList = (value: SoapValue): value is readonly SoapValue[] => Array.isArray(value);

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
