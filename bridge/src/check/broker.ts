import type { Config } from '../config/load.ts';
import { topicFilters } from '../core/decode/decoder.ts';
import { askBroker } from '../edge/ingress/brokerCheck.ts';
import type { BrokerAnswer } from '../edge/ingress/brokerCheck.ts';
import { failure, okay, skipped, warning } from './finding.ts';
import type { Finding } from './finding.ts';

const SOON_MS = 30 * 24 * 3_600_000;

/** Each broker connection: network, TLS, login, and whether the topics of all mappings may be read. */
export async function checkBrokers(
  config: Pick<Config, 'connections' | 'mappings'>,
  now: number,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const connection of config.connections) {
    const { name, url } = connection;
    const filters = topicFilters(
      config.mappings.filter((mapping) => mapping.connection === connection.name),
    );
    const answer = await askBroker({ ...connection, filters });
    const title = name === undefined ? 'broker' : `broker ${name}`;
    findings.push(...judge(title, url, answer, now));
  }
  return findings;
}

function judge(title: string, url: string, answer: BrokerAnswer, now: number): Finding[] {
  const topics = `${title} topics`;
  if (answer.refusal !== undefined) {
    // The sentence says what to do behind its colon.
    const [said, ...advice] = answer.refusal.split(': ');
    const action = advice.join(': ') || 'Check the keys below mqtt, and that the broker runs.';
    return [
      failure(title, `tried to connect: ${said ?? ''}`, action),
      skipped(topics, 'no connection'),
    ];
  }
  const { tls, refused, granted } = answer;
  const by =
    tls === undefined
      ? 'without TLS'
      : `${tls.version}, its certificate is valid until ${day(tls.validTo)}`;
  const connected = `connected to ${url}: logged in, ${by}`;
  const isEnding = tls !== undefined && tls.validTo.getTime() - now < SOON_MS;
  return [
    isEnding
      ? warning(title, connected, 'Renew the certificate of the broker.')
      : okay(title, connected),
    refused.length === 0
      ? okay(topics, `subscribed to ${granted.join(', ')}`)
      : failure(
          topics,
          refused.join('; '),
          `Let the user of the bridge read these topics at the broker${granted.length > 0 ? `; it may read ${granted.join(', ')}` : ''}.`,
        ),
  ];
}

const day = (date: Date): string => date.toISOString().slice(0, 10);
