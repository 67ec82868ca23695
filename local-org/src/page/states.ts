import type { BuildProgress } from './build/build.ts';
import type { BuildProblem } from './build/problem.ts';
import { placeOf } from './build/problem.ts';
import { escapeHtml } from './html.ts';

/** What a page holds until its script draws it. */
export const loading = `<p class="host-none host-loading" role="status">Loading…</p>`;

/** What a page holds while its components are compiled; a script asks for news and reloads. */
export function preparing(progress: BuildProgress): string {
  return `<div class="host-card host-message" id="preparing">
<h1>Preparing the pages</h1>
<p>The package’s components are being compiled. That takes about ten seconds the first time, one or two after a change; the page then opens by itself.</p>
<progress id="preparing-progress" max="1" aria-label="Progress"></progress>
<p role="status" id="preparing-text">${escapeHtml(progressText(progress))}</p>
</div>`;
}

/** How far a build is, in words. */
export function progressText({ step, done, known }: BuildProgress): string {
  return step === 'bundles'
    ? 'Compiling the components of the package'
    : `Compiling base components: ${done} of about ${Math.max(done, known)} modules`;
}

/** What a page holds when its components do not compile. */
export function failed(problem: BuildProblem): string {
  const place = placeOf(problem).replace(/:\s$/, '');
  return `<div class="host-card host-message host-problem" role="alert">
<h1>A component does not compile</h1>
${place === '' ? '' : `<p><code>${escapeHtml(place)}</code></p>`}
<pre>${escapeHtml(problem.message)}</pre>
${problem.frame === undefined ? '' : `<pre class="host-frame">${escapeHtml(problem.frame)}</pre>`}
<p>Mend the file and load the page again.</p>
</div>`;
}

/** For addresses that are no page, and for objects that the viewer may not read: it must not tell which. */
export const noPage = `<div class="host-card host-message" role="alert">
<h1>You can’t see this page</h1>
<p>There is no such page, or you have no access to it. If you need it, ask your administrator.</p>
</div>`;
