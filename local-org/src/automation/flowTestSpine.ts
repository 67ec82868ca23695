import { asyncPath, create, flowXml, go, onEvent, onSave } from './flowTestXml.ts';

/** For tests: an event creates a Job; the asynchronous path of the Job creates a Log. */
export const spine = {
  Ingest: flowXml(onEvent('J'), create('J', 'Job__c', { Key__c: '!$Record.Key__c' })),
  Later: flowXml(
    onSave('RecordAfterSave', undefined, asyncPath('L')),
    create('L', 'Log__c', { Key__c: '!$Record.Key__c' }, go('L2')) +
      create('L2', 'Log__c', { Key__c: '!$Record.Key__c' }),
  ),
};
