import express from 'express';
import type { Response, Router } from 'express';

import type { Access, Session } from '../access.ts';
import { answerEnvelope, faultEnvelope, readEnvelope, SoapFault } from './envelope.ts';
import type { SoapNode, SoapValue } from './envelope.ts';

/** An operation of a SOAP API: what it answers stands in the element `result`, once or more. */
export type SoapOperation = (body: SoapNode, session: Session) => SoapValue;

/** One of the platform's SOAP APIs: where it is, how its elements are called, and what it does. */
export interface SoapApi {
  /** The letter in its address: `/services/Soap/m/66.0`. */
  readonly letter: string;
  readonly name: string;
  readonly namespace: string;
  readonly operations: Readonly<Record<string, SoapOperation>>;
}

export interface SoapParts {
  readonly access: Pick<Access, 'session'>;
  readonly apis: readonly SoapApi[];
  /** One line for the person who runs the org; never a session id. */
  readonly log: (line: string) => void;
}

/** A package of 39 MB, the platform's largest, is 52 MB in base64. */
const MOST_BODY = '56mb';

/**
 * Answers SOAP calls. An operation without support is refused by name, `login` in the words of an
 * org made since Winter '26, which has it switched off (SOAP API guide, "login()").
 */
export function soapRoutes(parts: SoapParts): Router {
  const router = express.Router();
  router.use('/services/Soap', express.text({ limit: MOST_BODY, type: () => true }));
  for (const api of parts.apis) {
    router.post(`/services/Soap/${api.letter}/:version{/:organizationId}`, (request, response) => {
      const text: unknown = request.body;
      respond(parts, api, typeof text === 'string' ? text : '', response);
    });
  }
  return router;
}

function respond(parts: SoapParts, api: SoapApi, text: string, response: Response): void {
  response.type('text/xml; charset=utf-8');
  try {
    const { operation, body, sessionId } = readEnvelope(text);
    if (operation === 'login') throw new SoapFault('INVALID_OPERATION', LOGIN_IS_OFF);
    const perform = Object.hasOwn(api.operations, operation)
      ? api.operations[operation]
      : undefined;
    if (perform === undefined) {
      throw new SoapFault('INVALID_OPERATION', refusalOf(api, operation));
    }
    const session = parts.access.session(sessionId);
    if (session === undefined) {
      throw new SoapFault('INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader');
    }
    const result = perform(body, session);
    response.send(answerEnvelope(api.namespace, operation, { result }));
  } catch (error) {
    if (!(error instanceof SoapFault)) {
      parts.log(
        `${api.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
    const fault =
      error instanceof SoapFault
        ? error
        : new SoapFault('UNKNOWN_EXCEPTION', 'An unexpected error occurred in the local org');
    response.status(500).send(faultEnvelope(api.namespace, fault));
  }
}

const LOGIN_IS_OFF =
  'SOAP API login() is disabled by default in this org. ' +
  'Contact the org administrator to enable SOAP API login().';

function refusalOf({ name, operations }: SoapApi, operation: string): string {
  const known = Object.keys(operations);
  const has = known.length === 0 ? 'nothing of it' : known.join(', ');
  return `${operation} of the ${name} is not implemented by the local org, which has ${has}`;
}
