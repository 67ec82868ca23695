import type { Binder } from '../binder.ts';
import type { Interview } from '../runtime.ts';
import { toField } from '../values.ts';
import { bindText } from '../template.ts';

/** Text, or an element of formatted text. Values of merge fields are always text, never markup. */
export type RichNode =
  string | { readonly tag: string; readonly href?: string; readonly content: readonly RichNode[] };

/** What Flow Builder's text editor writes and this org shows; images are refused. */
export const RICH_TAGS = [
  'p',
  'div',
  'br',
  'span',
  'b',
  'strong',
  'i',
  'em',
  'u',
  's',
  'strike',
  'ul',
  'ol',
  'li',
  'a',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
] as const;

const BLOCKS = new Set(['p', 'div', 'br', 'li', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

interface Template {
  readonly tag: string;
  readonly href: ((interview: Interview) => string) | undefined;
  readonly content: (Template | ((interview: Interview) => string))[];
}

/** Formatted text with merge fields, read once; tags that are not shown here are refused by name. */
export function bindRichText(
  binder: Binder,
  where: string,
  html: string,
): (interview: Interview) => readonly RichNode[] {
  const root: Template = { tag: '', href: undefined, content: [] };
  const open: Template[] = [root];
  const text = (raw: string): ((interview: Interview) => string) => {
    const accessor = bindText(binder, where, decode(raw));
    return (interview) => String(toField(accessor.get(interview)) ?? '');
  };
  for (const piece of html.split(/(<[^>]*>)/)) {
    if (piece === '') continue;
    const inside = open.at(-1) ?? root;
    const match = /^<(\/?)\s*([a-zA-Z][a-zA-Z0-9]*)([^>]*)>$/.exec(piece);
    if (match === null) {
      inside.content.push(text(piece));
      continue;
    }
    const [, slash, name = '', rest = ''] = match;
    const tag = name.toLowerCase();
    if (!RICH_TAGS.some((one) => one === tag)) binder.unsupported(where, `<${tag}> in a text`);
    if (slash === '/') {
      const at = open.findLastIndex((one) => one.tag === tag);
      if (at > 0) open.splice(at);
      continue;
    }
    const href = tag === 'a' ? /\bhref\s*=\s*["']([^"']*)["']/i.exec(rest)?.[1] : undefined;
    const element: Template = {
      tag,
      href: href === undefined ? undefined : text(href),
      content: [],
    };
    inside.content.push(element);
    if (tag !== 'br') open.push(element);
  }
  return (interview) => root.content.map((node) => fill(node, interview));
}

function fill(node: Template['content'][number], interview: Interview): RichNode {
  if (typeof node === 'function') return node(interview);
  const content = node.content.map((inner) => fill(inner, interview));
  const href = node.href?.(interview);
  // A link goes to this org or into the web; a script is no place to go.
  const isSafe = href !== undefined && /^(?:https?:\/\/|mailto:|\/(?!\/))/i.test(href);
  return { tag: node.tag, ...(isSafe && { href }), content };
}

/** The text without its markup, a line for each block. */
export function plainText(nodes: readonly RichNode[]): string {
  return nodes
    .map((node): string => {
      if (typeof node === 'string') return node;
      if (node.tag === 'br') return '\n';
      const inner = plainText(node.content);
      return BLOCKS.has(node.tag) ? `\n${inner}\n` : inner;
    })
    .join('')
    .replaceAll(/\n{2,}/g, '\n')
    .trim();
}

function decode(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g,
    (all: string, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return ENTITIES[name ?? ''] ?? all;
    },
  );
}
