import type { SourceFile } from './files.ts';

function file(path: string, type: string, body: string): SourceFile {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${body}</${type}>
`;
  return { path: `force-app/core/${path}`, text };
}

function field(name: string, body: string): SourceFile {
  return file(
    `objects/Reading__c/fields/${name}.field-meta.xml`,
    'CustomField',
    `
  <fullName>${name}</fullName>
  <description>What ${name} is for.</description>
  <inlineHelpText>What ${name} means.</inlineHelpText>
  <label>${name}</label>
  ${body}
`,
  );
}

function component(name: string, isExposed: boolean, more: string): SourceFile {
  return file(
    `lwc/${name}/${name}.js-meta.xml`,
    'LightningComponentBundle',
    `
  <apiVersion>66.0</apiVersion>
  <description>What ${name} shows.</description>
  <isExposed>${isExposed}</isExposed>
  <masterLabel>${name}</masterLabel>${more}
`,
  );
}

/** The half of the sample that people see: fields, lists, a page with components, labels, an app; and what feeds it. */
export const PAGE_SAMPLE: readonly SourceFile[] = [
  field(
    'State__c',
    `<type>Picklist</type>
  <valueSet>
    <restricted>true</restricted>
    <valueSetDefinition>
      <sorted>false</sorted>
      <value><fullName>Good</fullName><default>true</default><label>Good</label></value>
      <value><fullName>Bad</fullName><default>false</default><label>Bad</label></value>
    </valueSetDefinition>
  </valueSet>`,
  ),
  field(
    'Notes__c',
    '<length>32000</length>\n  <type>LongTextArea</type>\n  <visibleLines>3</visibleLines>',
  ),
  file(
    'objects/Reading__c/listViews/All.listView-meta.xml',
    'ListView',
    `
  <fullName>All</fullName>
  <columns>NAME</columns>
  <columns>State__c</columns>
  <filterScope>Everything</filterScope>
  <label>All</label>
`,
  ),
  file(
    'objects/Reading__c/validationRules/Bad_Needs_Asset.validationRule-meta.xml',
    'ValidationRule',
    `
  <fullName>Bad_Needs_Asset</fullName>
  <active>true</active>
  <description>A bad reading says where.</description>
  <errorConditionFormula>AND(ISPICKVAL(State__c, "Bad"), ISBLANK(Asset__r.AccountId))</errorConditionFormula>
  <errorMessage>Say which asset.</errorMessage>
`,
  ),
  file(
    'layouts/Reading__c-Reading Layout.layout-meta.xml',
    'Layout',
    `
  <layoutSections>
    <layoutColumns>
      <layoutItems><behavior>Edit</behavior><field>State__c</field></layoutItems>
      <layoutItems><behavior>Edit</behavior><field>Notes__c</field></layoutItems>
    </layoutColumns>
    <style>OneColumn</style>
  </layoutSections>
  <quickActionList>
    <quickActionListItems><quickActionName>Reading__c.Look</quickActionName></quickActionListItems>
    <quickActionListItems><quickActionName>Reading__c.Ask</quickActionName></quickActionListItems>
  </quickActionList>
`,
  ),
  file(
    'quickActions/Reading__c.Look.quickAction-meta.xml',
    'QuickAction',
    `
  <actionSubtype>ScreenAction</actionSubtype>
  <description>Looks at a reading.</description>
  <label>Look</label>
  <lightningWebComponent>readingAction</lightningWebComponent>
  <optionsCreateFeedItem>false</optionsCreateFeedItem>
  <type>LightningWebComponent</type>
`,
  ),
  file(
    'tabs/Reading__c.tab-meta.xml',
    'CustomTab',
    '\n  <customObject>true</customObject>\n  <description>Readings.</description>\n  <motif>Custom53: Bell</motif>\n',
  ),
  file(
    'flexipages/Reading_Page.flexipage-meta.xml',
    'FlexiPage',
    `
  <description>A reading.</description>
  <flexiPageRegions>
    <itemInstances>
      <componentInstance>
        <componentInstanceProperties><name>size</name><value>3</value></componentInstanceProperties>
        <componentName>readingCard</componentName>
        <identifier>readingCard</identifier>
      </componentInstance>
    </itemInstances>
    <name>main</name>
    <type>Region</type>
  </flexiPageRegions>
  <masterLabel>Reading</masterLabel>
  <sobjectType>Reading__c</sobjectType>
  <template><name>flexipage:recordHomeTemplateDesktop</name></template>
  <type>RecordPage</type>
`,
  ),
  file(
    'applications/Readings.app-meta.xml',
    'CustomApplication',
    `
  <actionOverrides>
    <actionName>View</actionName>
    <content>Reading_Page</content>
    <formFactor>Large</formFactor>
    <skipRecordTypeSelect>false</skipRecordTypeSelect>
    <type>Flexipage</type>
    <pageOrSobjectType>Reading__c</pageOrSobjectType>
  </actionOverrides>
  <description>Readings and what they say.</description>
  <label>Readings</label>
  <tabs>Reading__c</tabs>
  <uiType>Lightning</uiType>
`,
  ),
  file(
    'labels/CustomLabels.labels-meta.xml',
    'CustomLabels',
    `
  <labels>
    <fullName>Signal_Hello</fullName>
    <categories>Readings</categories>
    <language>en_US</language>
    <protected>true</protected>
    <shortDescription>Heading of the card.</shortDescription>
    <value>Hello</value>
  </labels>
`,
  ),
  file(
    'permissionsets/Feeder.permissionset-meta.xml',
    'PermissionSet',
    `
  <description>For the program that feeds readings.</description>
  <label>Feeder</label>
  <objectPermissions>
    <allowCreate>true</allowCreate>
    <allowDelete>false</allowDelete>
    <allowEdit>false</allowEdit>
    <allowRead>true</allowRead>
    <modifyAllRecords>false</modifyAllRecords>
    <object>Reading__e</object>
    <viewAllRecords>false</viewAllRecords>
  </objectPermissions>
`,
  ),
  component(
    'readingCard',
    true,
    `
  <targets><target>lightning__RecordPage</target></targets>
  <targetConfigs>
    <targetConfig targets="lightning__RecordPage">
      <property name="size" type="Integer" label="Size" description="How many lines." default="3" />
      <objects><object>Reading__c</object></objects>
    </targetConfig>
  </targetConfigs>`,
  ),
  {
    path: 'force-app/core/lwc/readingCard/readingCard.js',
    text: `import { LightningElement, api, wire } from 'lwc';
import { getRecord, getFieldValue } from 'lightning/uiRecordApi';
import { gql, graphql } from 'lightning/uiGraphQLApi';
import STATE from '@salesforce/schema/Reading__c.State__c';
import ACCOUNT from '@salesforce/schema/Reading__c.Asset__r.AccountId';
import { labels } from 'c/readingWords';
import { shout } from './shout';

export default class ReadingCard extends LightningElement {
  @api recordId;
  @api size = 3;
  labels = labels;
  @wire(getRecord, { recordId: '$recordId', fields: [STATE, ACCOUNT, 'Reading__c.Name'] }) reading;
  @wire(graphql, { query: '$query', variables: '$variables' }) others;
  get query() {
    return gql\`query others($state: Picklist) {
      uiapi { query { Reading__c(where: { State__c: { eq: $state } }, orderBy: { CreatedDate: { order: DESC } }) {
        edges { node { Id Notes__c { value } Asset__r { Name { value } } } }
      } } }
    }\`;
  }
  get variables() { return { state: getFieldValue(this.reading.data, STATE) }; }
  get rows() { return this.others.data.uiapi.query.Reading__c.edges.map(({ node }) => ({ id: node.Id, text: shout(node.Notes__c.value) })); }
}
`,
  },
  {
    path: 'force-app/core/lwc/readingCard/shout.js',
    text: 'export const shout = (text) => text.toUpperCase();\n',
  },
  {
    path: 'force-app/core/lwc/readingCard/readingCard.html',
    text: `<template>
  <lightning-card title={labels.hello}>
    <!-- <c-nothing></c-nothing> -->
    <template for:each={rows} for:item="row">
      <c-reading-line key={row.id} line-text={row.text} class="line"></c-reading-line>
    </template>
  </lightning-card>
</template>
`,
  },
  {
    path: 'force-app/core/lwc/readingCard/readingCard.css',
    text: '.line {\n  color: var(--slds-g-color-on-surface-1, #5c5c5c);\n}\n',
  },
  component('readingLine', false, ''),
  {
    path: 'force-app/core/lwc/readingLine/readingLine.js',
    text: `import { LightningElement, api } from 'lwc';
import { NavigationMixin } from 'lightning/navigation';
export default class ReadingLine extends NavigationMixin(LightningElement) {
  @api lineText;
}
`,
  },
  {
    path: 'force-app/core/lwc/readingLine/readingLine.html',
    text: '<template><p>{lineText}</p></template>\n',
  },
  component('readingWords', false, ''),
  {
    path: 'force-app/core/lwc/readingWords/readingWords.js',
    text: `import hello from '@salesforce/label/c.Signal_Hello';
export const labels = Object.freeze({ hello });
`,
  },
  component(
    'readingAction',
    true,
    '\n  <targets><target>lightning__RecordAction</target></targets>',
  ),
  {
    path: 'force-app/core/lwc/readingAction/readingAction.js',
    text: `import { LightningElement } from 'lwc';
export default class ReadingAction extends LightningElement {}
`,
  },
  {
    path: 'force-app/core/lwc/readingAction/__tests__/readingAction.test.js',
    text: "import gone from 'c/gone';\n",
  },
  {
    path: 'bridge/src/publish.ts',
    text: "export const topic = '/event/Reading__e';\nexport const fields = { Key__c: 'k' }; // Notes__c\n",
  },
];
