import { fill, labels } from 'c/signalLabels';
import { hasAllOpen, overallStatus, toEpisodes, worstEpisode } from 'c/signalEpisodes';
import { momentText, relativeText } from 'c/signalText';

/* Name and outline of a status: each has its own shape besides its colour. */
const STATUSES = {
  Normal: { word: labels.statusNormal, icon: 'utility:success', style: 'normal' },
  Attention: { word: labels.statusAttention, icon: 'utility:warning', style: 'attention' },
  Critical: { word: labels.statusCritical, icon: 'utility:error', style: 'critical' },
  NoContact: { word: labels.statusNoContact, icon: 'utility:offline', style: 'nocontact' },
  Unknown: { word: labels.statusUnknown, icon: 'utility:question', style: 'unknown' },
};
const NAMED_DEVICES = 2;

/**
 * What the health panel shows, from the connections of the signals and devices connection and the node of the
 * person's own telemetry view (undefined without one). `now` and `silentAfterMs` are milliseconds.
 */
export function describeHealth({ signals, devices, view, now, silentAfterMs }) {
  const open = toEpisodes(signals.edges).filter(({ isOpen }) => isOpen);
  const worst = worstEpisode(open);
  const lastSeenAt = toMs(view?.Last_Reading_At__c?.value);
  const answeredAt = toMs(view?.Answered_At__c?.value);
  const status = overallStatus({ open, lastSeenAt, answeredAt, now, silentAfterMs });
  const { word, icon, style } = STATUSES[status];
  return {
    word,
    isLastSeenUnknown: lastSeenAt === undefined,
    icon,
    panelClass: `panel panel_${style}`,
    sentence: sentenceOf(status, {
      signals,
      worst,
      lastSeenAt,
      now,
      deviceCount: devices.totalCount,
    }),
    lastSeen:
      lastSeenAt === undefined ? labels.unknown : relativeText(Math.min(lastSeenAt, now), now),
    lastSeenExact: lastSeenAt === undefined ? undefined : momentText(lastSeenAt, now),
    openCount: hasAllOpen(signals) ? open.length : fill(labels.atLeast, open.length),
    worst: worst?.severity,
    devices: deviceText(devices),
  };
}

function sentenceOf(status, { signals, worst, lastSeenAt, now, deviceCount }) {
  if (status === 'Normal') {
    return hasAllOpen(signals)
      ? labels.sentenceNormal
      : fill(labels.sentenceNormalLatest, signals.edges.length);
  }
  if (status === 'NoContact') {
    if (lastSeenAt === undefined) return labels.sentenceNoContactNever;
    return fill(labels.sentenceNoContact, momentText(lastSeenAt, now));
  }
  if (worst) return fill(labels.sentenceOpen, worst.title, momentText(worst.firstAt, now));
  return deviceCount > 0 ? labels.sentenceUnknown : labels.sentenceNoDevice;
}

function deviceText({ edges, totalCount }) {
  if (totalCount === 0) return labels.none;
  const names = edges.slice(0, NAMED_DEVICES).map(({ node }) => node.Device_Key__c?.value);
  const text = names.join(', ');
  const more = totalCount - names.length;
  return more > 0 ? fill(labels.andMore, text, more) : text;
}

function toMs(value) {
  return value ? Date.parse(value) : undefined;
}
