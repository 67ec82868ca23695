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
  mayField(userId: string, object: string, field: string, right: 'read' | 'edit'): boolean;
}
