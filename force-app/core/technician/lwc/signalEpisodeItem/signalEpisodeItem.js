import { LightningElement, api } from 'lwc';
import { NavigationMixin } from 'lightning/navigation';
import { fill, labels } from 'c/signalLabels';
import { durationText, momentText, relativeText, valueText } from 'c/signalText';

const DISPOSITIONS = {
  Received: labels.dispositionReceived,
  Suppressed: labels.dispositionSuppressed,
  Failed: labels.dispositionFailed,
};

/** One episode: how bad, what, why in plain words, since when, and what became of it. */
export default class SignalEpisodeItem extends NavigationMixin(LightningElement) {
  /** Milliseconds since 1970 UTC that relative times are counted from. */
  @api now;

  labels = labels;
  caseUrl;
  _episode;

  /** An episode as `toEpisodes` of c/signalEpisodes makes it. */
  @api
  get episode() {
    return this._episode;
  }

  set episode(value) {
    const hadCase = this._episode?.case?.id;
    this._episode = value;
    if (value.case && value.case.id !== hadCase) this.findUrl(value.case.id);
  }

  get stateWord() {
    return this.episode.isOpen ? labels.stateOpen : labels.stateCleared;
  }

  get stateClass() {
    return this.episode.isOpen ? 'state state_open' : 'state';
  }

  /* A type of an administrator's own may have no family. */
  get origin() {
    const { family, device } = this.episode;
    return [family, device].filter(Boolean).join(' · ');
  }

  get measured() {
    const { measured, unit } = this.episode;
    return measured === undefined ? undefined : valueText(measured, unit);
  }

  get baseline() {
    const { baseline, unit } = this.episode;
    return baseline === undefined ? undefined : valueText(baseline, unit);
  }

  get times() {
    const { openedAt, updatedAt, clearedAt } = this.episode;
    const times = [
      [labels.opened, openedAt],
      [labels.updated, updatedAt],
      [labels.cleared, clearedAt],
    ];
    return times
      .filter(([, at]) => at !== undefined)
      .map(([name, at]) => ({
        name,
        exact: momentText(at, this.now),
        relative: relativeText(at, this.now),
      }));
  }

  get lasted() {
    const { openedAt, clearedAt } = this.episode;
    if (openedAt === undefined || clearedAt === undefined) return undefined;
    return durationText(clearedAt - openedAt);
  }

  get disposition() {
    const { disposition, reason } = this.episode;
    const word = DISPOSITIONS[disposition];
    return word && { word, reason, className: `outcome outcome_${disposition.toLowerCase()}` };
  }

  get caseLabel() {
    return fill(labels.caseLink, this.episode.case.number);
  }

  handleCase(event) {
    event.preventDefault();
    this[NavigationMixin.Navigate](pageOf(this.episode.case.id));
  }

  async findUrl(id) {
    this.caseUrl = await this[NavigationMixin.GenerateUrl](pageOf(id));
  }
}

function pageOf(recordId) {
  return {
    type: 'standard__recordPage',
    attributes: { recordId, objectApiName: 'Case', actionName: 'view' },
  };
}
