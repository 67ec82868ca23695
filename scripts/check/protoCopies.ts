import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Step } from './step.ts';

const COPIES = ['bridge/proto/pubsub_api.proto', 'local-org/proto/pubsub_api.proto'] as const;

/**
 * The bridge and the local org each keep Salesforce's Pub/Sub contract, because neither may import the other.
 * The copies have to be the same to the byte.
 */
export const protoStep: Step = {
  name: 'proto',
  async run(root) {
    const [first, second] = await Promise.all(COPIES.map((path) => readFile(join(root, path))));
    const same = first !== undefined && second !== undefined && first.equals(second);
    return same ? [] : [`${COPIES.join(' and ')} differ; both must be Salesforce's file unchanged`];
  },
};
