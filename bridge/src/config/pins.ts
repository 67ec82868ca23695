import { z } from 'zod';
import { ENVIRONMENTS, toLongId } from '../model/environment.ts';
import type { Environment } from '../model/environment.ts';
import { choice, text } from './fields.ts';
import type { ConfigFile } from './schema.ts';

const ORG_ID =
  'the 15 or 18 characters of Setup, Company Information, Organization ID are required';

/** The prefix of the package's names; empty without one. */
export const namespace = () =>
  z
    .string({ error: 'a text is required' })
    .regex(/^([A-Za-z][A-Za-z0-9_]{0,14})?$/, {
      error: 'the prefix of the package is required (1 to 15 letters, digits, _), or empty',
    })
    .default('');

/** The key `environment`: what must not be crossed by accident is named together. */
export const environment = z.strictObject({
  name: choice(ENVIRONMENTS),
  orgId: z
    .string({ error: ORG_ID })
    .regex(/^00D[A-Za-z0-9]{12}([A-Z0-5]{3})?$/, { error: ORG_ID })
    .refine((id) => id.length === 15 || id === toLongId(id), {
      error:
        'its last three characters do not fit the others: copy it again, upper and lower case differ',
    }),
  brokers: z
    .array(
      text(255).regex(/^([^:/[\]\s]+|\[[0-9a-f:.]+\]):\d{1,5}$/i, {
        error: 'host:port is required, such as broker.example.com:8883',
      }),
      { error: 'a list of host:port is required' },
    )
    .min(1, { error: 'at least one broker is required' }),
  namespace: namespace(),
});

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'mqtt:': '1883', 'mqtts:': '8883' };

/** What the rest of the file says that its environment does not, as sentences that begin with their key. */
export function pinProblems(
  file: Pick<ConfigFile, 'environment' | 'mqtt' | 'salesforce'>,
): readonly string[] {
  const { environment: pins, mqtt, salesforce } = file;
  if (pins === undefined) return isOnThisMachine(salesforce.loginUrl) ? [] : [MISSING];
  const known = new Set(pins.brokers.map((broker) => broker.toLowerCase()));
  const urls = [
    ['mqtt.url', mqtt.url] as const,
    ...mqtt.connections.map(({ url }, index) => [`mqtt.connections[${index}].url`, url] as const),
  ];
  const problems = urls.flatMap(([key, url]) => {
    if (url === undefined || known.has(toPlace(url))) return [];
    return [
      `${key} is "${url}"; ${describe(pins)} knows the brokers ${pins.brokers.join(', ')} only: ` +
        'correct the URL, or environment.brokers where a broker has moved',
    ];
  });
  if (salesforce.namespace !== pins.namespace) {
    problems.push(
      `salesforce.namespace is "${salesforce.namespace}"; ${describe(pins)} has ` +
        `environment.namespace "${pins.namespace}": make them alike`,
    );
  }
  return problems;
}

const MISSING =
  'environment is missing; the keys name, orgId, brokers and namespace belong here, so that the signals of ' +
  'these brokers reach that org and no other: see config/bridge.example.yaml (only an org on this machine needs none)';

const describe = ({ name }: Pick<Environment, 'name'>): string => `the environment ${name}`;

function toPlace(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? (DEFAULT_PORTS[protocol] ?? '') : port}`.toLowerCase();
}

function isOnThisMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
