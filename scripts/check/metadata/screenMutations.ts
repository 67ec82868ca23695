import type { Mutation } from './sample.ts';

const FLOW = 'Reading_SCR_Ask.flow';
const ACTION = 'Reading__c.Ask.quickAction';

/** Faults that the rules must find in the screen flow of the sample and in the action that opens it. */
export const SCREEN_MUTATIONS: readonly Mutation[] = [
  [
    'a screen without a description',
    FLOW,
    '<description>Asks about the reading.</description>',
    '',
    'screens Ask_Person has no <description>',
  ],
  [
    'an unknown choice',
    FLOW,
    '<choiceReferences>yes<',
    '<choiceReferences>no<',
    "'no' is no choice of this flow",
  ],
  [
    'an unknown default choice',
    FLOW,
    '<defaultSelectedChoiceReference>yes<',
    '<defaultSelectedChoiceReference>no<',
    "'no' is no choice of this flow",
  ],
  [
    'an unknown field in a choice set',
    FLOW,
    '<displayField>State__c<',
    '<displayField>Stade__c<',
    'Reading__c has no field Stade__c',
  ],
  [
    'an unknown picklist in a choice set',
    FLOW,
    '<picklistField>State__c<',
    '<picklistField>Stade__c<',
    'Reading__c has no field Stade__c',
  ],
  [
    'a choice set of an unknown object',
    FLOW,
    '<picklistObject>Reading__c<',
    '<picklistObject>Readings__c<',
    'object Readings__c is unknown',
  ],
  [
    'a choice set of records without an object',
    FLOW,
    '<object>Reading__c</object>',
    '',
    '<dynamicChoiceSets> lacks <object>',
  ],
  [
    'an action that opens no flow of the package',
    ACTION,
    '<flowDefinition>Reading_SCR_Ask<',
    '<flowDefinition>Reading_SCR_Other<',
    'flow Reading_SCR_Other is not in force-app',
  ],
  [
    'an action that opens a flow without screens',
    ACTION,
    '<flowDefinition>Reading_SCR_Ask<',
    '<flowDefinition>Reading_EVT_Store<',
    'flow Reading_EVT_Store is no screen flow',
  ],
  [
    'an action whose flow does not take the record',
    FLOW,
    /recordId/g,
    'readingId',
    'flow Reading_SCR_Ask has no variable recordId',
  ],
];
