/** Someone who may log in by a click. */
export interface LoginUser {
  readonly username: string;
  readonly name: string;
  readonly profile: string;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The page that lists who may log in.
 * @param startUrl where the browser goes afterwards, a path of this org
 * @param problem what was wrong with the last attempt, in words for people
 */
export function loginPage(
  users: readonly LoginUser[],
  startUrl: string,
  problem: string | undefined,
): string {
  const items = users.map(({ username, name, profile }) => {
    const query = new URLSearchParams({ un: username, startURL: startUrl });
    return `<li><a href="/login?${escapeHtml(query.toString())}"><b>${escapeHtml(name)}</b>
<span>${escapeHtml(username)} · ${escapeHtml(profile)}</span></a></li>`;
  });
  const list =
    users.length === 0
      ? '<p>The org has no users yet. Start it with <code>--setup FILE</code>; local-org/README.md shows such a file.</p>'
      : `<ul>${items.join('\n')}</ul>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in | Local org</title>
<style>
:root { color-scheme: light; font: 16px/1.45 system-ui, sans-serif; color: #1d293d; background: #f1f5f9; }
main { margin: 10vh auto 0; max-width: 420px; padding: 0 16px; }
h1 { font-size: 1.5rem; margin: 0 } p { margin: 4px 0 18px; color: #45556c }
ul { display: grid; gap: 12px; list-style: none; margin: 0; padding: 0 }
a { display: block; background: #fff; border: 1px solid #cad5e2; border-radius: 8px; padding: 12px 16px; color: #0b5cab; text-decoration: none }
a:hover, a:focus-visible { border-color: #0b5cab } a span { display: block; color: #45556c; overflow-wrap: anywhere }
.problem { color: #b30000 }
</style>
</head>
<body>
<main>
<h1>Log in to the local org</h1>
<p>A stand-in on this machine: it asks for no password.</p>
${problem === undefined ? '' : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`}
${list}
</main>
</body>
</html>
`;
}
