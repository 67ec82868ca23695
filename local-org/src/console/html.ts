/** Text as HTML; nothing that devices or people wrote becomes markup. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** A cell of a table: text, or text that leads to a page of this org. */
export type Cell = string | { readonly text: string; readonly href: string };

export function link({ text, href }: Exclude<Cell, string>): string {
  return `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;
}

const cellHtml = (cell: Cell): string => (typeof cell === 'string' ? escapeHtml(cell) : link(cell));

/** A section with a table; on a phone each row becomes a card. `none` is said instead of an empty table. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  none: string,
): string {
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join('');
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, index) => `<td data-label="${columns[index] ?? ''}">${cellHtml(cell)}</td>`).join('')}</tr>`,
  );
  const content =
    rows.length === 0
      ? `<p class="none">${none}</p>`
      : `<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
  return `<section><h2>${caption}</h2>${content}</section>`;
}

/** Facts about one thing, as pairs of a name and HTML. */
export function facts(pairs: readonly (readonly [name: string, html: string])[]): string {
  const rows = pairs.map(
    ([name, html]) => `<div><dt>${escapeHtml(name)}</dt><dd>${html}</dd></div>`,
  );
  return `<dl>${rows.join('')}</dl>`;
}

const STYLE = `
:root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; color: #1d293d; background: #f1f5f9; }
body { margin: 0 auto; max-width: 1200px; padding: 20px; }
*, *::before { box-sizing: border-box }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere } h2 { font-size: 1.05rem; margin: 0 0 10px; overflow-wrap: anywhere }
h3 { font-size: .95rem; margin: 0 0 4px; overflow-wrap: anywhere }
header p { margin: 4px 0 18px; color: #45556c } a { color: #0b5cab }
ul { display: flex; flex-wrap: wrap; gap: 12px; list-style: none; margin: 0 0 18px; padding: 0 }
li { background: #fff; border: 1px solid #cad5e2; border-radius: 8px; padding: 10px 16px; color: #45556c }
li b { display: block; font-size: 1.6rem; color: #1d293d } li.bad b { color: #b30000 } .bad { color: #b30000 }
section { background: #fff; border: 1px solid #cad5e2; border-radius: 8px; padding: 16px; margin-bottom: 18px }
.ways li { padding: 8px 16px } .ways a { margin-left: 8px }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: 6px 14px 6px 0; border-bottom: 1px solid #e2e8f0; vertical-align: top }
th { color: #45556c; font-weight: 600; white-space: nowrap } .none { color: #45556c; margin: 0 }
.pages { margin: 0 0 18px; display: flex; flex-wrap: wrap; gap: 4px 18px }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 8px 18px; margin: 0 }
dt { color: #45556c } dd { margin: 0; overflow-wrap: anywhere }
form { display: flex; flex-wrap: wrap; gap: 12px 18px; align-items: end; margin-bottom: 18px }
label { color: #45556c } label.check { display: flex; gap: 8px; align-items: center; min-height: 40px }
input:not([type]), select, button { display: block; font: inherit; min-height: 40px; padding: 4px 10px; border: 1px solid #64748b; border-radius: 6px; background: #fff; color: #1d293d; max-width: 100% }
button { background: #0b5cab; border-color: #0b5cab; color: #fff; padding: 4px 18px }
.steps { display: block } .steps > li { margin-bottom: 12px; color: #1d293d } .steps p { margin: 0; color: #45556c }
.steps dl { margin-top: 8px; padding-top: 8px; border-top: 1px solid #e2e8f0 } .steps li.bad { border-color: #b30000 }
@media (max-width: 640px) {
  thead { position: absolute; left: -9999px } tr { display: block; padding: 8px 0; border-bottom: 1px solid #cad5e2 }
  td { display: block; border: 0; padding: 1px 0; overflow-wrap: anywhere } td:empty { display: none }
  td::before { content: attr(data-label) ": "; color: #45556c }
  dl { grid-template-columns: 1fr } select, input:not([type]) { width: 100% } form > label { flex: 1 1 100%; min-width: 0 }
}
`;

const PAGES = [
  { text: 'Overview', href: '/' },
  { text: 'Flow runs', href: '/console/runs' },
  { text: 'Events', href: '/console/events' },
  { text: 'Log out', href: '/secur/logout' },
];

/** A page of the console; `intro`, `main` and what is `below` are HTML. */
export function page(parts: {
  readonly title: string;
  readonly intro: string;
  readonly main: string;
  readonly below?: string;
  /** Whether the pages of the console are named at its top; true unless given. */
  readonly isConsole?: boolean;
}): string {
  const { title, intro, main, below = '', isConsole = true } = parts;
  const ways = `<nav class="pages" aria-label="Console">${PAGES.map(link).join(' ')}</nav>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>${isConsole ? ways : ''}
<h1>${escapeHtml(title)}</h1>${intro}</header>
<main>
${main}
</main>${below}
</body>
</html>
`;
}
