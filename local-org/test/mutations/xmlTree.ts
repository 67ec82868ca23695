/** An element of an XML text, with where it stands, so that it can be changed without touching the rest. */
export interface XmlNode {
  readonly name: string;
  /** From its `<` to behind its closing tag. */
  readonly start: number;
  readonly end: number;
  /** Between its tags. */
  readonly innerStart: number;
  readonly innerEnd: number;
  readonly children: readonly XmlNode[];
}

/** Reads well-formed XML into a tree of elements; the root is the document's only element. */
export function readTree(xml: string): XmlNode {
  const markup =
    /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([^\s/>]+)[^>]*?(\/?)>/g;
  interface Open {
    readonly name: string;
    readonly start: number;
    readonly innerStart: number;
    readonly children: XmlNode[];
  }
  const document: Open = { name: '', start: 0, innerStart: 0, children: [] };
  const open: Open[] = [document];
  for (const match of xml.matchAll(markup)) {
    const [text, slash, name, selfClosing] = match;
    if (name === undefined) continue;
    const end = match.index + text.length;
    if (slash === '/') {
      const closed = open.pop();
      if (closed === undefined || closed.name !== name)
        throw new Error(`</${name}> closes nothing`);
      open.at(-1)?.children.push({ ...closed, innerEnd: match.index, end });
    } else if (selfClosing === '/') {
      const place = { start: match.index, innerStart: end, innerEnd: end, end };
      open.at(-1)?.children.push({ name, children: [], ...place });
    } else {
      open.push({ name, start: match.index, innerStart: end, children: [] });
    }
  }
  const root = document.children[0];
  if (root === undefined || open.length !== 1) throw new Error('the XML has no root or no end');
  return root;
}

/** All elements below a node, itself first, in the order of the text. */
export function* walk(node: XmlNode): Generator<XmlNode> {
  yield node;
  for (const child of node.children) yield* walk(child);
}

export const childOf = (node: XmlNode, name: string): XmlNode | undefined =>
  node.children.find((child) => child.name === name);

export const textOf = (xml: string, node: XmlNode): string =>
  xml.slice(node.innerStart, node.innerEnd);

/** What stands in the first child of that name; empty when there is none. */
export function childText(xml: string, node: XmlNode, name: string): string {
  const child = childOf(node, name);
  return child === undefined ? '' : textOf(xml, child).trim();
}

/** The text with other words in some places. The places must not overlap. */
export function splice(
  xml: string,
  changes: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): string {
  return changes
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (text, change) => text.slice(0, change.start) + change.text + text.slice(change.end),
      xml,
    );
}
