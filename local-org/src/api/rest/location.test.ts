import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { withComponents } from '../../metadata/locationField.ts';
import { makeField } from '../../metadata/systemFields.ts';
import { at, openTestApi } from './testApi.ts';
import type { TestApi } from './testApi.ts';

// Object Reference, "Geolocation Compound Field" and "Compound Field Considerations and Limitations".

const place = makeField('Place__c', 'Place', 'Location', { scale: 6, system: true });

let api: TestApi;
let id: string;
before(async () => {
  api = await openTestApi({ thingFields: withComponents(place).map(([, field]) => field) });
  id = api.insert('Thing__c', {
    Needed__c: 'x',
    Place__Latitude__s: 48.2082,
    Place__Longitude__s: 16.3738,
  });
});
after(() => api.close());

const save = (body: Record<string, unknown>) => api.call('PATCH', `/sobjects/Thing__c/${id}`, body);
const query = (soql: string) => api.call('GET', `/query?q=${encodeURIComponent(soql)}`);

test('the compound field reads as both numbers, in a record and in a query', async () => {
  const vienna = { latitude: 48.2082, longitude: 16.3738 };
  const record = await api.call('GET', `/sobjects/Thing__c/${id}`);
  assert.deepEqual(at(record.body, 'Place__c'), vienna);
  assert.equal(at(record.body, 'Place__Latitude__s'), 48.2082);
  const { body } = await query(
    'SELECT Place__c, Place__Longitude__s FROM Thing__c WHERE Place__Latitude__s > 48 ORDER BY Place__Longitude__s',
  );
  assert.deepEqual(at(body, 'records', 0, 'Place__c'), vienna);
  assert.equal(at(body, 'records', 0, 'Place__Longitude__s'), 16.3738);
});

test('without numbers the compound field is empty', async () => {
  const bare = api.insert('Thing__c', { Needed__c: 'x' });
  const { body } = await query(`SELECT Place__c FROM Thing__c WHERE Id = '${bare}'`);
  assert.equal(at(body, 'records', 0, 'Place__c'), null);
});

test('latitudes end at 90 degrees and longitudes at 180, inclusive', async () => {
  for (const [name, most] of [
    ['Place__Latitude__s', 90],
    ['Place__Longitude__s', 180],
  ] as const) {
    assert.equal((await save({ [name]: most })).status, 204);
    assert.equal((await save({ [name]: -most })).status, 204);
    for (const value of [most + 0.000001, -most - 0.000001]) {
      const { status, body } = await save({ [name]: value });
      assert.equal(status, 400);
      assert.equal(at(body, 0, 'errorCode'), 'NUMBER_OUTSIDE_VALID_RANGE');
    }
  }
});

test('the compound field can be neither written nor filtered nor sorted by', async () => {
  assert.equal((await save({ Place__c: null })).status, 400);
  assert.equal((await query('SELECT Id FROM Thing__c WHERE Place__c = null')).status, 400);
  assert.equal((await query('SELECT Id FROM Thing__c ORDER BY Place__c')).status, 400);
});

test('describe names the parts of the compound field', async () => {
  const { body } = await api.call('GET', '/sobjects/Thing__c/describe');
  const fields = at(body, 'fields');
  assert.ok(Array.isArray(fields));
  const found = (name: string): unknown => fields.find((field) => at(field, 'name') === name);
  assert.deepEqual(
    [at(found('Place__c'), 'type'), at(found('Place__c'), 'updateable')],
    ['location', false],
  );
  const part = found('Place__Latitude__s');
  assert.deepEqual([at(part, 'type'), at(part, 'compoundFieldName')], ['double', 'Place__c']);
  const info = await api.call('GET', '/ui-api/object-info/Thing__c');
  assert.equal(at(info.body, 'fields', 'Place__c', 'compound'), true);
  assert.equal(
    at(info.body, 'fields', 'Place__Longitude__s', 'compoundComponentName'),
    'Longitude',
  );
});

test('who may not read the field reads neither number', async () => {
  const record = await api.call('GET', `/sobjects/Thing__c/${id}`, undefined, api.clerk);
  for (const name of ['Place__c', 'Place__Latitude__s'])
    assert.equal(at(record.body, name), undefined);
});

test('the UI API gives the numbers and refuses the compound field by name', async () => {
  const part = await api.call('GET', `/ui-api/records/${id}?fields=Thing__c.Place__Latitude__s`);
  assert.equal(at(part.body, 'fields', 'Place__Latitude__s', 'value'), -90);
  const whole = await api.call('GET', `/ui-api/records/${id}?fields=Thing__c.Place__c`);
  assert.equal(whole.status, 400);
});
