import assert from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import { openFlowTestOrg, type FlowTestOrg } from '../automation/flowTestOrg.ts';
import { eventSchema } from './avroSchema.ts';
import { RETENTION_MS } from './bus.ts';
import { decodeReplayId, encodeReplayId } from './replayId.ts';

const TOPIC = '/event/Job__e';

function keys(org: FlowTestOrg): unknown[] {
  const topic = org.automation.bus.topic(TOPIC);
  assert.ok(topic);
  return org.automation.bus
    .read(TOPIC, 0, 1000)
    .map((event) => org.automation.bus.toRecord(topic, event)['Key__c']);
}

test('the schema of an event: required system fields, own fields nullable, times as epoch milliseconds', () => {
  const org = openFlowTestOrg({});
  const object = org.metadata.objects.get('Job__e');
  assert.ok(object);
  const schema = eventSchema(object);
  const parsed = JSON.parse(schema.json) as {
    namespace: string;
    fields: { name: string; type: unknown; default?: unknown }[];
  };
  assert.equal(parsed.namespace, 'com.sforce.eventbus');
  assert.deepEqual(
    parsed.fields.map(({ name, type }) => [name, type]),
    [
      ['CreatedDate', 'long'],
      ['CreatedById', 'string'],
      ['Key__c', ['null', 'string']],
      ['Event_Key__c', ['null', 'string']],
      ['Count__c', ['null', 'double']],
      ['At__c', ['null', 'long']],
    ],
  );
  const bytes = avro.Type.forSchema(parsed as avro.Schema).toBuffer({
    CreatedDate: 1,
    CreatedById: 'x',
    Key__c: 'k',
  });
  assert.ok(bytes.length > 0, 'a field left out is null');
  assert.equal(
    schema.id,
    eventSchema({ ...object, label: 'renamed' }).id,
    'the id follows the content',
  );
  assert.notEqual(
    schema.id,
    eventSchema({ ...object, fields: new Map([...object.fields].slice(0, -1)) }).id,
  );
});

test('events keep their order and survive as they were sent', () => {
  const org = openFlowTestOrg({});
  const outcomes = org.publish(
    'Job__e',
    { Key__c: 'a', Count__c: -0.25, At__c: '2026-11-23T06:00:00.123Z' },
    { Key__c: 'b' },
  );
  assert.deepEqual(
    outcomes.map((outcome) => outcome.ok),
    [true, true],
  );
  const topic = org.automation.bus.topic(TOPIC);
  assert.ok(topic);
  const [first] = org.automation.bus.read(TOPIC, 0, 10);
  assert.ok(first);
  const record = org.automation.bus.toRecord(topic, first);
  assert.deepEqual(
    [record['Count__c'], record['At__c'], record['CreatedById']],
    [-0.25, '2026-11-23T06:00:00.123Z', org.actor.userId],
  );
  assert.deepEqual(keys(org), ['a', 'b']);
});

test('an event fails alone: a payload that does not fit, an unknown schema, more than 1 MB', () => {
  const { automation, actor } = openFlowTestOrg({});
  const topic = automation.bus.topic(TOPIC);
  assert.ok(topic);
  const good = avro.Type.forSchema(JSON.parse(topic.schema.json) as avro.Schema).toBuffer({
    CreatedDate: 1,
    CreatedById: actor.userId,
  });
  const outcomes = automation.bus.publish(
    topic,
    [
      { schemaId: topic.schema.id, payload: Buffer.from('nonsense') },
      { schemaId: 'other', payload: good },
      { schemaId: topic.schema.id, payload: Buffer.alloc(1_048_577) },
      { schemaId: topic.schema.id, payload: good },
    ],
    actor.userId,
  );
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code)),
    ['SCHEMA_VALIDATION', 'SCHEMA_VALIDATION', 'PUBLISH_LIMIT', 'ok'],
  );
});

