import { LightningElement, api } from 'lwc';

/** Health, signals and telemetry of an asset in one column, as a record action. */
export default class SignalAssetAction extends LightningElement {
  /** Id of the Asset; an action is given it only after it was created. */
  @api recordId;
}
