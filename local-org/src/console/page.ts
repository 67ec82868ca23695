import { caseColumns, failureColumns, signalColumns } from './overview.ts';
import type { Overview, Row } from './overview.ts';

/** Text as HTML; nothing that devices or people wrote becomes markup. */
function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

function table(
  caption: string,
  columns: readonly string[],
  rows: readonly Row[],
  none: string,
): string {
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join('');
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, index) => `<td data-label="${columns[index] ?? ''}">${escapeHtml(cell)}</td>`).join('')}</tr>`,
  );
  const content =
    rows.length === 0
      ? `<p class="none">${none}</p>`
      : `<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
  return `<section><h2>${caption}</h2>${content}</section>`;
}

const tile = (value: number, label: string, kind = ''): string =>
  `<li class="${kind}"><b>${value.toLocaleString('en')}</b> ${label}</li>`;

/** Someone whose view of the pages can be opened by a click. */
export interface Visitor {
  readonly username: string;
  readonly name: string;
}

/** Where the links lead; the pages of other records are a click away from there. */
const PAGES = [
  ['Assets', '/lightning/o/Asset/list'],
  ['Cases', '/lightning/o/Case/list'],
] as const;

function ways(visitors: readonly Visitor[]): string {
  if (visitors.length === 0) return '';
  const rows = visitors.map(({ username, name }) => {
    const links = PAGES.map(([label, startURL]) => {
      const query = new URLSearchParams({ un: username, startURL });
      const who = `aria-label="${label} as ${escapeHtml(name)}"`;
      return `<a ${who} href="/login?${escapeHtml(query.toString())}">${label}</a>`;
    });
    return `<li>${escapeHtml(name)}: ${links.join(' ')}</li>`;
  });
  return `<nav aria-labelledby="ways"><h2 id="ways">Open pages as</h2><ul class="ways">${rows.join('')}</ul></nav>`;
}

/** The start page of the local org: the way to its pages, and what became of the signals, newest first, kept up to date. */
export function renderPage(
  overview: Overview,
  organizationId: string,
  visitors: readonly Visitor[] = [],
): string {
  const { signals, openCases, allCases, failureCount } = overview;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local org</title>
<style>
:root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; color: #1d293d; background: #f1f5f9; }
body { margin: 0 auto; max-width: 1200px; padding: 20px; }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.05rem; margin: 0 0 10px }
header p { margin: 4px 0 18px; color: #45556c }
ul { display: flex; flex-wrap: wrap; gap: 12px; list-style: none; margin: 0 0 18px; padding: 0 }
li { background: #fff; border: 1px solid #cad5e2; border-radius: 8px; padding: 10px 16px; color: #45556c }
li b { display: block; font-size: 1.6rem; color: #1d293d } li.bad b { color: #b30000 }
section { background: #fff; border: 1px solid #cad5e2; border-radius: 8px; padding: 16px; margin-bottom: 18px }
.ways li { padding: 8px 16px } .ways a { margin-left: 8px; color: #0b5cab }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: 6px 14px 6px 0; border-bottom: 1px solid #e2e8f0; vertical-align: top }
th { color: #45556c; font-weight: 600; white-space: nowrap } .none { color: #45556c; margin: 0 }
@media (max-width: 640px) {
  thead { position: absolute; left: -9999px } tr { display: block; padding: 8px 0; border-bottom: 1px solid #cad5e2 }
  td { display: block; border: 0; padding: 1px 0 } td:empty { display: none }
  td::before { content: attr(data-label) ": "; color: #45556c }
}
</style>
</head>
<body>
<header><h1>Local org</h1><p>A stand-in for Salesforce (organization ${escapeHtml(organizationId)}) that runs the flows of force-app. Nobody logs in to this page; it is for this machine only.</p>
${ways(visitors)}</header>
<main>
<ul aria-label="Counts">
${tile(openCases, `open of ${allCases.toLocaleString('en')} Cases`)}
${tile(signals.Acted, 'signals acted')}
${tile(signals.Suppressed, 'suppressed')}
${tile(signals.Failed, 'failed', signals.Failed > 0 ? 'bad' : '')}
${tile(signals.Received, 'not routed yet')}
${tile(failureCount, 'signal failures', failureCount > 0 ? 'bad' : '')}
</ul>
${table('Cases', caseColumns, overview.cases, 'No Case yet.')}
${table('Asset Signals', signalColumns, overview.recentSignals, 'No signal yet.')}
${table('Signal Failures', failureColumns, overview.failures, 'None: every event could be recorded and routed.')}
</main>
<script>
setInterval(async () => {
  const answer = await fetch('/').catch(() => undefined);
  if (answer === undefined || !answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  document.querySelector('main').replaceWith(page.querySelector('main'));
}, 2000);
</script>
</body>
</html>
`;
}
