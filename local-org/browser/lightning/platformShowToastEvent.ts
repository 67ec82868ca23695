/** What a toast says; `label` and `url` items of `messageData` become links. */
export interface Toast {
  readonly title?: string;
  readonly message?: string;
  readonly messageData?: readonly (string | { readonly label: string; readonly url: string })[];
  readonly variant?: 'info' | 'success' | 'warning' | 'error';
  readonly mode?: 'dismissible' | 'pester' | 'sticky';
}

/** The name that the page listens for. */
export const TOAST_EVENT = 'lightning__showtoast';

/** Asks the page to show a message over everything else. */
export class ShowToastEvent extends CustomEvent<Toast> {
  constructor(toast: Toast) {
    super(TOAST_EVENT, { composed: true, cancelable: true, bubbles: true, detail: toast });
  }
}
