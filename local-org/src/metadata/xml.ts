import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';

import { InvalidSource, Unsupported } from './schema.ts';

/** An element of a metadata file: its text (trimmed, entities decoded) and its children in order. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
  /** Without name spaces; empty unless the reader asked for some. */
  readonly attributes: Readonly<Record<string, string>>;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

const nodes: z.ZodType<readonly Record<string, unknown>[]> = z.array(
  z.record(z.string(), z.unknown()),
);
const textNode = z.string().default('');
const attributes = z.record(z.string(), z.string()).optional();
const noAttributes: ReadonlySet<string> = new Set();

/**
 * Reads one metadata file. Throws `InvalidSource` for malformed XML or a wrong root element, and
 * `Unsupported` for attributes other than name spaces and `known` ones: nearly all metadata carries
 * its meaning in elements.
 */
export function parseXml(
  file: string,
  xml: string,
  rootName: string,
  known = noAttributes,
): XmlElement {
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) {
    throw new InvalidSource(file, `line ${verdict.err.line}: ${verdict.err.msg}`);
  }
  const roots = elementsOf(file, parser.parse(xml), known, true);
  const root = roots[0];
  if (root === undefined || roots.length > 1 || root.name !== rootName) {
    throw new InvalidSource(file, `expected one <${rootName}>, found <${root?.name ?? 'nothing'}>`);
  }
  return root;
}

function elementsOf(
  file: string,
  parsed: unknown,
  known: ReadonlySet<string>,
  isRoot: boolean,
): XmlElement[] {
  const elements: XmlElement[] = [];
  for (const node of nodes.parse(parsed)) {
    const name = Object.keys(node).find((key) => key !== ':@');
    if (name === undefined || name === '#text') continue;
    const given = attributes.parse(node[':@']) ?? {};
    const own = isRoot ? withoutNameSpaces(given) : given;
    refuseAttributes(file, name, own, known);
    const inside = nodes.parse(node[name]);
    const text = inside
      .map((child) => textNode.parse(child['#text']))
      .join('')
      .trim();
    elements.push({
      name,
      text,
      children: elementsOf(file, inside, known, false),
      attributes: own,
    });
  }
  return elements;
}

function withoutNameSpaces(given: Readonly<Record<string, string>>): Record<string, string> {
  const isNameSpace = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:');
  return Object.fromEntries(Object.entries(given).filter(([name]) => !isNameSpace(name)));
}

function refuseAttributes(
  file: string,
  element: string,
  given: Readonly<Record<string, string>>,
  known: ReadonlySet<string>,
): void {
  for (const name of Object.keys(given)) {
    if (!known.has(name)) throw new Unsupported(file, `<${element}>`, `the attribute ${name}`);
  }
}

/** Throws `Unsupported` for the first child that `known` does not list. */
export function refuseUnknown(file: string, element: XmlElement, known: ReadonlySet<string>): void {
  for (const child of element.children) {
    if (!known.has(child.name)) throw new Unsupported(file, `<${element.name}>`, `<${child.name}>`);
  }
}

/** The only child of that name, or undefined; throws when it is given twice. */
export function childOf(file: string, element: XmlElement, name: string): XmlElement | undefined {
  const found = element.children.filter((child) => child.name === name);
  if (found.length > 1) throw new InvalidSource(file, `<${name}> is given ${found.length} times`);
  return found[0];
}

/** All children of that name, in order. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

export function textOf(file: string, element: XmlElement, name: string): string | undefined {
  return childOf(file, element, name)?.text;
}

export function requiredText(file: string, element: XmlElement, name: string): string {
  const text = textOf(file, element, name);
  if (text === undefined || text === '') {
    throw new InvalidSource(file, `<${element.name}> needs a <${name}>`);
  }
  return text;
}

/** A `true` or `false`, or `fallback` when absent. */
export function flagOf(
  file: string,
  element: XmlElement,
  name: string,
  fallback: boolean,
): boolean {
  const text = textOf(file, element, name);
  if (text === undefined) return fallback;
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new InvalidSource(file, `<${name}> is "${text}"; allowed are true and false`);
}

/** A whole number ≥ 0, or undefined when absent. */
export function wholeOf(file: string, element: XmlElement, name: string): number | undefined {
  const text = textOf(file, element, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text))
    throw new InvalidSource(file, `<${name}> is "${text}"; a whole number is needed`);
  return Number(text);
}
