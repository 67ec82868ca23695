import { FLOW, SET, type Mutation } from './sample.ts';

const CARD = 'lwc/readingCard/readingCard.js';
const CARD_PAGE = 'lwc/readingCard/readingCard.html';
const WORDS = 'lwc/readingWords/readingWords.js';
const STORE = 'Reading_EVT_Store.flow';
const LAYOUT = 'Reading__c-Reading Layout.layout';
const APP = 'Readings.app';
const PAGE = 'Reading_Page.flexipage';

/** Faults in what is there for nothing, or not there for somebody. */
export const USE_MUTATIONS: readonly Mutation[] = [
  [
    'a label nobody imports',
    CARD_PAGE,
    'title={labels.hello}',
    'title="x"',
    'label Signal_Hello is imported as hello and never shown',
  ],
  [
    'a label used nowhere',
    'CustomLabels.labels',
    '</labels>',
    '</labels><labels><fullName>Signal_Bye</fullName><categories>x</categories><language>en_US</language><protected>true</protected><shortDescription>x</shortDescription><value>Bye</value></labels>',
    'label Signal_Bye is used nowhere',
  ],
  [
    'a label without a word for the translator',
    'CustomLabels.labels',
    'Heading of the card.',
    '',
    'label Signal_Hello has no <shortDescription>',
  ],
  [
    'a label of another family',
    'CustomLabels.labels',
    'Signal_Hello',
    'Hello',
    'label Hello: its name begins with Signal_',
  ],
  [
    'a property without words',
    'readingCard.js',
    ' description="How many lines."',
    '',
    'property size has no description',
  ],
  [
    'a property the class does not have',
    'readingCard.js',
    'name="size"',
    'name="height"',
    'component readingCard has no property height (@api)',
  ],
  [
    'a component nobody uses',
    CARD_PAGE,
    /<c-reading-line [^]*<\/c-reading-line>/,
    '<p key={row.id}>{row.text}</p>',
    'nobody uses component readingLine',
  ],
  [
    'a component that is placed nowhere',
    PAGE,
    '<componentName>readingCard',
    '<componentName>force:detailPanel',
    'nobody uses component readingCard',
  ],
  [
    'an export nobody imports',
    WORDS,
    'export const labels',
    'export const other = 1;\nexport const labels',
    'nobody imports other of c/readingWords',
  ],
  [
    'a member nobody names',
    CARD,
    '  labels = labels;',
    '  labels = labels;\n  spare = 1;',
    'readingCard.spare is used nowhere',
  ],
  [
    'a file nobody imports',
    CARD,
    /import { shout } .*/,
    'const shout = (text) => text;',
    'nobody imports ./shout',
  ],
  [
    'a page nobody opens',
    APP,
    /<actionOverrides>[^]*<\/actionOverrides>/,
    '',
    'nobody uses FlexiPage Reading_Page',
  ],
  [
    'an action nobody offers',
    LAYOUT,
    /<quickActionList>[^]*<\/quickActionList>/,
    '',
    'nobody uses QuickAction Reading__c.Look',
  ],
  [
    'a flow nobody starts',
    FLOW,
    /<start>[^]*<\/start>/,
    '<start><locationX>0</locationX><locationY>0</locationY><connector><targetReference>Get_Asset</targetReference></connector></start>',
    'nobody starts flow Reading_AfterCreate_Route',
  ],
  [
    'a variable nobody reads',
    FLOW,
    '<value><elementReference>reason</elementReference></value>',
    '<value><stringValue>x</stringValue></value>',
    'variables reason is read nowhere in the flow',
  ],
  [
    'a constant nobody reads',
    STORE,
    ' {!newState}',
    '',
    'constants newState is read nowhere in the flow',
  ],
  [
    'a formula nobody reads',
    FLOW,
    '<leftValueReference>accountId',
    '<leftValueReference>reason',
    'formulas accountId is read nowhere in the flow',
  ],
  [
    'an event field nobody reads',
    STORE,
    ' {!$Record.Key__c}',
    '',
    'nobody reads Reading__e.Key__c',
  ],
  [
    'an event field nobody writes',
    'bridge/src/publish.ts',
    "Key__c: 'k'",
    'Other: 1',
    'nobody writes Reading__e.Key__c',
  ],
  [
    'a grant to a program that does not use it',
    'Feeder.permissionset',
    /<label>Feeder[^]*<object>Reading__e/,
    '<fieldPermissions><editable>false</editable><field>Reading__c.Notes__c</field><readable>true</readable></fieldPermissions><label>Feeder</label><objectPermissions><allowCreate>false</allowCreate><allowDelete>false</allowDelete><allowEdit>false</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Reading__c',
    'Feeder grants Reading__c.Notes__c, which no bridge uses',
  ],
  [
    'a field the program reads without a grant',
    'bridge/src/publish.ts',
    "'k' }",
    "'k', from: 'Reading__c', state: 'State__c' }",
    'Feeder does not grant Reading__c.State__c, which a bridge reads',
  ],
  [
    'a field a page needs without a grant',
    SET,
    /<fieldPermissions>\s*<editable>true<\/editable>\s*<field>Reading__c.State__c[^]*?<\/fieldPermissions>/,
    '',
    'Readers does not grant Reading__c.State__c, which a component reads',
  ],
  [
    'two flows at one moment without an order',
    STORE,
    /<object>Reading__e<\/object>\s*<triggerType>PlatformEvent/,
    '<object>Reading__c</object><recordTriggerType>CreateAndUpdate</recordTriggerType><triggerType>RecordAfterSave',
    'Reading_EVT_Store starts together with Reading_AfterCreate_Route',
  ],
];
