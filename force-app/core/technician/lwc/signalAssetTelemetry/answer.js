import ANSWERED_AT from '@salesforce/schema/Telemetry_View__c.Answered_At__c';
import BRIDGE_MESSAGE from '@salesforce/schema/Telemetry_View__c.Bridge_Message__c';
import LAST_READING_AT from '@salesforce/schema/Telemetry_View__c.Last_Reading_At__c';
import SERIES from '@salesforce/schema/Telemetry_View__c.Series__c';
import { getFieldValue } from 'lightning/uiRecordApi';
import { decodeSeries } from 'c/signalSeries';

/** What the panel reads of its telemetry view. */
export const VIEW_FIELDS = [SERIES, ANSWERED_AT, LAST_READING_AT, BRIDGE_MESSAGE];

/**
 * The bridge's answer in a telemetry view's record: `telemetry` as `decodeSeries` reads it (undefined
 * without one), moments in ms, and `isUnreadable` for a series of another version or form. A series that
 * `previous` held already is not read again.
 */
export function readAnswer(record, previous) {
  const text = getFieldValue(record, SERIES) ?? undefined;
  const answer = {
    text,
    answeredAt: toMs(getFieldValue(record, ANSWERED_AT)),
    lastReadingAt: toMs(getFieldValue(record, LAST_READING_AT)),
    message: getFieldValue(record, BRIDGE_MESSAGE) ?? undefined,
    telemetry: previous?.telemetry,
    isUnreadable: previous?.isUnreadable ?? false,
  };
  if (text === previous?.text) return answer;
  try {
    return { ...answer, isUnreadable: false, telemetry: text && decodeSeries(text) };
  } catch {
    return { ...answer, isUnreadable: true, telemetry: undefined };
  }
}

function toMs(value) {
  return value ? Date.parse(value) : undefined;
}
