import { worseOf } from 'c/signalShapes';
import { typeWords } from './types';

export { overallStatus } from './status';

const PHASE_ORDER = { Opened: 0, Updated: 1, Cleared: 2 };

/**
 * Episodes from the `edges` of a GraphQL answer over Asset_Signal__c, newest first. All events with one
 * Episode_Key__c are one episode; it is open when its latest event is not Cleared. Times are milliseconds
 * since 1970 UTC; a moment whose event is not among the rows is undefined.
 */
export function toEpisodes(edges) {
  const groups = new Map();
  for (const { node } of edges) {
    const event = toEvent(node);
    const group = groups.get(event.key);
    if (group) group.push(event);
    else groups.set(event.key, [event]);
  }
  return [...groups.values()].map(toEpisode).sort((a, b) => b.changedAt - a.changedAt);
}

/**
 * Whether a GraphQL connection over Asset_Signal__c, ordered by Episode_Ended_At__c with the open ones first, holds the
 * events of every open episode, although more events may exist.
 */
export function hasAllOpen({ edges, pageInfo }) {
  const last = edges[edges.length - 1];
  return !pageInfo.hasNextPage || Boolean(last?.node.Episode_Ended_At__c?.value);
}

/** The episode to look at first: the worst, and among equals the newest. Undefined when there is none. */
export function worstEpisode(episodes) {
  let worst;
  for (const episode of episodes) {
    const isWorse = !worst || worseOf(worst.severity, episode.severity) !== worst.severity;
    if (isWorse) worst = episode;
  }
  return worst;
}

function toEvent(node) {
  const value = (field) => node[field]?.value ?? undefined;
  return {
    id: node.Id,
    key: value('Episode_Key__c') ?? node.Id,
    phase: value('Phase__c'),
    type: value('Signal_Type__c') ?? '',
    severity: value('Severity__c'),
    at: Number(value('Occurred_At_Ms__c')),
    metric: value('Metric__c'),
    measured: value('Value__c'),
    baseline: value('Baseline__c'),
    unit: value('Unit__c'),
    explanation: value('Explanation__c'),
    device: value('Device_Key__c'),
    disposition: value('Disposition__c'),
    reason: value('Disposition_Reason__c'),
    case: toCase(node),
  };
}

/* A Case that the person may not read comes without its fields; then there is nothing to link to. */
function toCase(node) {
  const related = node.Case__r;
  const number = related?.CaseNumber?.value;
  if (!number) return undefined;
  return {
    id: related.Id,
    number,
    status: related.Status?.displayValue ?? related.Status?.value,
  };
}

function toEpisode(events) {
  events.sort((a, b) => a.at - b.at || PHASE_ORDER[a.phase] - PHASE_ORDER[b.phase]);
  const last = events[events.length - 1];
  const lastOf = (phase) => events.filter((event) => event.phase === phase).pop();
  const isOpen = last.phase !== 'Cleared';
  const decided = events.filter(({ phase }) => phase !== 'Cleared').pop() ?? last;
  const failed = events.filter(({ disposition }) => disposition === 'Failed').pop();
  const { disposition, reason } = failed ?? last;
  return {
    key: last.key,
    isOpen,
    ...typeWords(last.type),
    type: last.type,
    severity: isOpen ? last.severity : events.map(({ severity }) => severity).reduce(worseOf),
    metric: last.metric,
    device: last.device,
    measured: decided.measured,
    baseline: decided.baseline,
    unit: decided.unit,
    explanation: last.explanation,
    openedAt: lastOf('Opened')?.at,
    updatedAt: lastOf('Updated')?.at,
    clearedAt: isOpen ? undefined : last.at,
    firstAt: events[0].at,
    changedAt: last.at,
    disposition,
    reason,
    case: events
      .map((event) => event.case)
      .filter(Boolean)
      .pop(),
  };
}