for (const [reading, expected] of [
  ['as-sent', 'INVALID_CREATED_BY'],
  ['overridden', 'ok'],
] as const) {
  test(`read as ${reading}, a CreatedById that is nobody's gives ${expected}`, () => {
    const org = openFlowTestOrg({}, { assume: [`created-by=${reading}`] });
    const [outcome] = org.publish('Job__e', { Key__c: 'a', CreatedById: '005000000000000AAA' });
    assert.equal(outcome?.ok === false ? outcome.code : 'ok', expected);
    if (outcome?.ok !== true) return;
    const topic = org.automation.bus.topic(TOPIC);
    const [event] = org.automation.bus.read(TOPIC, 0, 1);
    assert.ok(topic && event);
    assert.equal(org.automation.bus.toRecord(topic, event)['CreatedById'], org.actor.userId);
  });
}

test('events are kept for 72 hours, and replay ids are never used again', () => {
  const org = openFlowTestOrg({});
  const [old] = org.publish('Job__e', { Key__c: 'old' });
  org.clock.time += RETENTION_MS + 1;
  const [fresh] = org.publish('Job__e', { Key__c: 'new' });
  assert.deepEqual(keys(org), ['new']);
  assert.ok(old?.ok === true && fresh?.ok === true && fresh.replay > old.replay);
  assert.equal(org.automation.bus.earliest(), old.replay);
});

test('the hourly publishing allocation rolls', () => {
  const org = openFlowTestOrg({});
  const { bus } = org.automation;
  org.publish('Job__e', { Key__c: 'a' }, { Key__c: 'b' });
  assert.equal(bus.usage.used('published'), 2);
  bus.usage.add('published', bus.allocations.hourlyPublished - 2);
  const [refused] = org.publish('Job__e', { Key__c: 'c' });
  assert.equal(refused?.ok === false && refused.code, 'LIMIT_EXCEEDED');
  org.clock.time += 3_600_000;
  assert.equal(org.publish('Job__e', { Key__c: 'c' })[0]?.ok, true);
});

test('fault swallow-event: the first event is answered with success and never delivered', () => {
  const org = openFlowTestOrg({}, { faults: ['swallow-event'] });
  const sent = ['a', 'b', 'a'].flatMap((key) =>
    org.publish('Job__e', { Key__c: key, Event_Key__c: key }),
  );
  assert.deepEqual(
    sent.map((outcome) => outcome.ok),
    [true, true, true],
  );
  assert.deepEqual(keys(org), ['b'], 'nor when its key is sent again');
});

test('fault publish-error=2: the second event fails, sent again it succeeds', () => {
  const org = openFlowTestOrg({}, { faults: ['publish-error=2'] });
  const of = (key: string) => ({ Key__c: key, Event_Key__c: key });
  const outcomes = org.publish('Job__e', of('a'), of('b'), of('c'));
  assert.deepEqual(
    outcomes.map((outcome) => outcome.ok),
    [true, false, true],
  );
  assert.equal(org.publish('Job__e', of('b'))[0]?.ok, true);
  assert.deepEqual(keys(org), ['a', 'c', 'b']);
});

test('what flows tell the bridge, without a key of an event, meets no fault and is not counted', () => {
  const org = openFlowTestOrg({}, { faults: ['swallow-event', 'publish-error=1'] });
  assert.equal(org.publish('Job__e', { Key__c: 'notice' })[0]?.ok, true);
  assert.deepEqual(keys(org), ['notice']);
  const first = { Key__c: 'a', Event_Key__c: 'a' };
  assert.equal(org.publish('Job__e', first)[0]?.ok, false);
  assert.equal(org.publish('Job__e', first)[0]?.ok, true);
  assert.deepEqual(keys(org), ['notice'], 'the first that is taken is swallowed');
});

test('an unknown fault is refused with what is allowed', () => {
  assert.throws(
    () => openFlowTestOrg({}, { faults: ['sleep'] }),
    /--fault sleep: unknown; allowed: swallow-event, publish-error=N/,
  );
});

test('a replay id goes there and back; other bytes mean nothing', () => {
  assert.equal(decodeReplayId(encodeReplayId(300)), 300);
  assert.equal(encodeReplayId(1).length, 8);
  assert.equal(decodeReplayId(Buffer.from('short')), undefined);
  assert.equal(decodeReplayId(Buffer.alloc(8, 255)), undefined);
});
