import avro from 'avsc';
import { z } from 'zod';
import { err, ok } from '../../../model/result.ts';
import type { Result } from '../../../model/result.ts';
import type { EnrichedSignal } from '../../../ports/publisher.ts';
import { eventRules, findFieldProblems, toEventFields } from '../eventFields.ts';
import type { EventField, FieldValue } from '../eventFields.ts';
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
  /**
   * The payload, as a rule in the memory of `to`. An error names every field that is wrong; nothing else is wrong with the
   * event.
   */
  encode(event: EnrichedSignal, author: Author, to: ByteWriter): Result<Buffer, string>;
}

/**
 * Makes the codec for an Avro schema of `Asset_Signal__e`. Fields the org has and we do not know
 * stay null; optional fields of ours which an older package lacks are left out.
 * @throws OrgError where the schema lacks a field without which a signal means nothing
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
  refuseOldPackage(schema.fields, prefix);

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

function refuseOldPackage(fields: readonly { readonly name: string }[], prefix: string): void {
  const present = new Set(fields.map(({ name }) => name));
  const missing = Object.entries(eventRules)
    .filter(([name, rule]) => rule.required && !present.has(prefix + name))
    .map(([name]) => prefix + name);
  if (missing.length === 0) return;
  throw new OrgError({
    kind: 'configuration',
    reason: `The org's Asset_Signal__e has no ${missing.join(', ')}.`,
    action: 'Install the package of this bridge (or a newer one), or check salesforce.namespace.',
  });
}

const isNullable = (type: unknown): boolean => Array.isArray(type) && type.includes('null');
