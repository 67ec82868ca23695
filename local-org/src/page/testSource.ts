import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** For tests: writes files below a folder, by path. */
export function writeSource(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const xml = (root: string, inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://soap.sforce.com/2006/04/metadata">${inside}</${root}>\n`;

/** For tests: the `.js-meta.xml` of a bundle for record pages and actions. */
export const bundleMeta = (configs = ''): string =>
  xml(
    'LightningComponentBundle',
    `<apiVersion>66.0</apiVersion><isExposed>true</isExposed><masterLabel>Greeting</masterLabel>
    <targets><target>lightning__RecordPage</target><target>lightning__RecordAction</target></targets>${configs}`,
  );

/** For tests: a labels file with one label. */
export const labelsFile = (name: string, value: string): string =>
  xml(
    'CustomLabels',
    `<labels><fullName>${name}</fullName><language>en_US</language><protected>true</protected>
    <shortDescription>x</shortDescription><value>${value}</value></labels>`,
  );

const component = (name: string, properties: string): string =>
  `<itemInstances><componentInstance>${properties}<componentName>${name}</componentName>
  <identifier>${name}</identifier></componentInstance></itemInstances>`;

/** For tests: an Asset page whose region has the given components. */
export const assetPage = (
  components: readonly string[],
  options: { readonly region?: string; readonly properties?: string; readonly more?: string } = {},
): string =>
  xml(
    'FlexiPage',
    `<flexiPageRegions>${components.map((name) => component(name, options.properties ?? '')).join('')}
    <name>${options.region ?? 'main'}</name><type>Region</type></flexiPageRegions>${options.more ?? ''}
    <masterLabel>Asset</masterLabel><sobjectType>Asset</sobjectType>
    <template><name>flexipage:recordHomeTemplateDesktop</name></template><type>RecordPage</type>`,
  );

/** For tests: an app with Assets and Cases that has activated a page for Assets. */
export const app = (page: string, tabs: readonly string[] = ['standard-Asset']): string =>
  xml(
    'CustomApplication',
    `${['Large', 'Small']
      .map(
        (factor) => `<actionOverrides><actionName>View</actionName><content>${page}</content>
    <formFactor>${factor}</formFactor><skipRecordTypeSelect>false</skipRecordTypeSelect>
    <type>Flexipage</type><pageOrSobjectType>Asset</pageOrSobjectType></actionOverrides>`,
      )
      .join('')}
    <formFactors>Large</formFactors><label>Plant</label><navType>Standard</navType>
    ${tabs.map((tab) => `<tabs>${tab}</tabs>`).join('')}<uiType>Lightning</uiType>`,
  );

/** For tests: a record action that opens a bundle. */
export const quickAction = (bundle: string): string =>
  xml(
    'QuickAction',
    `<actionSubtype>ScreenAction</actionSubtype><label>Greet</label>
    <lightningWebComponent>${bundle}</lightningWebComponent>
    <optionsCreateFeedItem>false</optionsCreateFeedItem><type>LightningWebComponent</type>`,
  );

/** For tests: a small package with one bundle on an Asset page, as files by path. */
export const greetingSource: Readonly<Record<string, string>> = {
  'lwc/greeting/greeting.js-meta.xml': bundleMeta(
    `<targetConfigs><targetConfig targets="lightning__RecordPage">
    <property name="tone" type="String" label="Tone"/><objects><object>Asset</object></objects>
    <supportedFormFactors><supportedFormFactor type="Large"/></supportedFormFactors>
    </targetConfig></targetConfigs>`,
  ),
  'lwc/greeting/greeting.html': `<template>
  <h2>{hello} {name}</h2>
  <lightning-icon icon-name="utility:smiley_and_people"></lightning-icon>
</template>
`,
  'lwc/greeting/greeting.js': `import { LightningElement, api, wire } from 'lwc';
import { getFieldValue, getRecord } from 'lightning/uiRecordApi';
import NAME from '@salesforce/schema/Asset.Name';
import hello from '@salesforce/label/c.Hello';

export default class Greeting extends LightningElement {
  @api recordId;
  hello = hello;
  @wire(getRecord, { recordId: '$recordId', fields: [NAME] })
  asset;

  get name() {
    return getFieldValue(this.asset.data, NAME);
  }
}
`,
  'labels/CustomLabels.labels-meta.xml': labelsFile('Hello', 'Good day,'),
  'flexipages/Asset_Page.flexipage-meta.xml': assetPage(['force:highlightsPanel', 'greeting']),
  'applications/Plant.app-meta.xml': app('Asset_Page', ['standard-Asset', 'standard-Case']),
  'quickActions/Asset.Greet.quickAction-meta.xml': quickAction('greeting'),
};
