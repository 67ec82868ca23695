import type { MetadataFile } from './file.ts';
import type { Org } from './org.ts';
import type { Schema } from './schema.ts';
import type { Finding } from './validate.ts';

/** What a rule may look at besides the file. */
export interface Context {
  readonly schema: Schema;
  /** All objects and fields that the files bring, and the standard ones that are known. */
  readonly org: Org;
}

/** A rule of this project for metadata, beyond what the schema says. */
export type Rule = (file: MetadataFile, context: Context) => Iterable<Finding>;
