import { source as parts } from './source.ts';

const xml = (root: string, inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://soap.sforce.com/2006/04/metadata">${inside}</${root}>\n`;
const go = (target: string, tag = 'connector'): string =>
  `<${tag}><targetReference>${target}</targetReference></${tag}>`;
const choice = (name: string, label: string): string =>
  `<choices><name>${name}</name><choiceText>${label}</choiceText><dataType>String</dataType><value><stringValue>${name}</stringValue></value></choices>`;
const field = (name: string, type: string, label: string, rest = '', dataType = ''): string =>
  `<fields><name>${name}</name>${dataType === '' ? '' : `<dataType>${dataType}</dataType>`}<fieldText>${label}</fieldText><fieldType>${type}</fieldType>${rest}</fields>`;
const choices = (...names: readonly string[]): string =>
  names.map((name) => `<choiceReferences>${name}</choiceReferences>`).join('');
const required = '<isRequired>true</isRequired>';
const whenFaulty = `<visibilityRule><conditionLogic>and</conditionLogic><conditions><leftValueReference>Verdict</leftValueReference><operator>EqualTo</operator><rightValue><stringValue>faulty</stringValue></rightValue></conditions></visibilityRule>`;
const assign = (name: string, of: string): string =>
  `<inputAssignments><field>${name}</field><value><elementReference>${of}</elementReference></value></inputAssignments>`;

/** A flow with every kind of field: a technician says what he found, and a fault becomes a Case. */
const inspect = xml(
  'Flow',
  `<apiVersion>66.0</apiVersion><description>Asks what an inspection found.</description>
${choice('good', 'It runs as it should')}${choice('faulty', 'It is faulty')}
${choice('vibration', 'Vibration')}${choice('heat', 'Heat')}${choice('leak', 'Leak')}
<dynamicChoiceSets><name>statuses</name><dataType>Picklist</dataType><picklistField>Status</picklistField><picklistObject>Asset</picklistObject></dynamicChoiceSets>
<label>Inspect an Asset</label><processType>Flow</processType>
<recordCreates><name>Open_Case</name><label>Open Case</label>${go('Say_Thanks')}
${assign('AssetId', 'recordId')}${assign('Subject', 'What')}<object>Case</object><storeOutputAutomatically>true</storeOutputAutomatically></recordCreates>
<recordLookups><name>Get_Asset</name><label>Get Asset</label>${go('Ask_Findings')}<filterLogic>and</filterLogic>
<filters><field>Id</field><operator>EqualTo</operator><value><elementReference>recordId</elementReference></value></filters>
<getFirstRecordOnly>true</getFirstRecordOnly><object>Asset</object><storeOutputAutomatically>true</storeOutputAutomatically></recordLookups>
<screens><name>Ask_Findings</name><label>What did you find?</label>${go('Was_It_Faulty')}
${field('Intro', 'DisplayText', '&lt;p&gt;You inspect &lt;b&gt;{!Get_Asset.Name}&lt;/b&gt; ({!Get_Asset.SerialNumber}).&lt;/p&gt;&lt;ul&gt;&lt;li&gt;Stop it first.&lt;/li&gt;&lt;li&gt;Then look.&lt;/li&gt;&lt;/ul&gt;')}
${field('Verdict', 'RadioButtons', 'How is it?', choices('good', 'faulty') + required, 'String')}
${field('What', 'InputField', 'What is wrong?', `<helpText>One line, as for a colleague.</helpText>${required}${whenFaulty}`, 'String')}
${field('Signs', 'MultiSelectCheckboxes', 'Signs', choices('vibration', 'heat', 'leak') + whenFaulty, 'String')}
${field('Condition', 'DropdownBox', 'Status of the Asset', choices('statuses'), 'String')}
${field('Hours', 'InputField', 'Operating hours', '<scale>0</scale><validationRule><errorMessage>Hours are not negative.</errorMessage><formulaExpression>{!Hours} &gt;= 0</formulaExpression></validationRule><defaultValue><numberValue>0</numberValue></defaultValue>', 'Number')}
${field('Next_Visit', 'InputField', 'Next visit', '', 'Date')}
${field('Seen_At', 'InputField', 'Seen at', '', 'DateTime')}
${field('Safe', 'InputField', 'It was left safe', '', 'Boolean')}
${field('Notes', 'LargeTextArea', 'Notes', '<helpText>Whatever the next one should know.</helpText>')}
</screens>
<screens><name>Say_Thanks</name><label>Thanks</label><allowBack>false</allowBack>
${field('Thanks', 'DisplayText', '&lt;p&gt;Thank you. Signs: {!Signs}; status: {!Condition}; safe: {!Safe}.&lt;/p&gt;')}</screens>
<decisions><name>Was_It_Faulty</name><label>Was it faulty?</label>${go('Confirm_Good', 'defaultConnector')}<defaultConnectorLabel>No</defaultConnectorLabel>
<rules><name>It_Was</name><conditionLogic>and</conditionLogic><conditions><leftValueReference>Verdict</leftValueReference><operator>EqualTo</operator><rightValue><elementReference>faulty</elementReference></rightValue></conditions>${go('Open_Case')}<label>Yes</label></rules></decisions>
<screens><name>Confirm_Good</name><label>Nothing to do</label><nextOrFinishButtonLabel>Done</nextOrFinishButtonLabel>
${field('Fine', 'DisplayText', 'Nothing will be opened.')}</screens>
<start>${go('Get_Asset')}</start><status>Active</status>
<variables><name>recordId</name><dataType>String</dataType><isCollection>false</isCollection><isInput>true</isInput><isOutput>false</isOutput></variables>`,
);

const action = xml(
  'QuickAction',
  `<flowDefinition>Asset_SCR_Inspect</flowDefinition><label>Inspect</label>
  <optionsCreateFeedItem>false</optionsCreateFeedItem><type>Flow</type>`,
);

/** The package of the page tests with a screen flow and an action that opens it. */
export const flowSource: Readonly<Record<string, string>> = {
  ...parts,
  'flows/Asset_SCR_Inspect.flow-meta.xml': inspect,
  'quickActions/Asset.Inspect.quickAction-meta.xml': action,
};
