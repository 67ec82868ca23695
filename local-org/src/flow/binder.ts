import type { ObjectDef, OrgMetadata } from '../metadata/schema.ts';
import type { FlowSource, Operand } from './model.ts';
import type { Accessor, Limited, ScalarAccessor } from './runtime.ts';
import type { FlowType } from './values.ts';

/**
 * Binds the names of one flow at load. Everything that means nothing, has no such field or is of
 * the wrong type ends in `fail` or `unsupported`, which name the file and the element.
 */
export interface Binder {
  readonly flow: FlowSource;
  readonly metadata: OrgMetadata;
  fail(element: string, message: string): never;
  unsupported(element: string, feature: string): never;
  object(element: string, name: string): ObjectDef;
  /** Another flow that is active, for a subflow element. */
  subflow(element: string, name: string): FlowSource;
  /** What a name means. */
  accessor(element: string, path: string): Accessor;
  /** A field of a record, possibly through lookups. */
  field(element: string, root: Limited, path: string, segments: readonly string[]): Accessor;
  /** A single value (not a record, not a collection). */
  scalar(element: string, path: string): ScalarAccessor;
  operand(element: string, operand: Operand): Accessor;
  /** An operand that must have a type; `what` says for what. */
  operandOf(element: string, operand: Operand, wanted: FlowType, what: string): Accessor;
  /** A name the flow may assign to. */
  target(element: string, path: string): Accessor & { readonly set: NonNullable<Accessor['set']> };
}
