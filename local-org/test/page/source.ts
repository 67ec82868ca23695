import { app, assetPage, greetingSource } from '../../src/page/testSource.ts';

const fields = ['Asset.AccountId', 'Asset.SerialNumber', 'Case.AssetId', 'Case.Subject'];
const objects = ['Account', 'Asset', 'Case'];

const technician = `<?xml version="1.0" encoding="UTF-8"?>
<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata">
<applicationVisibilities><application>Plant</application><visible>true</visible></applicationVisibilities>
${fields.map((field) => `<fieldPermissions><editable>${field.startsWith('Asset')}</editable><field>${field}</field><readable>true</readable></fieldPermissions>`).join('\n')}
<label>Technician</label>
${objects.map((object) => `<objectPermissions><allowCreate>false</allowCreate><allowDelete>false</allowDelete><allowEdit>${object === 'Asset'}</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>${object}</object><viewAllFields>false</viewAllFields><viewAllRecords>false</viewAllRecords></objectPermissions>`).join('\n')}
</PermissionSet>
`;

/** A component that uses each of the platform's modules: two wires, a save, a toast, a way elsewhere. */
const code = `import { LightningElement, api, wire } from 'lwc';
import { getFieldDisplayValue, getFieldValue, getRecord, updateRecord } from 'lightning/uiRecordApi';
import { gql, graphql, refreshGraphQL } from 'lightning/uiGraphQLApi';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { NavigationMixin } from 'lightning/navigation';
import { CloseActionScreenEvent } from 'lightning/actions';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import ASSET from '@salesforce/schema/Asset';
import NAME from '@salesforce/schema/Asset.Name';
import SERIAL from '@salesforce/schema/Asset.SerialNumber';
import hello from '@salesforce/label/c.Hello';
import userId from '@salesforce/user/Id';
import locale from '@salesforce/i18n/locale';
import timeZone from '@salesforce/i18n/timeZone';
import formFactor from '@salesforce/client/formFactor';

const QUERY = gql\`
  query cases($asset: ID) {
    uiapi { query { Case(where: { AssetId: { eq: $asset } }) { edges { node { Id Subject { value } } } } } }
  }
\`;

export default class Greeting extends NavigationMixin(LightningElement) {
  @api recordId;
  @api tone;
  asset = {};
  cases = {};
  info = {};

  @wire(getRecord, { recordId: '$recordId', fields: [NAME], optionalFields: [SERIAL] })
  wiredAsset(result) { this.asset = result; }
  @wire(graphql, { query: QUERY, variables: '$variables' })
  wiredCases(result) { this.cases = result; }
  @wire(getObjectInfo, { objectApiName: ASSET })
  wiredInfo(result) { this.info = result; }

  get variables() { return { asset: this.recordId }; }
  get greeting() { return \`\${hello} \${getFieldValue(this.asset.data, NAME)}\`; }
  get serial() { return getFieldDisplayValue(this.asset.data, SERIAL) ?? getFieldValue(this.asset.data, SERIAL); }
  get world() { return [locale, timeZone, formFactor, this.tone, userId.slice(0, 3), this.info.data?.label].join(' '); }
  get subjects() {
    const edges = this.cases.data?.uiapi.query.Case.edges ?? [];
    return edges.map(({ node }) => ({ id: node.Id, subject: node.Subject.value }));
  }

  async save() {
    try {
      await updateRecord({ fields: { Id: this.recordId, SerialNumber: 'changed' } });
      await refreshGraphQL(this.cases);
      this.dispatchEvent(new ShowToastEvent({ title: 'Saved', message: 'As {0}', messageData: ['wished'], variant: 'success' }));
    } catch (error) {
      const message = error.body.message ?? error.body[0].message;
      this.dispatchEvent(new ShowToastEvent({ title: 'Not saved', message, variant: 'error' }));
    }
  }
  open(event) {
    const recordId = event.target.dataset.id;
    this[NavigationMixin.Navigate]({ type: 'standard__recordPage', attributes: { recordId, objectApiName: 'Case', actionName: 'view' } });
  }
  done() { this.dispatchEvent(new CloseActionScreenEvent()); }
}
`;

const template = `<template>
  <lightning-card title="Greeting" icon-name="utility:smiley_and_people">
    <div class="slds-p-around_medium">
      <p class="greeting">{greeting}</p>
      <p class="serial">{serial}</p>
      <p class="world">{world}</p>
      <lightning-button label="Save" onclick={save}></lightning-button>
      <lightning-button label="Done" onclick={done}></lightning-button>
      <ul>
        <template for:each={subjects} for:item="one">
          <li key={one.id}><button data-id={one.id} onclick={open}>{one.subject}</button></li>
        </template>
      </ul>
    </div>
  </lightning-card>
</template>
`;

const tone =
  '<componentInstanceProperties><name>tone</name><value>warm</value></componentInstanceProperties>';

const highCases = `<?xml version="1.0" encoding="UTF-8"?>
<ListView xmlns="http://soap.sforce.com/2006/04/metadata">
<fullName>High</fullName>
<columns>CASES.CASE_NUMBER</columns>
<columns>CASES.SUBJECT</columns>
<filterScope>Everything</filterScope>
<filters><field>CASES.PRIORITY</field><operation>equals</operation><value>High</value></filters>
<label>High Priority</label>
</ListView>
`;

/** The sample package of these tests. */
export const source: Readonly<Record<string, string>> = {
  ...greetingSource,
  'lwc/greeting/greeting.js-meta.xml': (
    greetingSource['lwc/greeting/greeting.js-meta.xml'] ?? ''
  ).replace('type="Large"/>', 'type="Large"/><supportedFormFactor type="Small"/>'),
  'lwc/greeting/greeting.js': code,
  'lwc/greeting/greeting.html': template,
  'objects/Case/listViews/High.listView-meta.xml': highCases,
  'permissionsets/Technician.permissionset-meta.xml': technician,
  'applications/Plant.app-meta.xml': app('Asset_Page', ['standard-Asset', 'standard-Case']),
  'flexipages/Asset_Page.flexipage-meta.xml': assetPage(['greeting'], {
    properties: tone,
    more: `<flexiPageRegions>${['force:highlightsPanel'].map((name) => `<itemInstances><componentInstance><componentName>${name}</componentName><identifier>x</identifier></componentInstance></itemInstances>`).join('')}<name>header</name><type>Region</type></flexiPageRegions>
<flexiPageRegions>${['force:detailPanel', 'force:relatedListContainer'].map((name) => `<itemInstances><componentInstance><componentName>${name}</componentName><identifier>y</identifier></componentInstance></itemInstances>`).join('')}<name>sidebar</name><type>Region</type></flexiPageRegions>`,
  }),
};
