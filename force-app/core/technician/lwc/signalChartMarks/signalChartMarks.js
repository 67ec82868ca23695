import { LightningElement, api } from 'lwc';
import { labels } from 'c/signalLabels';

/** The signals as marks on a time axis; fires `point` with a mark's moment in ms, null when left. */
export default class SignalChartMarks extends LightningElement {
  /** Marks as layoutMarks of the chart makes them. */
  @api marks = [];

  labels = labels;
  note;

  handleEnter({ currentTarget }) {
    const mark = this.marks.find(({ key }) => key === currentTarget.dataset.key);
    this.note = mark.text;
    this.point(mark.at);
  }

  handleLeave() {
    this.note = undefined;
    this.point(null);
  }

  point(at) {
    this.dispatchEvent(new CustomEvent('point', { detail: at }));
  }
}
