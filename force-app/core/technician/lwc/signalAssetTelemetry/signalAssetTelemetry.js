import { LightningElement, api, wire } from 'lwc';
import {
  createRecord,
  getRecord,
  notifyRecordUpdateAvailable,
  updateRecord,
} from 'lightning/uiRecordApi';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { gql, graphql, refreshGraphQL } from 'lightning/uiGraphQLApi';
import USER_ID from '@salesforce/user/Id';
import ASSET_NAME from '@salesforce/schema/Asset.Name';
import VIEW_ASSET from '@salesforce/schema/Telemetry_View__c.Asset__c';
import METRICS from '@salesforce/schema/Telemetry_View__c.Metrics__c';
import RANGE from '@salesforce/schema/Telemetry_View__c.Range_Minutes__c';
import VIEW from '@salesforce/schema/Telemetry_View__c';
import { labels } from 'c/signalLabels';
import { BriefWatch, VisibleTimer } from 'c/signalTiming';
import { readAnswer, VIEW_FIELDS } from './answer';
import { isAnswerTo, metricsText, parseMetrics, rangeValue } from './choices';
import { bannerOf, mayAsk, stateOf } from './states';
import { ViewKeeper } from './viewKeeper';

/* The bridge answers every five seconds; asking more often only reads the same again. */
const REFRESH_MS = 5000;
/* Signals are rarer than readings: every third time is soon enough. */
const SIGNALS_EVERY = 3;

/** Readings of the asset as they come in: asks the bridge by the person's own view and shows its answer. */
export default class SignalAssetTelemetry extends LightningElement {
  /** Id of the Asset. */
  @api recordId;

  labels = labels;
  now = Date.now();
  asset = {};
  info = {};
  found = {};
  signals = {};
  record = {};
  answer;
  viewId;
  saveError;
  requestedAt;
  isOpened = false;
  isPaused = false;
  range = '15';
  chosen = [];
  ticks = 0;
  keeper = new ViewKeeper((viewId, fields) => this.save(viewId, fields));
  timer = new VisibleTimer(REFRESH_MS, () => this.tick());
  watch = new BriefWatch(
    () => this.readView(),
    () => isAnswerTo(this.answer, this),
  );

  @wire(getRecord, { recordId: '$recordId', fields: [ASSET_NAME] })
  wiredAsset(result) {
    this.asset = result;
    this.open();
  }

  @wire(getObjectInfo, { objectApiName: VIEW })
  wiredInfo(result) {
    this.info = result;
    this.open();
  }

  @wire(graphql, { query: '$viewQuery', variables: '$viewVariables' })
  wiredView(result) {
    this.found = result;
    this.open();
  }

  @wire(graphql, { query: '$signalQuery', variables: '$signalVariables' })
  wiredSignals(result) {
    this.signals = result;
  }

  @wire(getRecord, { recordId: '$viewId', fields: VIEW_FIELDS })
  wiredRecord(result) {
    this.record = result;
    if (result.data && !this.isPaused) this.answer = readAnswer(result.data, this.answer);
  }

