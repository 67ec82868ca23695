import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { signAssertion } from '../../strangers/strangersOrg.ts';
import { startNode } from '../../system/child.ts';
import { CLIENT } from '../../system/world.ts';
import { BRIDGE_USER } from '../../demo/orgSetup.ts';
import { ensureTool } from '../../tools/ensureTool.ts';
import { makeNodeRedFlow } from '../contestants/nodeRedFlow.ts';
import type { Contender, Surroundings } from './contender.ts';

const nodes = z.array(z.looseObject({ id: z.string() }));

/**
 * Node-RED with the flow of the other benchmarks, whose last node is an `http request` that creates the event over REST, with
 * the token of somebody logged in: the way of tutorials.
 */
export async function makeNodeRed(surroundings: Surroundings): Promise<Contender> {
  const { state, brokerUrl, keepsSession, folder } = surroundings;
  const session = keepsSession ? { cleansession: false, sessionExpiry: '3600' } : {};
  const tool = await ensureTool('node-red');
  const token = await logIn(surroundings);
  const flow = nodes.parse(makeNodeRedFlow(brokerUrl)).flatMap((node): object[] => {
    if (node.id === 'n-broker') return [{ ...node, ...session }];
    if (node.id === 'n-judge') return [{ ...node, wires: [['n-event']] }];
    return node.id === 'n-out' ? [eventNode(token), requestNode(state.instanceUrl)] : [node];
  });
  const flowFile = join(folder, 'flows.json');
  const settings = join(folder, 'settings.cjs');
  await writeFile(flowFile, JSON.stringify(flow));
  await writeFile(
    settings,
    'module.exports = { httpAdminRoot: false, httpNodeRoot: false, uiPort: 0, uiHost: "127.0.0.1", ' +
      'credentialSecret: false, logging: { console: { level: "warn" } } };\n',
  );
  const program = join(tool, 'node_modules/node-red/red.js');
  const args = [program, '--settings', settings, '--userDir', folder, flowFile];
  return { name: 'nodeRed', start: async () => startNode(args) };
}

/** A token for the bridge's user; it outlives the benchmark. */
async function logIn({ world, state }: Surroundings): Promise<string> {
  const login = {
    clientId: CLIENT,
    username: BRIDGE_USER,
    privateKeyPem: world.key.privateKeyPem,
    privateKeyFile: world.key.privateKeyFile,
  };
  const assertion = signAssertion({ world, state, login, [Symbol.asyncDispose]: async () => {} });
  const response = await fetch(`${state.instanceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
    }),
  });
  return z.object({ access_token: z.string() }).parse(await response.json()).access_token;
}

/** A key that the same reading always gets, so that the org can tell a repeat. */
const eventNode = (token: string) => ({
  id: 'n-event',
  type: 'function',
  z: 'n-tab',
  func: `
const { device, at, value } = msg.payload;
const key = Buffer.from(device + ' ' + Date.parse(at)).toString('hex').padEnd(64, '0').slice(0, 64);
return {
  headers: { 'content-type': 'application/json', authorization: 'Bearer ${token}' },
  payload: {
    Event_Key__c: key, Episode_Key__c: key, Phase__c: 'Opened', Schema_Version__c: 1,
    Signal_Type__c: 'fault.vibration-high', Severity__c: 'High', Confidence__c: 1, Device_Key__c: device,
    Occurred_At__c: at, Occurred_At_Ms__c: Date.parse(at), Detected_At__c: new Date().toISOString(),
    Metric__c: 'vibration', Value__c: value, Policy_Key__c: 'pump-vibration-high', Policy_Version__c: 1,
    Detector__c: 'threshold', Source__c: 'node-red',
  },
};`,
  outputs: 1,
  timeout: 0,
  initialize: '',
  finalize: '',
  libs: [],
  wires: [['n-request']],
});

const requestNode = (instanceUrl: string) => ({
  id: 'n-request',
  type: 'http request',
  z: 'n-tab',
  method: 'POST',
  ret: 'obj',
  paytoqs: 'ignore',
  url: `${instanceUrl}/services/data/v66.0/sobjects/Asset_Signal__e`,
  persist: false,
  senderr: false,
  headers: [],
  wires: [[]],
});
