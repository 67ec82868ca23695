import { LightningElement, api, wire } from 'lwc';
import { getRecord, notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { gql, graphql, refreshGraphQL } from 'lightning/uiGraphQLApi';
import ASSET_NAME from '@salesforce/schema/Asset.Name';
import SIGNAL from '@salesforce/schema/Asset_Signal__c';
import { fill, labels } from 'c/signalLabels';
import { isNoAccess, missingFields, reduceError } from 'c/signalErrors';
import { hasAllOpen, toEpisodes } from 'c/signalEpisodes';
import { severityLooks } from 'c/signalShapes';
import { serverNow, VisibleTimer } from 'c/signalTiming';

const REFRESH_MS = 15_000;
/* A storm of signals would fill the page; more are shown on demand. */
const PAGE = 10;
const NEEDED = [
  'Explanation__c',
  'Value__c',
  'Baseline__c',
  'Unit__c',
  'Disposition__c',
  'Case__c',
];

let lists = 0;

/** What was detected on the asset, what is open with the worst first, with a link to the Case each became. */
export default class SignalAssetSignals extends LightningElement {
  /** Id of the Asset. */
  @api recordId;

  labels = labels;
  now = serverNow();
  filter = 'open';
  /* Radio buttons of one name are one group on the whole page, which the record action shows a second list on. */
  filterName = `filter-${(lists += 1)}`;
  most = PAGE;
  assetError;
  hasAsset = false;
  objectInfo;
  objectError;
  result = {};
  timer = new VisibleTimer(REFRESH_MS, () => this.refresh());

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

  @wire(graphql, { query: '$query', variables: '$variables' })
  wiredSignals(result) {
    this.result = result;
  }

  get query() {
    return gql`
      query assetSignals($assetId: ID!) {
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
                  Metric__c {
                    value
                  }
                  Value__c {
                    value
                  }
                  Baseline__c {
                    value
                  }
                  Unit__c {
                    value
                  }
                  Explanation__c {
                    value
                  }
                  Device_Key__c {
                    value
                  }
                  Disposition__c {
                    value
                  }
                  Disposition_Reason__c {
                    value
                  }
                  Case__r {
                    Id
                    CaseNumber {
                      value
                    }
                    Status {
                      value
                      displayValue
                    }
                  }
                }
              }
              pageInfo {
                hasNextPage
              }
            }
          }
        }
      }
    `;
  }

  get variables() {
    return { assetId: this.recordId };
  }

  get errors() {
    return [this.assetError, this.objectError, this.result.errors].filter(Boolean);
  }

  get state() {
    if (this.errors.some(isNoAccess)) return 'noAccess';
    if (this.objectInfo && missingFields(this.objectInfo, NEEDED).length > 0) return 'noAccess';
    if (this.errors.length > 0) return 'error';
    if (!this.hasAsset || !this.result.data) return 'loading';
    return this.shown.length === 0 ? 'fine' : 'ready';
  }

  get isReady() {
    return this.state === 'ready';
  }

  get hasChoice() {
    return (this.isReady || this.state === 'fine') && this.episodes.length > 0;
  }

  get heading() {
    return {
      noAccess: labels.noAccessHeading,
      error: labels.errorHeading,
      fine: this.hasChoice ? labels.noOpenHeading : labels.noSignalsHeading,
    }[this.state];
  }

  get message() {
    return {
      noAccess: labels.noAccessText,
      error: reduceError(this.errors),
      fine: this.fineText,
    }[this.state];
  }

  get fineText() {
    if (!this.hasChoice) return this.state === 'fine' ? labels.noSignalsText : undefined;
    return this.note ?? labels.noOpenText;
  }

  get actionLabel() {
    return this.state === 'error' ? labels.retry : undefined;
  }

  get connection() {
    return this.result.data.uiapi.query.Asset_Signal__c;
  }

  get episodes() {
    return toEpisodes(this.connection.edges);
  }

  get open() {
    return this.episodes.filter(({ isOpen }) => isOpen).sort(worstFirst);
  }

  get matching() {
    return this.filter === 'open' ? this.open : this.episodes;
  }

  get shown() {
    return this.matching.slice(0, this.most);
  }

  get moreLabel() {
    const more = this.matching.length - this.most;
    return more > 0 ? fill(labels.showMore, Math.min(more, PAGE)) : undefined;
  }

  get choices() {
    return [
      { value: 'open', label: fill(labels.filterOpen, this.open.length) },
      { value: 'all', label: fill(labels.filterAll, this.episodes.length) },
    ];
  }

  get hasMore() {
    return this.isReady && this.moreLabel !== undefined;
  }

  get hasNote() {
    return this.isReady && this.note !== undefined;
  }

  /* Open episodes are read first, so what was left out is missed only among all. */
  get note() {
    const { pageInfo, edges } = this.connection;
    const isWhole = this.filter === 'open' ? hasAllOpen(this.connection) : !pageInfo.hasNextPage;
    return isWhole ? undefined : fill(labels.onlyLatest, edges.length);
  }

  connectedCallback() {
    this.timer.start();
  }

  disconnectedCallback() {
    this.timer.stop();
  }

  handleFilter(event) {
    this.filter = event.detail.value;
    this.most = PAGE;
  }

  handleMore() {
    this.most += PAGE;
  }

  async handleRetry() {
    notifyRecordUpdateAvailable([{ recordId: this.recordId }]);
    await this.refresh();
  }

  async refresh() {
    const isAnswered = this.result.data || this.result.errors;
    // A failed refresh arrives through the wire; what is shown stays until then.
    if (isAnswered) await Promise.allSettled([refreshGraphQL(this.result)]);
    this.now = serverNow();
  }
}

/* Equals stay newest first. */
function worstFirst(a, b) {
  return severityLooks(a.severity).rank - severityLooks(b.severity).rank;
}
