import LIVE_UNTIL from '@salesforce/schema/Telemetry_View__c.Live_Until__c';
import REQUESTED_AT from '@salesforce/schema/Telemetry_View__c.Requested_At__c';
import { learnClockOffset, serverNow } from 'c/signalTiming';
import { clockOffset, LEASE_MS, leaseStep } from './lease';

/**
 * Keeps one person's telemetry view of one asset alive.
 *
 * `open` uses the view that is there or creates the only one, and so gives the bridge one notice; `keep`
 * renews its lease without a notice; `change` writes another range or choice of metrics, which the bridge
 * reads at its next refresh. A lease that has run out (the page was hidden for long) is asked for again
 * by whichever comes next. The server's clock rules, learnt from the first save, since the bridge compares.
 */
export class ViewKeeper {
  viewId;
  /** When the bridge was last asked (ms, server time); undefined before. */
  requestedAt;
  _liveUntil = 0;
  _isBusy = false;
  _save;

  /** `save(viewId, fields)` creates (viewId undefined) or updates, and resolves to the saved record. */
  constructor(save) {
    this._save = save;
  }

  /** Server time in ms. */
  now() {
    return serverNow();
  }

  /** Asks the bridge for `choice` (fields of the view); rejects with the error of saving. */
  async open(viewId, choice) {
    this.viewId = viewId;
    await this._ask(choice);
  }

  async keep() {
    if (this.viewId === undefined || this._isBusy) return;
    const step = leaseStep(this._liveUntil, this.now());
    if (step === 'renew') await this._write(this._lease());
    if (step === 'reopen') await this._ask({});
  }

  async change(choice) {
    if (leaseStep(this._liveUntil, this.now()) === 'reopen') await this._ask(choice);
    else await this._write(choice);
  }

  async _ask(choice) {
    const asked = { [REQUESTED_AT.fieldApiName]: iso(this.now()), ...this._lease(), ...choice };
    const sentAt = Date.now();
    const { lastModifiedDate } = await this._write(asked);
    const offset = clockOffset(lastModifiedDate, sentAt, Date.now());
    learnClockOffset(offset);
    this.requestedAt = this.now();
    // Counted from a wrong clock, the lease may have ended before it began.
    if (offset !== 0) await this._write(this._lease());
  }

  _lease() {
    return { [LIVE_UNTIL.fieldApiName]: iso(this.now() + LEASE_MS) };
  }

  async _write(fields) {
    this._isBusy = true;
    try {
      const record = await this._save(this.viewId, fields);
      this.viewId = record.id;
      const liveUntil = fields[LIVE_UNTIL.fieldApiName];
      if (liveUntil) this._liveUntil = Date.parse(liveUntil);
      return record;
    } finally {
      this._isBusy = false;
    }
  }
}

function iso(ms) {
  return new Date(ms).toISOString();
}
