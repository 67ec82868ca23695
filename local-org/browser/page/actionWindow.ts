import { CLOSE_EVENT } from '../lightning/actions.ts';
import { placeBundle } from './components.ts';
import { make } from './dom.ts';

/** Opens a record action over the page; the component closes it, or Escape, or its button. */
export function openAction(label: string, component: string, recordId: string): void {
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
  dialog.addEventListener(CLOSE_EVENT, () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  void placeBundle(content, component, { recordId });
}
