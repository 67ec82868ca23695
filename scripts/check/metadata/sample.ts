import type { SourceFile } from './files.ts';
import type { Settings } from './rule.ts';
import { PAGE_SAMPLE } from './samplePage.ts';
import { SCREEN_SAMPLE } from './sampleScreen.ts';

/** A fault put into the sample: what it is, the file, what is changed, into what, and what the check says of it. */
export type Mutation = readonly [
  name: string,
  file: string,
  from: string | RegExp,
  to: string,
  said: string,
];

/** The flow, the field and the permission set of the sample, as the end of a path. */
export const FLOW = 'Reading_AfterCreate_Route.flow';
export const FIELD = 'Reading__c/fields/Asset__c.field';
export const SET = 'Readers.permissionset';

function file(path: string, type: string, body: string): SourceFile {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${body}</${type}>
`;
  return { path: `force-app/core/${path}`, text };
}

const node = (name: string): string =>
  `<description>Why ${name}.</description>
    <name>${name}</name>
    <label>${name}</label>
    <locationX>0</locationX>
    <locationY>0</locationY>`;

/** What the sample's project says about itself. */
export const SAMPLE_SETTINGS: Settings = {
  lightning: new Set(['card', 'navigation', 'uiGraphQLApi', 'uiRecordApi']),
  jobs: { Feeder: ['bridge'], Readers: ['page', 'component'] },
  awaited: [],
  customerPages: [],
  exceptions: {},
};

/** A small package in which every rule finds something to look at and nothing to say. */
export const SAMPLE: readonly SourceFile[] = [
  file(
    'objects/Reading__c/Reading__c.object-meta.xml',
    'CustomObject',
    `
  <deploymentStatus>Deployed</deploymentStatus>
  <description>One reading.</description>
  <label>Reading</label>
  <nameField>
    <label>Reading</label>
    <type>Text</type>
  </nameField>
  <pluralLabel>Readings</pluralLabel>
  <sharingModel>ReadWrite</sharingModel>
`,
  ),
  file(
    'objects/Reading__c/fields/Asset__c.field-meta.xml',
    'CustomField',
    `
  <fullName>Asset__c</fullName>
  <description>The asset it was read from.</description>
  <inlineHelpText>Where it was read.</inlineHelpText>
  <label>Asset</label>
  <referenceTo>Asset</referenceTo>
  <type>Lookup</type>
`,
  ),
  file(
    'objects/Reading__e/Reading__e.object-meta.xml',
    'CustomObject',
    `
  <description>A reading arrives.</description>
  <eventType>HighVolume</eventType>
  <label>Reading</label>
`,
  ),
  file(
    'objects/Reading__e/fields/Key__c.field-meta.xml',
    'CustomField',
    `
  <fullName>Key__c</fullName>
  <description>Which reading it is.</description>
  <label>Key</label>
  <length>64</length>
  <type>Text</type>
`,
  ),
  file(
    'permissionsets/Readers.permissionset-meta.xml',
    'PermissionSet',
    `
  <description>For those who read.</description>
  <fieldPermissions>
    <editable>false</editable>
    <field>Reading__c.Asset__c</field>
    <readable>true</readable>
  </fieldPermissions>
  <fieldPermissions>
    <editable>true</editable>
    <field>Reading__c.Notes__c</field>
    <readable>true</readable>
  </fieldPermissions>
  <fieldPermissions>
    <editable>true</editable>
    <field>Reading__c.State__c</field>
    <readable>true</readable>
  </fieldPermissions>
  <label>Readers</label>
  <objectPermissions>
    <allowCreate>false</allowCreate>
    <allowDelete>false</allowDelete>
    <allowEdit>false</allowEdit>
    <allowRead>true</allowRead>
    <modifyAllRecords>false</modifyAllRecords>
    <object>Reading__c</object>
    <viewAllRecords>false</viewAllRecords>
  </objectPermissions>
  <tabSettings>
    <tab>Reading__c</tab>
    <visibility>Visible</visibility>
  </tabSettings>
`,
  ),
  file(
    'flows/Reading_AfterCreate_Route.flow-meta.xml',
    'Flow',
    `
  <apiVersion>66.0</apiVersion>
  <assignments>
    ${node('Keep_Fault')}
    <assignmentItems>
      <assignToReference>reason</assignToReference>
      <operator>Assign</operator>
      <value><elementReference>$Flow.FaultMessage</elementReference></value>
    </assignmentItems>
    <connector><targetReference>Update_Reading</targetReference></connector>
  </assignments>
  <decisions>
    ${node('Is_Asset_Known')}
    <defaultConnectorLabel>No</defaultConnectorLabel>
    <rules>
      <name>Asset_Is_Known</name>
      <conditionLogic>and</conditionLogic>
      <conditions>
        <leftValueReference>accountId</leftValueReference>
        <operator>IsNull</operator>
        <rightValue><booleanValue>false</booleanValue></rightValue>
      </conditions>
      <connector><targetReference>Call_Other</targetReference></connector>
      <label>Asset is known</label>
    </rules>
  </decisions>
  <description>Needs a reading. Does nothing much. Gives nothing.</description>
  <formulas>
    <description>The asset's account.</description>
    <name>accountId</name>
    <dataType>String</dataType>
    <expression>{!$Record.Asset__r.AccountId}</expression>
  </formulas>
  <label>Reading: route</label>
  <processType>AutoLaunchedFlow</processType>
  <recordLookups>
    ${node('Get_Asset')}
    <connector><targetReference>Is_Asset_Known</targetReference></connector>
    <faultConnector><targetReference>Keep_Fault</targetReference></faultConnector>
    <filterLogic>and</filterLogic>
    <filters>
      <field>Id</field>
      <operator>EqualTo</operator>
      <value><elementReference>$Record.Asset__c</elementReference></value>
    </filters>
    <object>Asset</object>
    <queriedFields>AccountId</queriedFields>
    <storeOutputAutomatically>true</storeOutputAutomatically>
  </recordLookups>
  <recordUpdates>
    ${node('Update_Reading')}
    <filterLogic>and</filterLogic>
    <filters>
      <field>Id</field>
      <operator>EqualTo</operator>
      <value><elementReference>$Record.Id</elementReference></value>
    </filters>
    <inputAssignments>
      <field>Asset__c</field>
      <value><elementReference>reason</elementReference></value>
    </inputAssignments>
    <object>Reading__c</object>
  </recordUpdates>
  <start>
    <locationX>0</locationX>
    <locationY>0</locationY>
    <connector><targetReference>Get_Asset</targetReference></connector>
    <object>Reading__c</object>
    <recordTriggerType>Create</recordTriggerType>
    <triggerType>RecordAfterSave</triggerType>
  </start>
  <status>Active</status>
  <subflows>
    ${node('Call_Other')}
    <flowName>Reading_AfterCreate_Route</flowName>
  </subflows>
  <variables>
    <description>Why it failed.</description>
    <name>reason</name>
    <dataType>String</dataType>
    <isCollection>false</isCollection>
    <isInput>false</isInput>
    <isOutput>false</isOutput>
  </variables>
`,
  ),
  file(
    'flows/Reading_EVT_Store.flow-meta.xml',
    'Flow',
    `
  <apiVersion>66.0</apiVersion>
  <assignments>
    ${node('Keep_Reason')}
    <assignmentItems>
      <assignToReference>reason</assignToReference>
      <operator>Assign</operator>
      <value><elementReference>$Flow.FaultMessage</elementReference></value>
    </assignmentItems>
  </assignments>
  <constants>
    <description>The state of a new reading.</description>
    <name>newState</name>
    <dataType>String</dataType>
    <value><stringValue>Good</stringValue></value>
  </constants>
  <description>Needs a reading event. Does store it. Gives a reading.</description>
  <label>Reading: store</label>
  <processType>AutoLaunchedFlow</processType>
  <recordCreates>
    ${node('Create_Reading')}
    <faultConnector><targetReference>Keep_Reason</targetReference></faultConnector>
    <inputAssignments>
      <field>Notes__c</field>
      <value><elementReference>noteText</elementReference></value>
    </inputAssignments>
    <inputAssignments>
      <field>State__c</field>
      <value><stringValue>Good</stringValue></value>
    </inputAssignments>
    <object>Reading__c</object>
  </recordCreates>
  <start>
    <locationX>0</locationX>
    <locationY>0</locationY>
    <connector><targetReference>Create_Reading</targetReference></connector>
    <object>Reading__e</object>
    <triggerType>PlatformEvent</triggerType>
  </start>
  <status>Active</status>
  <textTemplates>
    <description>What is noted.</description>
    <name>noteText</name>
    <isViewedAsPlainText>true</isViewedAsPlainText>
    <text>{!$Label.Signal_Hello} {!$Record.Key__c} {!newState}</text>
  </textTemplates>
  <variables>
    <description>Why it was not stored.</description>
    <name>reason</name>
    <dataType>String</dataType>
    <isCollection>false</isCollection>
    <isInput>false</isInput>
    <isOutput>true</isOutput>
  </variables>
`,
  ),
  ...PAGE_SAMPLE,
  ...SCREEN_SAMPLE,
];
