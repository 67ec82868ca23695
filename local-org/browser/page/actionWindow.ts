import { runFlow } from '../flow/flowRunner.ts';
import { CLOSE_EVENT } from '../lightning/actions.ts';
import { placeBundle } from './components.ts';
import { make } from './dom.ts';

/** Opens a record action over the page; the component closes it, or Escape, or its button. */
export function openAction(label: string, component: string, recordId: string): void {
  const { dialog, content } = openWindow(label);
  dialog.addEventListener(CLOSE_EVENT, () => dialog.close());
  void placeBundle(content, component, { recordId });
}

/**
 * Opens a screen flow over the page with the record as its input `recordId`. Its end closes the window (help
 * platform.flow_concepts_finish), and the page shows what it did.
 */
export function openFlowAction(label: string, flow: string, recordId: string): void {
  const { dialog, content } = openWindow(label);
  content.classList.add('flow-page');
  const runner = runFlow(content, {
    flow,
    inputs: { recordId },
    heading: 'h3',
    onFinished() {
      dialog.close();
      location.reload();
    },
  });
  dialog.addEventListener('close', () => runner.leave());
}

function openWindow(label: string): { dialog: HTMLDialogElement; content: HTMLElement } {
  const heading = make('h2', { id: 'action-title' }, label);
  const close = make('button', { type: 'button', class: 'host-button' }, 'Close');
  const content = make('div', { class: 'host-window__body' });
  const dialog = make(
    'dialog',
    { class: 'host-window', 'aria-labelledby': 'action-title' },
    make('div', { class: 'host-window__title' }, heading, close),
    content,
  );
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, content };
}
