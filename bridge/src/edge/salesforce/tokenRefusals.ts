import type { OrgFailure } from '../../ports/publisher.ts';

/** Who asked for the token, for texts that tell a person. */
export interface LoginNames {
  readonly loginUrl: string;
  readonly audience?: string;
  readonly clientId: string;
  readonly username: string;
}

/** The body of a refused token request (RFC 6749 5.2). */
export interface Refusal {
  readonly error: string;
  readonly error_description: string;
}

/**
 * What a refused login means. The error code decides what the bridge does (nothing but try again,
 * later); Salesforce uses `invalid_grant` for almost everything, so the description only chooses
 * the most helpful advice.
 */
export function describeRefusal(
  names: LoginNames,
  { error, error_description }: Refusal,
): OrgFailure {
  const said = error_description === '' ? error : `${error}: ${error_description}`;
  return {
    kind:
      error === 'server_error' || error === 'temporarily_unavailable' ? 'unreachable' : 'refused',
    reason: `${names.loginUrl} refused the login of ${names.username} (${said}).`,
    action: adviceFor(names, error, error_description.toLowerCase()),
  };
}

function adviceFor(names: LoginNames, error: string, description: string): string {
  const audience = names.audience ?? names.loginUrl;
  if (error === 'invalid_client_id' || error === 'invalid_client') {
    return 'Check salesforce.clientId: it must be the consumer key of the External Client App of this org.';
  }
  if (description.includes('approved')) {
    return `Let ${names.username} use the app: in its policies choose "Admin approved users are pre-authorized" and add a permission set of this user.`;
  }
  if (description.includes('audience')) {
    return `Check salesforce.audience (now ${audience}): https://login.salesforce.com, https://test.salesforce.com for a sandbox, or the My Domain address.`;
  }
  if (description.includes('expired')) {
    return "Check this machine's clock: the assertion the bridge signs is valid for 3 minutes.";
  }
  if (description.includes('assertion') || description.includes('signature')) {
    return 'Check that the certificate uploaded to the app belongs to salesforce.privateKeyFile, and that salesforce.username is right.';
  }
  if (description.includes('user') || description.includes('inactive')) {
    return `Check that ${names.username} exists in this org, is active and may use the API.`;
  }
  return (
    'Check, in this order: the certificate of the app belongs to salesforce.privateKeyFile; ' +
    `${names.username} is pre-authorized for the app; salesforce.audience (now ${audience}); this machine's clock.`
  );
}
