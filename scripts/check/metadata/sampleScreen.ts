import type { SourceFile } from './files.ts';

function file(path: string, type: string, body: string): SourceFile {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${body}</${type}>
`;
  return { path: `force-app/core/${path}`, text };
}

/** The part of the sample that a person answers: a screen flow, and the action that opens it. */
export const SCREEN_SAMPLE: readonly SourceFile[] = [
  file(
    'flows/Reading_SCR_Ask.flow-meta.xml',
    'Flow',
    `
  <apiVersion>66.0</apiVersion>
  <choices>
    <description>It is so.</description>
    <name>yes</name>
    <choiceText>Yes</choiceText>
    <dataType>String</dataType>
    <value><stringValue>yes</stringValue></value>
  </choices>
  <description>Needs a reading. Does ask about it. Gives nothing.</description>
  <dynamicChoiceSets>
    <description>The readings there are.</description>
    <name>readings</name>
    <dataType>String</dataType>
    <displayField>State__c</displayField>
    <object>Reading__c</object>
    <valueField>Id</valueField>
  </dynamicChoiceSets>
  <dynamicChoiceSets>
    <description>The states there are.</description>
    <name>states</name>
    <dataType>Picklist</dataType>
    <picklistField>State__c</picklistField>
    <picklistObject>Reading__c</picklistObject>
  </dynamicChoiceSets>
  <label>Reading: ask</label>
  <processType>Flow</processType>
  <screens>
    <description>Asks about the reading.</description>
    <name>Ask_Person</name>
    <label>Ask Person</label>
    <locationX>0</locationX>
    <locationY>0</locationY>
    <allowBack>true</allowBack>
    <allowFinish>true</allowFinish>
    <allowPause>false</allowPause>
    <fields>
      <name>Intro</name>
      <fieldText>About {!recordId}</fieldText>
      <fieldType>DisplayText</fieldType>
    </fields>
    <fields>
      <name>Sure</name>
      <choiceReferences>yes</choiceReferences>
      <dataType>String</dataType>
      <defaultSelectedChoiceReference>yes</defaultSelectedChoiceReference>
      <fieldText>Sure?</fieldText>
      <fieldType>RadioButtons</fieldType>
      <isRequired>true</isRequired>
    </fields>
    <fields>
      <name>Which</name>
      <choiceReferences>readings</choiceReferences>
      <choiceReferences>states</choiceReferences>
      <dataType>String</dataType>
      <fieldText>Which?</fieldText>
      <fieldType>DropdownBox</fieldType>
      <isRequired>false</isRequired>
    </fields>
    <showFooter>true</showFooter>
    <showHeader>true</showHeader>
  </screens>
  <start>
    <locationX>0</locationX>
    <locationY>0</locationY>
    <connector><targetReference>Ask_Person</targetReference></connector>
  </start>
  <status>Active</status>
  <variables>
    <description>The reading to ask about.</description>
    <name>recordId</name>
    <dataType>String</dataType>
    <isCollection>false</isCollection>
    <isInput>true</isInput>
    <isOutput>false</isOutput>
  </variables>
`,
  ),
  file(
    'quickActions/Reading__c.Ask.quickAction-meta.xml',
    'QuickAction',
    `
  <description>Asks about the reading.</description>
  <flowDefinition>Reading_SCR_Ask</flowDefinition>
  <label>Ask</label>
  <optionsCreateFeedItem>false</optionsCreateFeedItem>
  <type>Flow</type>
`,
  ),
];
