import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parse } from 'yaml';

import { configSchema } from '../../bridge/src/config/schema.ts';
import { makeBridgeConfig, PASSWORD_VARIABLE } from './bridgeConfig.ts';

const places = {
  brokerUrl: 'mqtt://127.0.0.1:1883',
  mqttClientId: 'demo-1',
  dataDir: '/d/bridge',
  policiesFile: '/d/policies.yaml',
  instanceUrl: 'http://127.0.0.1:8080',
  pubsubEndpoint: 'localhost:7443',
  pubsubCaFile: '/d/ca.crt',
  clientId: 'demo-client',
  username: 'bridge@example.test',
  privateKeyFile: '/d/client.key',
  missingAfterSeconds: 20,
};

describe("the bridge's configuration", () => {
  it('is one that the bridge takes, with both mappings', () => {
    const config = configSchema.parse(parse(makeBridgeConfig(places).yaml));
    assert.deepEqual(
      config.mappings.map(({ name, recorded }) => [name, recorded]),
      [
        ['fleet', false],
        ['recordings', true],
      ],
    );
    assert.equal(config.mqtt.url, 'mqtt://127.0.0.1:1883');
    assert.deepEqual(makeBridgeConfig(places).env, {});
  });

  it('never contains the password of the broker', () => {
    const brokerUrl = 'mqtts://plant%40a:s%3Acret@broker.test:8883';
    const { yaml, env } = makeBridgeConfig({ ...places, brokerUrl });
    const config = configSchema.parse(parse(yaml));
    assert.equal(config.mqtt.url, 'mqtts://broker.test:8883');
    assert.equal(config.mqtt.username, 'plant@a');
    assert.deepEqual(env, { [PASSWORD_VARIABLE]: 's:cret' });
    assert.ok(!yaml.includes('cret@') && !yaml.includes('s:cret') && !yaml.includes('s%3Acret'));
  });
});
