import { TOAST_EVENT } from '../lightning/platformShowToastEvent.ts';
import type { Toast } from '../lightning/platformShowToastEvent.ts';
import { make } from './dom.ts';

/** How long a toast stays, as long as the platform's. */
const SHOWN_MS = { pester: 3000, dismissible: 5000 };

const MARKS = { info: 'ℹ', success: '✓', warning: '!', error: '✕' };

/** Shows the toasts that components ask for. */
export function showToasts(box: HTMLElement): void {
  document.addEventListener(TOAST_EVENT, (event) => {
    if (event instanceof CustomEvent) showToast(box, event.detail as Toast);
  });
}

/** Adds one message to the box; errors are read out at once, others when there is a pause. */
export function showToast(box: HTMLElement, toast: Toast): void {
  const variant = toast.variant ?? 'info';
  const close = make(
    'button',
    { type: 'button', class: 'host-toast__close', 'aria-label': 'Close' },
    '✕',
  );
  const element = make(
    'div',
    { class: `host-toast host-toast_${variant}`, role: variant === 'error' ? 'alert' : 'status' },
    make('span', { class: 'host-toast__mark', 'aria-hidden': 'true' }, MARKS[variant]),
    make(
      'div',
      {},
      toast.title === undefined ? undefined : make('strong', {}, toast.title),
      toast.message === undefined ? undefined : make('p', {}, ...messageOf(toast)),
    ),
    close,
  );
  close.addEventListener('click', () => element.remove());
  box.append(element);
  // Shown anew, it is above the window of an action, too.
  box.hidePopover();
  box.showPopover();
  const mode = toast.mode ?? 'dismissible';
  if (mode !== 'sticky') setTimeout(() => element.remove(), SHOWN_MS[mode]);
}

/** The message with its `{0}` filled from `messageData`. */
function messageOf({ message = '', messageData = [] }: Toast): (Node | string)[] {
  return message.split(/(\{\d+\})/).map((part) => {
    const index = /^\{(\d+)\}$/.exec(part)?.[1];
    const item = index === undefined ? undefined : messageData[Number(index)];
    if (item === undefined) return part;
    return typeof item === 'string' ? item : make('a', { href: item.url }, item.label);
  });
}
