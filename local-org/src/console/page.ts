import { escapeHtml, page, table } from './html.ts';
import { caseColumns, failureColumns, signalColumns } from './overview.ts';
import type { Overview } from './overview.ts';

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
  return page({
    title: 'Local org',
    intro: `<p>A stand-in for Salesforce (organization ${escapeHtml(organizationId)}) that runs the flows of force-app. This page is for administrators, and for this machine only.</p>
${ways(visitors)}`,
    main: `<ul aria-label="Counts">
${tile(openCases, `open of ${allCases.toLocaleString('en')} Cases`)}
${tile(signals.Acted, 'signals acted')}
${tile(signals.Suppressed, 'suppressed')}
${tile(signals.Failed, 'failed', signals.Failed > 0 ? 'bad' : '')}
${tile(signals.Received, 'not routed yet')}
${tile(failureCount, 'signal failures', failureCount > 0 ? 'bad' : '')}
</ul>
${table('Cases', caseColumns, overview.cases, 'No Case yet.')}
${table('Asset Signals', signalColumns, overview.recentSignals, 'No signal yet.')}
${table('Signal Failures', failureColumns, overview.failures, 'None: every event could be recorded and routed.')}`,
    below: REFRESH,
  });
}

/* Without script the page stays as it was when it was opened. A session that is over shows when the page is loaded again. */
const REFRESH = `
<script>
setInterval(async () => {
  const answer = await fetch('/').catch(() => undefined);
  if (answer === undefined || !answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  document.querySelector('main').replaceWith(page.querySelector('main'));
}, 2000);
</script>`;
