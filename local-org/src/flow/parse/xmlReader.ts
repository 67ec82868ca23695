import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Unsupported } from '../../metadata/schema.ts';
import { FlowLoadError } from '../errors.ts';

type Node = string | { readonly [tag: string]: unknown };

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** The five entities of XML and character references; the parser by itself leaves the latter. */
function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g,
    (all: string, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      return decimal === undefined
        ? (NAMED[name ?? ''] ?? all)
        : String.fromCodePoint(Number(decimal));
    },
  );
}

const nothing = (): void => undefined;

const parser = new XMLParser({
  entityDecoder: {
    decode: decodeEntities,
    setExternalEntities: nothing,
    addInputEntities: nothing,
    reset: nothing,
    setXmlVersion: nothing,
  },
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
});

/**
 * Reads one XML element strictly: every child must be asked for or ignored by name before `done`,
 * which refuses the rest. So nothing in a file can be skipped by accident.
 */
export class XmlReader {
  readonly file: string;
  readonly where: string;
  readonly #node: Node;
  readonly #asked = new Set<string>(['#text']);

  constructor(file: string, where: string, node: Node) {
    this.file = file;
    this.where = where;
    this.#node = node;
  }

  /** The same element under a better name for messages, once its own name is known. */
  named(where: string): XmlReader {
    return new XmlReader(this.file, where, this.#node);
  }

  tags(): string[] {
    if (typeof this.#node === 'string') return [];
    return Object.keys(this.#node).filter((tag) => tag !== '#text' && !tag.startsWith('@'));
  }

  children(tag: string): XmlReader[] {
    return this.#all(tag).map((node) => new XmlReader(this.file, `${this.where}.${tag}`, node));
  }

  child(tag: string): XmlReader | undefined {
    const all = this.children(tag);
    if (all.length > 1) this.invalid(`<${tag}> is given ${all.length} times; once is allowed`);
    return all[0];
  }

  texts(tag: string): string[] {
    return this.#all(tag).map((node) => {
      if (typeof node === 'string') return node;
      // What Flow Builder leaves out it writes as <tag xsi:nil="true"/>.
      if (Object.keys(node).join() === '@xsi:nil' && node['@xsi:nil'] === 'true') return '';
      return this.unsupported(`<${tag}> with attributes or child elements`);
    });
  }

  optionalText(tag: string): string | undefined {
    const all = this.texts(tag);
    if (all.length > 1) this.invalid(`<${tag}> is given ${all.length} times; once is allowed`);
    return all[0];
  }

  text(tag: string): string {
    const value = this.optionalText(tag);
    return value === undefined ? this.invalid(`<${tag}> is missing`) : value.trim();
  }

  optionalBoolean(tag: string): boolean | undefined {
    const value = this.optionalText(tag)?.trim();
    if (value === undefined) return undefined;
    if (value === 'true' || value === 'false') return value === 'true';
    return this.invalid(`<${tag}> is '${value}'; true or false is allowed`);
  }

  boolean(tag: string, whenAbsent = false): boolean {
    return this.optionalBoolean(tag) ?? whenAbsent;
  }

  optionalNumber(tag: string): number | undefined {
    const value = this.optionalText(tag)?.trim();
    if (value === undefined) return undefined;
    const number = Number(value);
    if (value === '' || !Number.isFinite(number))
      this.invalid(`<${tag}> is '${value}', not a number`);
    return number;
  }

  /** A text that must be one of the values this org implements. */
  oneOf<T extends string>(tag: string, allowed: readonly T[], whenAbsent?: T): T {
    const value = this.optionalText(tag)?.trim();
    if (value === undefined) {
      return whenAbsent ?? this.invalid(`<${tag}> is missing; allowed: ${allowed.join(', ')}`);
    }
    const found = allowed.find((one) => one === value);
    return found ?? this.unsupported(`<${tag}>${value}</${tag}>`);
  }

  /** Children that say nothing about what the flow does (layout, descriptions). */
  ignore(...tags: string[]): void {
    for (const tag of tags) this.#asked.add(tag);
  }

  done(): void {
    if (typeof this.#node === 'string') {
      if (this.#node.trim() !== '')
        this.invalid(`text '${this.#node.trim()}' where elements belong`);
      return;
    }
    const text = this.#node['#text'];
    if (typeof text === 'string' && text.trim() !== '') {
      this.invalid(`text '${text.trim()}' where elements belong`);
    }
    const left = Object.keys(this.#node).find((tag) => !this.#asked.has(tag));
    if (left !== undefined) {
      this.unsupported(left.startsWith('@') ? `attribute ${left.slice(1)}` : `<${left}>`);
    }
  }

  unsupported(feature: string): never {
    throw new Unsupported(this.file, this.where, feature);
  }

  invalid(message: string): never {
    throw new FlowLoadError(this.file, this.where, message);
  }

  #all(tag: string): Node[] {
    this.#asked.add(tag);
    if (typeof this.#node === 'string') return [];
    const value = this.#node[tag];
    return Array.isArray(value) ? (value as Node[]) : [];
  }
}

/** Reads a whole file whose root element must be `root`. */
export function readXml(file: string, xml: string, root: string): XmlReader {
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) {
    throw new FlowLoadError(
      file,
      root,
      `not well-formed at line ${verdict.err.line}: ${verdict.err.msg}`,
    );
  }
  const document = parser.parse(xml) as Record<string, unknown>;
  const names = Object.keys(document).filter((name) => name !== '#text');
  const nodes = document[root];
  const node = Array.isArray(nodes) && nodes.length === 1 ? (nodes[0] as Node) : undefined;
  if (node === undefined || names.length !== 1) {
    throw new FlowLoadError(file, names.join(', ') || 'root', `the root element must be <${root}>`);
  }
  const reader = new XmlReader(file, root, node);
  reader.ignore('@xmlns', '@xmlns:xsi');
  return reader;
}
