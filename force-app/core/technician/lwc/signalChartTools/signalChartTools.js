import { LightningElement, api } from 'lwc';
import { labels } from 'c/signalLabels';

/** Buttons that zoom and move a chart; each fires `tool` with its name as detail. */
export default class SignalChartTools extends LightningElement {
  /** Whether everything is shown, so that there is nowhere to move to. */
  @api everything = false;

  labels = labels;

  get tools() {
    const { everything } = this;
    return [
      { name: 'earlier', icon: 'utility:chevronleft', label: labels.earlier, disabled: everything },
      { name: 'later', icon: 'utility:chevronright', label: labels.later, disabled: everything },
      { name: 'zoomOut', icon: 'utility:zoomout', label: labels.zoomOut, disabled: everything },
      { name: 'zoomIn', icon: 'utility:zoomin', label: labels.zoomIn, disabled: false },
      { name: 'reset', icon: 'utility:undo', label: labels.zoomReset, disabled: everything },
    ];
  }

  handleTool({ currentTarget }) {
    this.dispatchEvent(new CustomEvent('tool', { detail: currentTarget.name }));
  }
}
