import { LightningElement, api } from 'lwc';
import { severityLooks } from 'c/signalShapes';

/** A severity as a word with its shape and colour. */
export default class SignalSeverity extends LightningElement {
  /** Critical, High, Medium or Low; another word is shown as it is. */
  @api severity;

  get label() {
    return severityLooks(this.severity).label;
  }

  get path() {
    return severityLooks(this.severity).path;
  }

  get badgeClass() {
    return `badge badge_${severityLooks(this.severity).className}`;
  }
}
