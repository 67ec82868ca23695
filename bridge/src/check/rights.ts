/** What the bridge does with one object of the org; names without the prefix of a namespace. */
export interface ObjectUse {
  readonly object: string;
  /** Of Salesforce itself: never prefixed. */
  readonly standard?: boolean;
  readonly creates?: boolean;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** What does not work without. */
  readonly for: string;
}

/** Everything the bridge reads and writes over REST. A test against the package's own permission set holds it. */
export const USES: readonly ObjectUse[] = [
  {
    object: 'Asset_Signal__c',
    reads: [
      'Event_Key__c',
      'Disposition__c',
      'Disposition_Reason__c',
      'Device_Key__c',
      'Occurred_At_Ms__c',
    ],
    writes: ['Asset__c', 'Account__c', 'Device__c', 'Installation__c', 'Retry_Requested_At__c'],
    for: 'receipts, retries and later attribution of signals',
  },
  {
    object: 'Signal_Failure__c',
    reads: ['Event_Key__c', 'Stage__c', 'Reason__c'],
    writes: [],
    for: 'receipts',
  },
  {
    object: 'Signal_Device__c',
    reads: ['Device_Key__c', 'Aliases__c', 'Asset__c'],
    writes: [],
    for: 'knowing whose a device is',
  },
  {
    object: 'Signal_Installation__c',
    reads: ['Device__c', 'Asset__c', 'From__c', 'To__c'],
    writes: [],
    for: 'knowing where a device was',
  },
  {
    object: 'Signal_Ownership__c',
    reads: ['Asset__c', 'Account__c', 'From__c', 'To__c'],
    writes: [],
    for: 'knowing who owned an Asset',
  },
  {
    object: 'Asset',
    standard: true,
    reads: ['AccountId'],
    writes: [],
    for: 'knowing who owns an Asset',
  },
  {
    object: 'Signal_Policy__c',
    reads: ['Policy_Key__c', 'Version__c', 'Active__c', 'Detector__c'],
    writes: ['Bridge_Status__c', 'Bridge_Message__c'],
    for: 'policies of the org',
  },
  {
    object: 'Telemetry_View__c',
    reads: ['Asset__c', 'Metrics__c', 'Range_Minutes__c', 'Live_Until__c'],
    writes: ['Answered_At__c', 'Series__c', 'Bridge_Message__c', 'Last_Reading_At__c'],
    for: 'charts on Asset pages',
  },
  {
    object: 'Signal_Bridge__c',
    creates: true,
    reads: [],
    writes: [
      ...['Heartbeat_At__c', 'Heartbeat_Due_At__c', 'Status__c', 'Version__c', 'Waiting_Events__c'],
      ...['Dead_Letters__c', 'Devices__c', 'Publishes_Left__c', 'Api_Calls_Left__c'],
      ...['Deliveries_Left__c', 'Signal_Rows_Left__c', 'Message__c'],
    ],
    for: 'the heartbeat',
  },
  {
    object: 'Signal_Bridge_Day__c',
    creates: true,
    reads: [],
    writes: [
      ...['Bridge__c', 'Readings__c', 'Quarantined__c', 'Signals__c', 'Errors__c'],
      ...['Suppressed__c', 'Suppressed_By_Reason__c'],
    ],
    for: 'the counts of the day',
  },
];
