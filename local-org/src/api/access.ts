import type { ObjectDef } from '../metadata/schema.ts';
import type { Condition, RecordData } from '../store/records.ts';

export type ObjectRight = 'create' | 'read' | 'edit' | 'delete';

/** A logged-in user behind an access token. */
export interface Session {
  readonly userId: string;
  readonly organizationId: string;
}

/** What the REST and the Pub/Sub API ask before they do anything. */
export interface Access {
  /** The session of a token, or undefined when it is unknown or has expired. */
  session(accessToken: string): Session | undefined;
  may(userId: string, object: string, right: ObjectRight): boolean;
  /** Fields without permissions of their own (system, required, names) follow their object. */
  mayField(userId: string, object: string, field: string, right: 'read' | 'edit'): boolean;
  /** Sharing: whether the user may do this to this row; asked after `may`. */
  mayRow(userId: string, object: ObjectDef, row: RecordData, right: ObjectRight): boolean;
  /** Sharing: the rows that the user sees, or undefined for all. */
  rowFilter(userId: string, object: ObjectDef): Condition | undefined;
}
