import avro from 'avsc';
import { z } from 'zod';
import { err, ok } from '../../../model/result.ts';
import type { Result } from '../../../model/result.ts';
import type { Notice } from '../../../ports/notices.ts';

/** Reads `Signal_Notice__e` as one version of its schema wrote it. */
export interface NoticeCodec {
  /** The error says what is wrong with this event. */
  decode(payload: Uint8Array): Result<Notice, string>;
}

/** A field the event lacks reads as one that is empty: then the notice is nobody's business. */
const text = z.string().nullish();

/**
 * @param prefix of the package's names, such as `ns__`; empty without a namespace
 * @throws where the text is no Avro schema
 */
export function makeNoticeCodec(schemaJson: string, prefix: string): NoticeCodec {
  // avsc judges the schema itself and throws where it is none.
  const type = avro.Type.forSchema(JSON.parse(schemaJson) as avro.Schema);
  const shape = z.looseObject({ [`${prefix}Kind__c`]: text, [`${prefix}Record_Id__c`]: text });
  return {
    decode(payload) {
      try {
        const fields = shape.parse(type.fromBuffer(Buffer.from(payload)));
        return ok({
          kind: text.parse(fields[`${prefix}Kind__c`]) ?? '',
          recordId: text.parse(fields[`${prefix}Record_Id__c`]) ?? '',
        });
      } catch (error) {
        return err(error instanceof Error ? error.message : String(error));
      }
    },
  };
}