  get viewQuery() {
    return gql`
      query telemetryView($assetId: ID!, $userId: ID!) {
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
                  Range_Minutes__c {
                    value
                  }
                  Metrics__c {
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

  get signalQuery() {
    return gql`
      query telemetrySignals($assetId: ID!) {
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
                  Metric__c {
                    value
                  }
                  Baseline__c {
                    value
                  }
                  Unit__c {
                    value
                  }
                }
              }
            }
            Signal_Device__c(where: { Asset__c: { eq: $assetId } }, first: 1) {
              edges {
                node {
                  Id
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

  get situation() {
    const failures = [
      this.asset.error,
      this.info.error,
      this.found.errors,
      this.record.error,
      this.saveError,
    ];
    return {
      errors: failures.filter(Boolean),
      info: this.info.data,
      answer: this.answer,
      requestedAt: this.requestedAt,
      deviceCount: this.signals.data?.uiapi.query.Signal_Device__c.totalCount,
      now: this.now,
    };
  }

  get status() {
    return stateOf(this.situation);
  }

  get isReady() {
    return this.status.state === 'ready';
  }

  get banner() {
    return this.isReady && !this.isPaused ? bannerOf(this.situation) : undefined;
  }

  get isStale() {
    return Boolean(this.banner?.isStale);
  }

  get episodeEdges() {
    return this.signals.data?.uiapi.query.Asset_Signal__c.edges;
  }

  connectedCallback() {
    this.timer.start();
  }

  disconnectedCallback() {
    this.timer.stop();
    this.watch.stop();
  }

  /* Asks the bridge, once all is known that it takes and the page is seen. */
  async open() {
    const isKnown = this.asset.data && this.info.data && this.found.data;
    if (this.isOpened || !isKnown || !mayAsk(this.info.data)) return;
    if (document.visibilityState === 'hidden') return;
    this.isOpened = true;
    // What the cache says may be older than a view made a minute ago; a second view would be one too many.
    if (!this.foundView) await refreshGraphQL(this.found);
    const view = this.foundView;
    if (view?.Range_Minutes__c.value) this.range = rangeValue(view.Range_Minutes__c.value);
    this.chosen = parseMetrics(view?.Metrics__c.value);
    await this.attempt(() => this.keeper.open(view?.Id, this.choice));
  }

  get foundView() {
    return this.found.data.uiapi.query.Telemetry_View__c.edges[0]?.node;
  }

  get choice() {
    const all = this.answer?.telemetry?.metrics ?? [];
    return {
      [RANGE.fieldApiName]: Number(this.range),
      [METRICS.fieldApiName]: metricsText(this.chosen, all),
    };
  }

  async tick() {
    this.open();
    this.now = this.keeper.now();
    this.ticks += 1;
    // A failed refresh arrives through the wire; what is shown stays until then.
    const isDue = this.ticks % SIGNALS_EVERY === 0 && this.signals.data;
    if (isDue) refreshGraphQL(this.signals).catch(() => {});
    if (this.isPaused || !this.viewId) return;
    // A renewal that fails is tried again at the next tick; should the lease run out, the banner tells.
    await this.keeper.keep().catch(() => {});
    this.requestedAt = this.keeper.requestedAt;
    this.readView();
  }

  readView() {
    notifyRecordUpdateAvailable([{ recordId: this.viewId }]);
  }

  async attempt(write) {
    try {
      await write();
      this.saveError = undefined;
    } catch (error) {
      this.saveError = error;
    }
    this.viewId = this.keeper.viewId;
    this.requestedAt = this.keeper.requestedAt;
    this.now = this.keeper.now();
    // The bridge answers within seconds: sooner than the next tick.
    if (this.viewId && !this.saveError) this.watch.start();
  }

  save(viewId, fields) {
    if (viewId) return updateRecord({ fields: { Id: viewId, ...fields } });
    const apiName = VIEW.objectApiName;
    return createRecord({
      apiName,
      fields: { [VIEW_ASSET.fieldApiName]: this.recordId, ...fields },
    });
  }

  /* Try again, or ask again: all that failed is read anew, and the bridge is asked once more. */
  async handleAction() {
    const ids = [this.recordId, this.viewId].filter(Boolean);
    notifyRecordUpdateAvailable(ids.map((recordId) => ({ recordId })));
    if (this.found.errors) await refreshGraphQL(this.found);
    if (this.isOpened) await this.attempt(() => this.keeper.open(this.viewId, this.choice));
    else await this.open();
  }

  async handleChoose({ detail }) {
    this.range = detail.range;
    this.chosen = detail.chosen;
    this.isPaused = false;
    await this.attempt(() => this.keeper.change(this.choice));
  }

  async handlePause() {
    this.isPaused = !this.isPaused;
    if (!this.isPaused) await this.tick();
  }
}
