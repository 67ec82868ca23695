import { err, ok } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';

/** What the levels of a topic say by themselves. */
export interface TopicMatch {
  readonly device?: string;
  readonly deviceType?: string;
}

/** A topic template of a mapping, ready to be matched. */
export interface TopicTemplate {
  /** The MQTT topic filter to subscribe to: names in braces become `+`. */
  readonly filter: string;
  readonly namesDevice: boolean;
  readonly namesDeviceType: boolean;
  /** Its levels as they were written, without a `#`. */
  readonly levels: readonly string[];
  /** It ends in `#`. */
  readonly rest: boolean;
  /** Its first level is not a name of its own, so that no topic which begins with `$` matches. */
  readonly wildFirst: boolean;
  /** The parts of `topic`, or undefined where it is not one of these topics. */
  match(topic: string): TopicMatch | undefined;
}

const DEVICE = '{device}';
const DEVICE_TYPE = '{deviceType}';

/** [MQTT-1.5.4]: a topic is at most 65,535 bytes, because its length is a two byte number. */
const MAX_TOPIC_BYTES = 65_535;

/**
 * Reads a template such as `plant/{deviceType}/{device}/telemetry`.
 *
 * `{device}` and `{deviceType}` stand for exactly one level each, `+` for one level that is not
 * looked at, `#` as the last level for the rest. A wildcard in the first level does not match
 * topics that begin with `$` [MQTT-4.7.2-1]. The error is one sentence for the person who wrote
 * the template.
 */
export function parseTopicTemplate(template: string): Result<TopicTemplate, string> {
  const problem = findProblem(template);
  if (problem !== undefined) return err(problem);
  const levels = template.split('/');
  const rest = levels.at(-1) === '#';
  const fixed = rest ? levels.slice(0, -1) : levels;
  const wildFirst = levels[0] === '+' || levels[0] === '#' || levels[0]?.startsWith('{') === true;
  return ok({
    filter: levels
      .map((level) => (level === DEVICE || level === DEVICE_TYPE ? '+' : level))
      .join('/'),
    namesDevice: fixed.includes(DEVICE),
    namesDeviceType: fixed.includes(DEVICE_TYPE),
    levels: fixed,
    rest,
    wildFirst,
    match(topic) {
      if (wildFirst && topic.startsWith('$')) return undefined;
      return matchLevels(fixed, rest, topic.split('/'));
    },
  });
}

function matchLevels(
  fixed: readonly string[],
  rest: boolean,
  actual: readonly string[],
): TopicMatch | undefined {
  // `plant/#` also matches `plant` itself [MQTT-4.7.1.2].
  if (rest ? actual.length < fixed.length : actual.length !== fixed.length) return undefined;
  let device: string | undefined;
  let deviceType: string | undefined;
  for (const [index, level] of fixed.entries()) {
    const found = actual[index];
    if (level === DEVICE) device = found;
    else if (level === DEVICE_TYPE) deviceType = found;
    else if (level !== '+' && level !== found) return undefined;
  }
  return {
    ...(device === undefined ? {} : { device }),
    ...(deviceType === undefined ? {} : { deviceType }),
  };
}

function findProblem(template: string): string | undefined {
  if (template === '') return 'the topic is empty';
  if (template.includes('\u0000')) return 'the topic contains a null character';
  if (new TextEncoder().encode(template).length > MAX_TOPIC_BYTES) {
    return `the topic is longer than ${MAX_TOPIC_BYTES} bytes`;
  }
  const levels = template.split('/');
  for (const [index, level] of levels.entries()) {
    if (level === '#' && index !== levels.length - 1) return '"#" may only be the last level';
    if (level === DEVICE || level === DEVICE_TYPE || level === '#' || level === '+') continue;
    if (/[{}]/.test(level)) {
      return `"${level}" is not known: a level may be {device} or {deviceType}, alone between two "/"`;
    }
    if (/[+#]/.test(level)) return `"${level}": "+" and "#" must stand alone between two "/"`;
  }
  for (const name of [DEVICE, DEVICE_TYPE]) {
    if (levels.filter((level) => level === name).length > 1) return `${name} appears twice`;
  }
  return undefined;
}
