/** The look of all plots: plain, readable on white and on dark pages, a few kilobytes. */
export const WIDTH = 720;
export const COLOURS = ['#0176d3', '#5a1ba9', '#c23934', '#e07b00', '#2e844a'] as const;
export const MUTED = '#8a8d91';
const STYLE =
  'text{font:13px sans-serif;fill:#57606a}.t{font-weight:bold;fill:#808890}.g{stroke:#c8ccd0;stroke-width:1}';

/** A whole drawing, `height` pixels high, of these elements. */
export function drawing(title: string, height: number, elements: readonly string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" ` +
    `aria-label="${escape(title)}"><style>${STYLE}</style>` +
    `${text(8, 20, title, 'class="t"')}${elements.join('')}</svg>\n`
  );
}

export const text = (x: number, y: number, content: string, attributes = ''): string =>
  `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escape(content)}</text>`;

export const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line class="g" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;

export const round = (value: number): number => Math.round(value * 10) / 10;

export function escape(content: string): string {
  return content.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
