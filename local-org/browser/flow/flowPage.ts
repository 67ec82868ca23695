import type { PageView } from '../data/pageContext.ts';
import { make } from '../page/dom.ts';
import { runFlow } from './flowRunner.ts';

/**
 * Draws the page of a screen flow. Its end leads where the address says, else it starts anew, as on the
 * platform; a flow that shows no screen ends here.
 */
export function drawFlowPage(
  main: HTMLElement,
  { flow, inputs, returnTo }: Extract<PageView, { kind: 'flow' }>,
): void {
  const box = make('div', { class: 'host-card flow-page' });
  main.replaceChildren(box);
  const runner = runFlow(box, {
    flow,
    inputs,
    heading: 'h1',
    onFinished(restart) {
      if (returnTo !== null) location.assign(returnTo);
      else if (restart === undefined) box.replaceChildren(finished());
      else void restart();
    },
  });
  addEventListener('pagehide', () => runner.leave());
}

function finished(): HTMLElement {
  return make('div', { role: 'status' }, make('h1', { class: 'flow-title' }, 'Your flow finished'));
}
