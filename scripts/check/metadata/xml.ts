import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element of a metadata file, in the order of the file. */
export interface XmlElement {
  readonly name: string;
  /** The text directly inside, trimmed and with entities resolved; '' when there is none. */
  readonly text: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Counted from 1. */
  readonly line: number;
}

/** Either the root element or, for a file that is no XML, what is wrong and where. */
export type XmlFile =
  | { readonly ok: true; readonly root: XmlElement }
  | { readonly ok: false; readonly problem: string; readonly line: number };

/* Both names are the parser's own; a metadata element cannot be called like this. */
const TEXT = '#text';
const ATTRIBUTES = ':@';

/* Under this symbol the parser says where a node begins; its types call it by the object's name, Symbol. */
const META: unknown = XMLParser.getMetaDataSymbol();

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: true,
  ignoreDeclaration: true,
  captureMetaData: true,
});

type ParsedNode = Readonly<Record<string | symbol, unknown>>;

/** Reads one XML document. Nothing is guessed: what is not well-formed is a problem. */
export function readXml(text: string): XmlFile {
  const valid = XMLValidator.validate(text);
  if (valid !== true) return { ok: false, problem: valid.err.msg, line: valid.err.line };
  const parsed: unknown = parser.parse(text);
  const roots = toElements(asNodes(parsed), lineFinder(text));
  const [root] = roots;
  if (root === undefined || roots.length > 1) {
    return { ok: false, problem: `${roots.length} root elements; one is needed`, line: 1 };
  }
  return { ok: true, root };
}

/** The first child of that name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** The text of the first child of that name; '' when there is none. */
export function textOf(element: XmlElement, name: string): string {
  return childOf(element, name)?.text ?? '';
}

/** All children of that name. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The element and everything inside it, in the order of the file. */
export function* everyElement(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* everyElement(child);
}

function toElements(
  nodes: readonly ParsedNode[],
  lineAt: (index: number) => number,
): readonly XmlElement[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES);
    if (name === undefined || name === TEXT) return [];
    const inside = asNodes(node[name]);
    return [
      {
        name,
        text: inside.map((child) => asText(child[TEXT])).join(''),
        attributes: new Map(
          Object.entries(asRecord(node[ATTRIBUTES])).map(([key, value]) => [key, asText(value)]),
        ),
        children: toElements(inside, lineAt),
        line: lineAt(startOf(node)),
      },
    ];
  });
}

function startOf(node: ParsedNode): number {
  const start = typeof META === 'symbol' ? asRecord(node[META])['startIndex'] : undefined;
  return typeof start === 'number' ? start : 0;
}

function lineFinder(text: string): (index: number) => number {
  return (index) => text.slice(0, index).split('\n').length;
}

function asNodes(value: unknown): readonly ParsedNode[] {
  return Array.isArray(value) ? value.map(asRecord) : [];
}

function asRecord(value: unknown): ParsedNode {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
