import type grpc from '@grpc/grpc-js';
import type { Bus, Topic } from '../events/bus.ts';
import type { Access, Session } from './access.ts';
import { RpcError, type RpcErrorCode } from './pubsubErrors.ts';

export interface PubSubGate {
  /** The session behind the headers `accesstoken`, `instanceurl` and `tenantid`. Throws RpcError. */
  session(metadata: grpc.Metadata): Session;
  mayPublish(session: Session, topic: Topic): boolean;
  maySubscribe(session: Session, topic: Topic): boolean;
  topic(name: string, whenEmpty: RpcErrorCode): Topic;
}

/** Who may do what on which topic: Create on the event to publish, Read to subscribe. */
export function makeGate(options: {
  readonly access: Access;
  readonly bus: Bus;
  readonly instanceUrl: string;
  readonly organizationId: string;
}): PubSubGate {
  const { access, bus } = options;
  return {
    session(metadata) {
      const [token, instanceUrl, tenant] = ['accesstoken', 'instanceurl', 'tenantid'].map(
        (name) => {
          const value = metadata.get(name)[0];
          if (typeof value === 'string' && value !== '') return value;
          throw new RpcError('service.auth.headers.invalid', `The header ${name} is missing.`);
        },
      );
      if (tenant?.length !== 18) {
        throw new RpcError(
          'service.auth.headers.invalid',
          'tenantid must be the 18-character organization id.',
        );
      }
      const session = access.session(token ?? '');
      if (session === undefined) {
        throw new RpcError('service.auth.error', 'The access token is not valid or has expired.');
      }
      if (
        tenant !== options.organizationId ||
        trimmed(instanceUrl) !== trimmed(options.instanceUrl)
      ) {
        throw new RpcError(
          'service.auth.error',
          'tenantid or instanceurl does not belong to the access token.',
        );
      }
      return session;
    },
    mayPublish: (session, topic) => access.may(session.userId, topic.object.name, 'create'),
    maySubscribe: (session, topic) => access.may(session.userId, topic.object.name, 'read'),
    topic(name, whenEmpty) {
      if (name === '') throw new RpcError(whenEmpty, 'The topic name is empty.');
      const topic = bus.topic(name);
      if (topic === undefined) throw new RpcError('topic.not.found', `There is no topic ${name}.`);
      return topic;
    },
  };
}

function trimmed(url: string | undefined): string {
  return (url ?? '').replace(/\/+$/, '');
}
