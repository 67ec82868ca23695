import { FIELD, FLOW, SET, type Mutation } from './sample.ts';

const LAYOUT = 'Reading__c-Reading Layout.layout';
const START_END = /<recordTriggerType>Create.*\s*<triggerType>RecordAfterSave/;
const path = (inside: string): string =>
  `<recordTriggerType>Update</recordTriggerType><scheduledPaths><connector><targetReference>Update_Reading</targetReference></connector>${inside}<pathType>AsyncAfterCommit</pathType></scheduledPaths><triggerType>RecordAfterSave`;

/** Faults that only a deployment would tell: layouts, rights that build on others, paths that run later. */
export const DEPLOY_MUTATIONS: readonly Mutation[] = [
  [
    'a name that a layout leaves to choice',
    LAYOUT,
    '<field>State__c',
    '<field>Name',
    'Name has to be Required on a layout, not Edit',
  ],
  [
    'a required field that is not on the layout',
    FIELD,
    '<label>Asset',
    '<required>true</required><label>Asset',
    'Asset__c is required and not on the layout',
  ],
  [
    'a right without the one it builds on',
    SET,
    '<allowDelete>false',
    '<allowDelete>true',
    'Reading__c: allowDelete needs allowEdit',
  ],
  [
    'a right on an object without the object it belongs to',
    SET,
    '<object>Reading__c',
    '<object>Asset',
    'Asset: allowRead needs allowRead of Account',
  ],
  [
    'a path that runs later at every change',
    FLOW,
    START_END,
    path(''),
    'a path that runs later needs doesRequireRecordChangedToMeetCriteria and conditions',
  ],
  [
    'an outcome called like a variable',
    FLOW,
    '<name>Asset_Is_Known',
    '<name>Reason',
    'variables reason: the name is taken',
  ],
  [
    'an order of flows before a delete',
    FLOW,
    /<recordTriggerType>Create.*\s*<triggerType>RecordAfterSave([^]*)<status>/,
    '<recordTriggerType>Delete</recordTriggerType><triggerType>RecordBeforeDelete$1<triggerOrder>1</triggerOrder><status>',
    'a flow that runs before a record is deleted has no <triggerOrder>',
  ],
  [
    'a number without its digits',
    FLOW,
    /(<name>reason<\/name>\s*<dataType>)String/,
    '$1Number',
    'variables reason: a Number says its <scale>',
  ],
  [
    'a backslash in a formula of a flow',
    FLOW,
    '<expression>{!$Record.Asset__r.AccountId}',
    '<expression>"\\n" &amp; {!$Record.Asset__r.AccountId}',
    'a text in a formula of a flow cannot contain a backslash',
  ],
  [
    'an asynchronous path with a label',
    FLOW,
    START_END,
    path('<label>Later</label>'),
    'an asynchronous path cannot have <label>',
  ],
  [
    'a path that runs later before the save',
    FLOW,
    START_END,
    path('').replace('RecordAfterSave', 'RecordBeforeSave'),
    'a flow with the trigger RecordBeforeSave cannot have scheduled paths',
  ],
];
