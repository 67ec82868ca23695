import type { PageContext } from '../../browser/data/pageContext.ts';
import { escapeHtml, scriptJson } from './html.ts';

/** The frame of every page: header, tabs, who is logged in. */
export interface Frame {
  readonly appLabel: string;
  readonly tabs: readonly { readonly label: string; readonly object: string }[];
  readonly userName: string;
  /** Path of the page, to come back to after another user has logged in. */
  readonly path: string;
  readonly styles: readonly string[];
}

/** What stands between header and foot, and what draws it. */
export interface Content {
  readonly title: string;
  /** The tab that is marked, by object. */
  readonly object?: string;
  readonly main: string;
  readonly context?: PageContext;
  readonly scripts: readonly string[];
}

/** A whole page. It carries no data of records: those the browser reads as the viewer. */
export function renderPage(frame: Frame, content: Content): string {
  const { context } = content;
  const data =
    context === undefined
      ? ''
      : `<script type="application/json" id="page-context">${scriptJson(context)}</script>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(content.title)} | Local org</title>
${frame.styles.map((style) => `<link rel="stylesheet" href="${style}">`).join('\n')}
${content.scripts.map((script) => `<script type="module" src="${script}"></script>`).join('\n')}
</head>
<body class="host">
<a class="host-skip" href="#main">Skip to the content</a>
${header(frame, content.object)}
<main id="main" tabindex="-1">${content.main}</main>
<div id="toasts" class="host-toasts" popover="manual"></div>
${data}
<noscript><p class="host-none">Pages of the org need JavaScript.</p></noscript>
</body>
</html>
`;
}

function header({ appLabel, tabs, userName, path }: Frame, object: string | undefined): string {
  const items = tabs.map(({ label, object: name }) => {
    const current = name === object ? ' aria-current="page"' : '';
    return `<li><a href="/lightning/o/${encodeURIComponent(name)}/list"${current}>${escapeHtml(label)}</a></li>`;
  });
  const query = escapeHtml(new URLSearchParams({ startURL: path }).toString());
  const nav = `<nav class="host-nav" aria-label="${escapeHtml(appLabel)}">
<span class="host-app">${escapeHtml(appLabel)}</span>
<ul>${items.join('')}</ul>
</nav>`;
  return `<header class="host-header">
<div class="host-bar">
<a class="host-brand" href="/">Local org</a>
<details class="host-user">
<summary><span class="host-user__initial" aria-hidden="true">${escapeHtml(userName.charAt(0).toUpperCase())}</span><span>${escapeHtml(userName)}</span></summary>
<ul><li><a href="/login?${query}">Switch user</a></li><li><a href="/secur/logout">Log out</a></li></ul>
</details>
</div>
${tabs.length === 0 ? '' : nav}
</header>`;
}
