import { LightningElement, api, wire } from 'lwc';
import { getRecord, notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { gql, graphql, refreshGraphQL } from 'lightning/uiGraphQLApi';
import USER_ID from '@salesforce/user/Id';
import ASSET_NAME from '@salesforce/schema/Asset.Name';
import SIGNAL from '@salesforce/schema/Asset_Signal__c';
import { labels } from 'c/signalLabels';
import { isNoAccess, missingFields, reduceError } from 'c/signalErrors';
import { serverNow, VisibleTimer } from 'c/signalTiming';
import { describeHealth } from './describe';

const TICK_MS = 5000;
/* A signal takes seconds to arrive; asking four times a minute shows it soon without a query a second. */
const REFRESH_TICKS = 3;
/* On the first visit the bridge is asked by another panel, and its answer is there seconds later. */
const EARLY_TICKS = 6;
const NEEDED = ['Episode_Key__c', 'Phase__c', 'Severity__c', 'Signal_Type__c', 'Occurred_At_Ms__c'];

/** How the asset is, at a glance: status in words, last seen, open signals, worst severity, devices. */
export default class SignalAssetHealth extends LightningElement {
  /** Id of the Asset. */
  @api recordId;
  /** Minutes without a reading after which a device counts as without contact. */
  @api silentAfterMinutes = 10;

  labels = labels;
  now = serverNow();
  assetError;
  hasAsset = false;
  objectInfo;
  objectError;
  signals = {};
  view = {};
  ticks = 0;
  timer = new VisibleTimer(TICK_MS, () => this.tick());

  @wire(getRecord, { recordId: '$recordId', fields: [ASSET_NAME] })
  wiredAsset({ data, error }) {
    this.hasAsset = Boolean(data);
    this.assetError = error;
  }

  @wire(getObjectInfo, { objectApiName: SIGNAL })
  wiredObjectInfo({ data, error }) {
    this.objectInfo = data;
    this.objectError = error;
  }

  @wire(graphql, { query: '$signalQuery', variables: '$signalVariables' })
  wiredSignals(result) {
    this.signals = result;
  }

  @wire(graphql, { query: '$viewQuery', variables: '$viewVariables' })
  wiredView(result) {
    this.view = result;
  }

  get signalQuery() {
    return gql`
      query assetHealth($assetId: ID!) {
        uiapi {
          query {
            Asset_Signal__c(
              where: { Asset__c: { eq: $assetId } }
              orderBy: {
                Episode_Ended_At__c: { order: DESC, nulls: FIRST }
                Occurred_At_Ms__c: { order: DESC }
              }
              first: 200
            ) {
              edges {
                node {
                  Id
                  Episode_Key__c {
                    value
                  }
                  Phase__c {
                    value
                  }
                  Severity__c {
                    value
                  }
                  Signal_Type__c {
                    value
                  }
                  Occurred_At_Ms__c {
                    value
                  }
                  Episode_Ended_At__c {
                    value
                  }
                }
              }
              pageInfo {
                hasNextPage
              }
            }
            Signal_Device__c(
              where: { Asset__c: { eq: $assetId } }
              orderBy: { Device_Key__c: { order: ASC } }
              first: 50
            ) {
              edges {
                node {
                  Id
                  Device_Key__c {
                    value
                  }
                  Device_Type__c {
                    value
                  }
                }
              }
              totalCount
            }
          }
        }
      }
    `;
  }

  get signalVariables() {
    return { assetId: this.recordId };
  }

  get viewQuery() {
    return gql`
      query assetLastSeen($assetId: ID!, $userId: ID!) {
        uiapi {
          query {
            Telemetry_View__c(
              where: { and: [{ Asset__c: { eq: $assetId } }, { OwnerId: { eq: $userId } }] }
              orderBy: { Requested_At__c: { order: DESC } }
              first: 1
            ) {
              edges {
                node {
                  Id
                  Last_Reading_At__c {
                    value
                  }
                  Answered_At__c {
                    value
                  }
                }
              }
            }
          }
        }
      }
    `;
  }

  get viewVariables() {
    return { assetId: this.recordId, userId: USER_ID };
  }

  get errors() {
    return [this.assetError, this.objectError, this.signals.errors].filter(Boolean);
  }

  get state() {
    if (this.errors.some(isNoAccess)) return 'noAccess';
    if (this.objectInfo && missingFields(this.objectInfo, NEEDED).length > 0) return 'noAccess';
    if (this.errors.length > 0) return 'error';
    return this.hasAsset && this.signals.data ? 'ready' : 'loading';
  }

  get isReady() {
    return this.state === 'ready';
  }

  get heading() {
    return this.state === 'noAccess' ? labels.noAccessHeading : labels.errorHeading;
  }

  get message() {
    if (this.state === 'loading') return undefined;
    if (this.state === 'noAccess') return labels.noAccessText;
    return reduceError(this.errors);
  }

  get actionLabel() {
    return this.state === 'error' ? labels.retry : undefined;
  }

  get health() {
    const { data } = this.signals;
    return describeHealth({
      signals: data.uiapi.query.Asset_Signal__c,
      devices: data.uiapi.query.Signal_Device__c,
      view: this.view.data?.uiapi.query.Telemetry_View__c.edges[0]?.node,
      now: this.now,
      silentAfterMs: this.silentAfterMinutes * 60_000,
    });
  }

  connectedCallback() {
    this.timer.start();
  }

  disconnectedCallback() {
    this.timer.stop();
  }

  tick() {
    this.ticks += 1;
    const isEarly = this.ticks < EARLY_TICKS && this.isReady && this.health.isLastSeenUnknown;
    if (isEarly || this.ticks % REFRESH_TICKS === 0) this.refresh();
  }

  async refresh() {
    const answered = [this.signals, this.view].filter(({ data, errors }) => data || errors);
    // A failed refresh arrives through the wire; what is shown stays until then.
    await Promise.allSettled(answered.map((result) => refreshGraphQL(result)));
    this.now = serverNow();
  }

  async handleRetry() {
    notifyRecordUpdateAvailable([{ recordId: this.recordId }]);
    await this.refresh();
  }
}
