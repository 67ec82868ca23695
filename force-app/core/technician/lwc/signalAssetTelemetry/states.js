import { fill, labels } from 'c/signalLabels';
import { isNoAccess, missingFields, reduceError } from 'c/signalErrors';
import { momentText } from 'c/signalText';
import { isBridgeSilent, isDeviceSilent } from './lease';

const NEEDED = [
  'Series__c',
  'Answered_At__c',
  'Last_Reading_At__c',
  'Requested_At__c',
  'Live_Until__c',
];

const waiting = Object.freeze({ state: 'loading', message: labels.waiting });

const unanswered = Object.freeze({
  state: 'stale',
  heading: labels.bridgeSilentHeading,
  message: labels.bridgeNeverText,
  actionLabel: labels.askAgain,
});

/** Whether the person may ask the bridge, by what object info says of Telemetry_View__c. */
export function mayAsk(info) {
  return info.createable && info.updateable && missingFields(info, NEEDED).length === 0;
}

/**
 * What the panel as a whole says: `state` and, when it is not `ready`, its words. `errors` are those of the
 * wires and of saving, `info` the object info of Telemetry_View__c, `answer` the bridge's, `requestedAt`
 * when it was asked (ms; undefined before), `deviceCount` undefined while unknown.
 */
export function stateOf({ errors, info, answer, requestedAt, deviceCount, now }) {
  if (errors.some(isNoAccess)) return noAccess(labels.noAccessText);
  if (info && !mayAsk(info)) return noAccess(labels.noViewAccessText);
  if (errors.length > 0) return failed(errors.map(reduceError).join(' '));
  if (answer?.isUnreadable) return failed(labels.unreadableSeries);
  if (!isCurrent(answer, requestedAt)) {
    if (requestedAt === undefined || !isBridgeSilent(requestedAt, now)) return waiting;
    if (answer?.answeredAt === undefined) return unanswered;
  }
  if (hasReadings(answer)) return { state: 'ready' };
  if (deviceCount === 0) return empty(labels.noDeviceHeading, labels.noDeviceText);
  return empty(labels.noReadingsHeading, answer.message ?? labels.noReadingsText);
}

/** The banner above a chart that may be out of date or holds less than was asked for, or undefined. */
export function bannerOf({ answer, requestedAt, now }) {
  const { answeredAt, lastReadingAt, telemetry } = answer;
  if (isBridgeSilent(Math.max(answeredAt, requestedAt ?? 0), now)) {
    return {
      heading: labels.bridgeSilentHeading,
      message: fill(labels.bridgeSilentText, momentText(answeredAt, now)),
      actionLabel: labels.askAgain,
      isStale: true,
    };
  }
  if (lastReadingAt !== undefined && isDeviceSilent(lastReadingAt, now, telemetry)) {
    const message = fill(labels.deviceSilentText, momentText(lastReadingAt, now));
    return { heading: labels.deviceSilentHeading, message, isStale: true };
  }
  return answer.message && { heading: labels.partialHeading, message: answer.message };
}

/* What a view says from an earlier visit is shown only when no new answer comes. */
function isCurrent(answer, requestedAt) {
  if (answer?.answeredAt === undefined) return false;
  return requestedAt === undefined || !isBridgeSilent(answer.answeredAt, requestedAt);
}

function hasReadings({ telemetry }) {
  return Boolean(telemetry) && telemetry.metrics.length > 0;
}

function noAccess(message) {
  return { state: 'noAccess', heading: labels.noAccessHeading, message };
}

function failed(message) {
  return { state: 'error', heading: labels.errorHeading, message, actionLabel: labels.retry };
}

function empty(heading, message) {
  return { state: 'empty', heading, message };
}
