import { LightningElement, api } from 'lwc';
import { labels } from 'c/signalLabels';

const LOOKS = {
  empty: { icon: 'utility:line_chart', role: 'status', isBanner: false },
  fine: { icon: 'utility:success', iconVariant: 'success', role: 'status', isBanner: false },
  error: { icon: 'utility:error', iconVariant: 'error', role: 'alert', isBanner: false },
  noAccess: { icon: 'utility:lock', role: 'status', isBanner: false },
  stale: { icon: 'utility:warning', iconVariant: 'warning', role: 'status', isBanner: true },
};

/** What a panel says when it has nothing to show, or when what it shows may be out of date. */
export default class SignalStateMessage extends LightningElement {
  /** `loading`, `empty`, `fine`, `error`, `noAccess`, or `stale` (a slim banner above what is shown). */
  @api state = 'loading';
  /** What is the matter, in a few words. */
  @api heading;
  /** The reason, and what to do. */
  @api message;
  /** Word of the button; without it there is none. Pressing it fires `action`. */
  @api actionLabel;

  get isLoading() {
    return this.state === 'loading';
  }

  get loadingText() {
    return this.message ?? labels.loading;
  }

  get looks() {
    return LOOKS[this.state];
  }

  get boxClass() {
    return this.looks.isBanner ? 'banner' : 'block';
  }

  get role() {
    return this.looks.role;
  }

  get iconName() {
    return this.looks.icon;
  }

  get iconVariant() {
    return this.looks.iconVariant;
  }

  get iconSize() {
    return this.looks.isBanner ? 'x-small' : 'small';
  }

  handleAction() {
    this.dispatchEvent(new CustomEvent('action'));
  }
}
