/** The name that the window of an action listens for. */
export const CLOSE_EVENT = 'lightning__actionsclosescreen';

/** Closes the window of the record action that sends it. */
export class CloseActionScreenEvent extends CustomEvent<undefined> {
  constructor() {
    super(CLOSE_EVENT, { composed: true, cancelable: true, bubbles: true });
  }
}
