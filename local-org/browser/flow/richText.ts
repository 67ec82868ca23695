import { make } from '../page/dom.ts';
import type { RichNode } from './steps.ts';

/** Headings of a text stand below those of the page. */
const TAGS: Readonly<Record<string, keyof HTMLElementTagNameMap>> = {
  p: 'p',
  div: 'div',
  br: 'br',
  span: 'span',
  b: 'strong',
  strong: 'strong',
  i: 'em',
  em: 'em',
  u: 'u',
  s: 's',
  strike: 's',
  ul: 'ul',
  ol: 'ol',
  li: 'li',
  h1: 'h3',
  h2: 'h3',
  h3: 'h3',
  h4: 'h4',
  h5: 'h5',
  h6: 'h6',
};

/** Formatted text of a screen as elements; texts never become markup. */
export function richText(nodes: readonly RichNode[]): (Node | string)[] {
  return nodes.map((node) => {
    if (typeof node === 'string') return node;
    const content = richText(node.content);
    if (node.tag === 'a' && node.href !== undefined)
      return make('a', { href: node.href }, ...content);
    return make(TAGS[node.tag] ?? 'span', {}, ...content);
  });
}
