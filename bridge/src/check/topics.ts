import { z } from 'zod';
import { eventRules } from '../edge/salesforce/eventFields.ts';
import type { FieldRule } from '../edge/salesforce/eventFields.ts';
import { classifyCall } from '../edge/salesforce/pubsub/failures.ts';
import type { PubSubRpc, TopicInfo } from '../edge/salesforce/pubsub/rpc.ts';
import type { Rest } from '../edge/salesforce/rest.ts';
import type { Session } from '../edge/salesforce/token.ts';
import { failure, okay, skipped, warning } from './finding.ts';
import type { Finding } from './finding.ts';
import { describe } from './permissions.ts';
import type { Described } from './permissions.ts';

export interface TopicParts {
  readonly rpc: PubSubRpc;
  readonly rest: Rest;
  readonly session: Session;
  /** `host:port`, for texts. */
  readonly endpoint: string;
  readonly namespace: string;
}

const RIGHTS =
  'Give the user of the bridge the permission set Signal Bridge, in the version of this package.';
const PACKAGE =
  'Deploy the package of this bridge or a newer one to the org; check salesforce.namespace.';

/** Both topics of the package, and the schema of the event the bridge publishes. */
export async function checkTopics(parts: TopicParts): Promise<Finding[]> {
  const signal = await askTopic(parts, 'Asset_Signal__e', 'canPublish');
  const notice = await askTopic(parts, 'Signal_Notice__e', 'canSubscribe');
  const { topic } = signal;
  const schema =
    topic === undefined
      ? skipped('event schema', 'the topic cannot be used')
      : await checkSchema(parts, topic);
  return [signal.finding, ...[schema].flat(), notice.finding];
}

async function askTopic(
  { rpc, session, endpoint, namespace }: TopicParts,
  event: string,
  right: 'canPublish' | 'canSubscribe',
): Promise<{ readonly finding: Finding; readonly topic?: TopicInfo }> {
  const name = `topic ${event}`;
  const verb = right === 'canPublish' ? 'publish' : 'subscribe';
  const topicName = `/event/${namespace === '' ? '' : `${namespace}__`}${event}`;
  try {
    const topic = await rpc.getTopic(topicName, session);
    const asked = `asked the Pub/Sub API at ${endpoint} for ${topicName}`;
    if (!topic[right]) {
      const said = `${asked}: the user may not ${verb} to it`;
      return { finding: failure(name, said, RIGHTS), topic };
    }
    return { finding: okay(name, `${asked}: the user may ${verb}`), topic };
  } catch (error) {
    const { failure: known } = classifyCall(endpoint, error);
    return { finding: failure(name, known.reason, known.action) };
  }
}

const schemaShape = z.object({
  fields: z.array(z.looseObject({ name: z.string(), type: z.unknown() })),
});
/** How Avro carries each kind of field. Source: Pub/Sub API guide, "Event Data Serialization with Apache Avro". */
const AVRO = { text: 'string', number: 'double', time: 'long' } as const;

async function checkSchema(parts: TopicParts, topic: TopicInfo): Promise<Finding> {
  const name = 'event schema';
  const { rpc, rest, session, endpoint, namespace } = parts;
  const prefix = namespace === '' ? '' : `${namespace}__`;
  let schema: z.infer<typeof schemaShape>;
  try {
    const { schemaJson } = await rpc.getSchema(topic.schemaId, session);
    schema = schemaShape.parse(JSON.parse(schemaJson));
  } catch (error) {
    const { failure: known } = classifyCall(endpoint, error);
    return failure(name, known.reason, known.action);
  }
  const types = new Map(schema.fields.map((field) => [field.name, field.type]));
  const described = await describe(rest, `${prefix}Asset_Signal__e`);
  const rules: readonly (readonly [string, FieldRule])[] = Object.entries(eventRules);
  const vital: string[] = [];
  const spared: string[] = [];
  for (const [field, rule] of rules) {
    const problem = findProblem(prefix + field, rule, types, described);
    if (problem !== undefined)
      (rule.required || types.has(prefix + field) ? vital : spared).push(problem);
  }
  const said = `compared ${rules.length} fields of Asset_Signal__e with what the bridge sends`;
  if (vital.length > 0) {
    return failure(name, `${said}: ${[...vital, ...spared].join('; ')}`, PACKAGE);
  }
  return spared.length > 0
    ? warning(name, `${said}: ${spared.join('; ')}; signals go out without`, PACKAGE)
    : okay(name, `${said}: all are there`);
}

function findProblem(
  name: string,
  rule: FieldRule,
  types: ReadonlyMap<string, unknown>,
  described: Described | undefined,
): string | undefined {
  const type = types.get(name);
  if (type === undefined) return `${name} is missing`;
  if (![type].flat().includes(AVRO[rule.kind])) {
    return `${name} is ${JSON.stringify(type)}, ${AVRO[rule.kind]} is needed`;
  }
  const length = described?.fields.find((field) => field.name === name)?.length;
  if (rule.kind !== 'text' || length === undefined || length >= rule.maxLength) return undefined;
  return `${name} takes ${length} characters, up to ${rule.maxLength} are needed`;
}
