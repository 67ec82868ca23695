import { pageContext } from '../data/readContext.ts';
import type { PageContext } from '../data/pageContext.ts';
import { drawFlowPage } from '../flow/flowPage.ts';
import { toFetchResponse } from '../data/fetchResponse.ts';
import { frame } from './dom.ts';
import { drawListPage } from './listPage.ts';
import { noAccess, problem } from './messages.ts';
import { drawRecordPage } from './recordPage.ts';
import { showToast, showToasts } from './toasts.ts';

/** Draws the page that the server's context describes. */
async function draw(main: HTMLElement, context: PageContext): Promise<void> {
  const { view, objects } = context;
  if (view.kind === 'flow') {
    drawFlowPage(main, view);
    return;
  }
  const object = objects[view.object];
  if (object === undefined) main.replaceChildren(noAccess());
  else if (view.kind === 'list') await drawListPage(main, object, view.list);
  else await drawRecordPage(main, context, object, view.recordId);
}

const main = frame('main');
const toasts = frame('toasts');
showToasts(toasts);
addEventListener('error', (event) => {
  const message = event.error instanceof Error ? event.error.message : event.message;
  showToast(toasts, { title: 'A component failed', message, variant: 'error', mode: 'sticky' });
});
try {
  await draw(main, pageContext());
} catch (error) {
  console.error(error);
  main.replaceChildren(
    problem(error instanceof Error && !('body' in error) ? error : toFetchResponse(error)),
  );
}
