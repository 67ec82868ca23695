import type { Policy } from '../model/policy.ts';
import type { Happening } from './happening.ts';
import { jsonOfPoints } from './state/pointsJson.ts';

/**
 * The evidence of an event as JSON: the last points of the series (`[milliseconds, value]`, at
 * most 20), the options the detector judged by, and what it knew. A few thousand characters at
 * most, since every part is of fixed size; `Snapshot__c` holds 32,000. Where the purpose of the policy does not need them,
 * without points and what the detector knew.
 */
export function snapshotOf(happening: Happening): string {
  const { lane, event, verdict, unit, numbers, at, points } = happening;
  const { policy, judge, metric } = lane;
  const { start, since, cause } = event;
  const { level, value, baseline, score } = verdict;
  const { purpose } = policy;
  const isSparing = purpose === 'Engagement' || purpose === 'Compliance';
  // Written by hand: every signal has one, and most of it are numbers and what the policy always says.
  return (
    `{"version":1,"episode":{"start":${json(start)},"since":${json(since)},"cause":"${cause}"}` +
    (metric === undefined ? '' : `,"metric":${JSON.stringify(metric)}`) +
    (unit === undefined ? '' : `,"unit":${JSON.stringify(unit)}`) +
    `,"points":${isSparing ? '[]' : jsonOfPoints(points)}${jsonOfPolicy(policy)},"judged":{"level":"${level}",` +
    `"value":${json(value)},"baseline":${json(baseline)},"score":${json(Math.round(score * 1000) / 1000)}}` +
    `,"state":${isSparing ? '{}' : jsonOfNumbers(judge.fields, numbers, at)}}`
  );
}

/** As JSON has it: what is no number is null. */
const json = (value: number): string => (Number.isFinite(value) ? String(value) : 'null');

/** @param fields names that need no escaping */
function jsonOfNumbers(fields: readonly string[], numbers: Float64Array, at: number): string {
  let text = '{';
  for (let index = 0; index < fields.length; index += 1) {
    text += `${index === 0 ? '' : ','}"${fields[index]}":${json(numbers[at + index] as number)}`;
  }
  return `${text}}`;
}

const known = new WeakMap<Policy, string>();

/** What the evidence says of a policy, which is always the same. */
function jsonOfPolicy(policy: Policy): string {
  let text = known.get(policy);
  if (text === undefined) {
    const { detector, openAfterMs, clearAfterMs, updateEveryMs } = policy;
    const timing = { openAfterMs, clearAfterMs, updateEveryMs };
    text = `,"limits":${JSON.stringify(detector)},"timing":${JSON.stringify(timing)}`;
    known.set(policy, text);
  }
  return text;
}
