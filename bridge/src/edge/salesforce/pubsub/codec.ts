import avro from 'avsc';
import { z } from 'zod';
import { err, ok } from '../../../model/result.ts';
import type { Result } from '../../../model/result.ts';
import type { EnrichedSignal } from '../../../ports/publisher.ts';
import { eventRules, findFieldProblems, toEventFields } from '../eventFields.ts';
import type { EventField, FieldRule, FieldValue } from '../eventFields.ts';
import { OrgError } from '../orgError.ts';
import type { ByteWriter } from './byteWriter.ts';
import { compileEventWriter } from './eventWriter.ts';
import type { Author, EventValues } from './eventWriter.ts';

const schemaShape = z.object({
  type: z.literal('record'),
  name: z.string(),
  fields: z.array(
    z.object({ name: z.string(), type: z.unknown(), default: z.unknown().optional() }),
  ),
});

/** Turns signals into the bytes one version of the org's event wants. */
export interface EventCodec {
  readonly schemaId: string;
  /** Optional fields of ours that the org's event does not have: signals go out without them. */
  readonly lacking: readonly string[];
  /**
   * The payload, as a rule in the memory of `to`. An error names every field that is wrong; nothing else is wrong with the
   * event.
   */
  encode(event: EnrichedSignal, author: Author, to: ByteWriter): Result<Buffer, string>;
}

/**
 * Makes the codec for an Avro schema of `Asset_Signal__e`. Fields the org has and we do not know
 * stay null; optional fields of ours which an older package lacks are left out.
 * @throws OrgError where the schema lacks a field without which a signal means nothing, has one of ours as another type,
 * or requires one that is unknown: no event would get through, so they had better wait
 */
export function makeEventCodec(
  schemaId: string,
  schemaJson: string,
  namespace: string,
): EventCodec {
  const schema = readSchema(schemaJson);
  // The schema was checked above; avsc wants its own type for it.
  const type = avro.Type.forSchema(schema as avro.Schema);
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const names = new Map(Object.keys(eventRules).map((name) => [prefix + name, name as EventField]));
  const lacking = findLacking(schema.fields, prefix);

  const write = compileEventWriter(schema.fields, names);

  /** Says what is wrong, in the words of the contract or of the org's schema. */
  function encodeSlowly(fields: EventValues, { userId, now }: Author): Result<Buffer, string> {
    const problems = [...findFieldProblems(fields)];
    const payload: Record<string, FieldValue | null> = {};
    for (const field of schema.fields) {
      const ours = names.get(field.name);
      const value =
        field.name === 'CreatedDate'
          ? now
          : field.name === 'CreatedById'
            ? userId
            : ours === undefined
              ? undefined
              : fields[ours];
      if (value !== undefined) payload[field.name] = value;
      else if (isNullable(field.type)) payload[field.name] = null;
      else if (field.default === undefined) {
        problems.push(`${field.name} is required by the org and unknown to the bridge`);
      }
    }
    if (problems.length === 0) {
      type.isValid(payload, {
        errorHook: (path, value, expected) => {
          problems.push(
            `${path.join('.')} is ${JSON.stringify(value)}, the org wants ${String(expected)}`,
          );
        },
      });
    }
    if (problems.length > 0) return err(problems.join('; '));
    return ok(type.toBuffer(payload));
  }

  return {
    schemaId,
    lacking,
    encode(event, author, to) {
      const fields = toEventFields(event);
      if (write?.(fields, author, to) === true) return ok(to.finish());
      to.discard();
      return encodeSlowly(fields, author);
    },
  };
}

function readSchema(schemaJson: string): z.infer<typeof schemaShape> {
  try {
    return schemaShape.parse(JSON.parse(schemaJson));
  } catch (cause) {
    throw new OrgError(
      {
        kind: 'configuration',
        reason: 'The schema of Asset_Signal__e that the org sent is not an Avro record.',
        action: 'Check salesforce.pubsub.endpoint: it must be the Pub/Sub API.',
      },
      { cause },
    );
  }
}

/** What each kind of field may be in Avro. Source: Pub/Sub API guide, "Event Data Serialization with Apache Avro". */
const AVRO = { text: ['string'], number: ['double', 'long'], time: ['long'] } as const;

/** Optional fields that are not there. @throws OrgError where one is not there, or is not as it must be, that is needed */
function findLacking(fields: z.infer<typeof schemaShape>['fields'], prefix: string): string[] {
  const types = new Map(fields.map(({ name, type }) => [name, [type].flat()]));
  const rules: readonly (readonly [string, FieldRule])[] = Object.entries(eventRules);
  const absent = rules.filter(([name]) => !types.has(prefix + name));
  const missing = absent.filter(([, { required }]) => required).map(([name]) => prefix + name);
  const wrong = rules.flatMap(([name, { kind }]) => {
    const found = types.get(prefix + name);
    const isFit = found?.some((type) => AVRO[kind].some((one) => one === type)) ?? true;
    return isFit
      ? []
      : [`${prefix}${name} as ${JSON.stringify(found)} instead of ${AVRO[kind][0]}`];
  });
  const ours = new Set(rules.map(([name]) => prefix + name));
  const unknown = fields
    .filter((field) => !ours.has(field.name) && !CREATED.includes(field.name) && isNeeded(field))
    .map(({ name }) => `${name}, which it requires and the bridge does not know`);
  if (missing.length + wrong.length + unknown.length === 0)
    return absent.map(([name]) => prefix + name);
  const said = [...(missing.length > 0 ? [`no ${missing.join(', ')}`] : []), ...wrong, ...unknown];
  throw new OrgError({
    kind: 'configuration',
    reason: `The org's Asset_Signal__e has ${said.join(', and ')}.`,
    action: INSTALL,
  });
}

export const INSTALL =
  'Install the package of this bridge (or a newer one), or check salesforce.namespace.';

/** Part of every payload. */
const CREATED: readonly string[] = ['CreatedDate', 'CreatedById'];

const isNeeded = (field: { readonly type: unknown; readonly default?: unknown }): boolean =>
  !isNullable(field.type) && field.default === undefined;

const isNullable = (type: unknown): boolean => Array.isArray(type) && type.includes('null');
