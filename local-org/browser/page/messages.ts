import { make } from './dom.ts';
import { at } from './rows.ts';

/** For a record that is missing and for one the viewer may not see alike: it must not tell which. */
export function noAccess(): HTMLElement {
  document.title = 'No access | Local org';
  return make(
    'div',
    { class: 'host-card host-message', role: 'alert' },
    make('h1', {}, 'You can’t see this page'),
    make(
      'p',
      {},
      'The record does not exist, or you have no access to it. If you need it, ask your administrator.',
    ),
  );
}

/** For what went wrong otherwise. */
export function problem(error: unknown): HTMLElement {
  const message =
    at(error, 'body', '0', 'message') ??
    at(error, 'body', 'message') ??
    (error instanceof Error ? error.message : undefined);
  return make(
    'div',
    { class: 'host-card host-message', role: 'alert' },
    make('h1', {}, 'The page cannot be shown'),
    make('p', {}, typeof message === 'string' ? message : 'The org did not say why.'),
  );
}
