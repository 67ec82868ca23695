import healthTitle from '@salesforce/label/c.Signal_Health_Title';
import statusNormal from '@salesforce/label/c.Signal_Status_Normal';
import statusAttention from '@salesforce/label/c.Signal_Status_Attention';
import statusCritical from '@salesforce/label/c.Signal_Status_Critical';
import statusNoContact from '@salesforce/label/c.Signal_Status_No_Contact';
import statusUnknown from '@salesforce/label/c.Signal_Status_Unknown';
import atLeast from '@salesforce/label/c.Signal_At_Least';
import sentenceNormalLatest from '@salesforce/label/c.Signal_Sentence_Normal_Latest';
import sentenceNormal from '@salesforce/label/c.Signal_Sentence_Normal';
import sentenceOpen from '@salesforce/label/c.Signal_Sentence_Open';
import sentenceNoContact from '@salesforce/label/c.Signal_Sentence_No_Contact';
import sentenceNoContactNever from '@salesforce/label/c.Signal_Sentence_No_Contact_Never';
import sentenceUnknown from '@salesforce/label/c.Signal_Sentence_Unknown';
import sentenceNoDevice from '@salesforce/label/c.Signal_Sentence_No_Device';
import lastSeen from '@salesforce/label/c.Signal_Last_Seen';
import openSignals from '@salesforce/label/c.Signal_Open_Signals';
import worstSeverity from '@salesforce/label/c.Signal_Worst_Severity';
import devices from '@salesforce/label/c.Signal_Devices';
import none from '@salesforce/label/c.Signal_None';
import andMore from '@salesforce/label/c.Signal_And_More';
import severityCritical from '@salesforce/label/c.Signal_Severity_Critical';
import severityHigh from '@salesforce/label/c.Signal_Severity_High';
import severityMedium from '@salesforce/label/c.Signal_Severity_Medium';
import severityLow from '@salesforce/label/c.Signal_Severity_Low';

/** Words of the health panel and severities. */
export default {
  healthTitle,
  statusNormal,
  statusAttention,
  statusCritical,
  statusNoContact,
  statusUnknown,
  atLeast,
  sentenceNormal,
  sentenceNormalLatest,
  sentenceOpen,
  sentenceNoContact,
  sentenceNoContactNever,
  sentenceUnknown,
  sentenceNoDevice,
  lastSeen,
  openSignals,
  worstSeverity,
  devices,
  none,
  andMore,
  severityCritical,
  severityHigh,
  severityMedium,
  severityLow,
};
