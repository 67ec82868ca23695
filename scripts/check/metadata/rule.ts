import type { Component } from './components/component.ts';
import type { MetadataFile } from './file.ts';
import type { SourceFile } from './files.ts';
import type { Org } from './org.ts';
import type { GraphQLSchema } from 'graphql';
import type { Schema } from './schema.ts';
import type { Finding } from './validate.ts';

/** What the project says about itself that cannot be read from its files. */
export interface Settings {
  /** Modules and tags `lightning/x` that exist: the base components. */
  readonly lightning: ReadonlySet<string>;
  /** Permission set → who needs what it grants; for sets not named anybody will do. */
  readonly jobs: Readonly<Record<string, readonly UserKind[]>>;
  /** Fields (`Object.Field`) and whole objects that the bridge is to use and does not name yet. */
  readonly awaited: readonly string[];
  /** Fields of standard objects that an admin puts on the customer's own layouts: people meet them there. */
  readonly customerPages: readonly string[];
  /** Findings that are meant to be, each by its whole text, with the reason. */
  readonly exceptions: Readonly<Record<string, string>>;
}

/** Who reads or writes a field. */
export type UserKind = 'flow' | 'component' | 'bridge' | 'page' | 'formula';

/** What a rule may look at besides the file. */
export interface Context {
  readonly schema: Schema;
  readonly settings: Settings;
  /** All objects and fields that the files bring, and the standard ones that are known. */
  readonly org: Org;
  readonly files: readonly MetadataFile[];
  readonly components: readonly Component[];
  /** The bridge's own sources: the other reader and writer of fields. */
  readonly bridge: readonly SourceFile[];
}

/** Who reads a field and who writes it. */
export interface FieldUse {
  readonly reads: ReadonlySet<UserKind>;
  readonly writes: ReadonlySet<UserKind>;
}

/** What a rule for everything may look at besides. */
export interface PackageContext extends Context {
  /** What components may ask of the org. */
  readonly graphql: GraphQLSchema;
  /** `Object.Field` → who uses it. */
  readonly uses: ReadonlyMap<string, FieldUse>;
}

/** A rule of this project for one metadata file, beyond what the schema says. */
export type Rule = (file: MetadataFile, context: Context) => Iterable<Finding>;

/** A finding in one of many files. */
export interface PlacedFinding extends Finding {
  readonly path: string;
}

/** A rule for everything at once: what refers to what, and what nobody uses. */
export type PackageRule = (context: PackageContext) => Iterable<PlacedFinding>;
