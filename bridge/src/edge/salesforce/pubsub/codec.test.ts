import assert from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import type { Signal } from '../../../model/signal.ts';
import { makeSignal } from '../../../testing/signals.ts';
import { eventRules, toEventFields } from '../eventFields.ts';
import { OrgError } from '../orgError.ts';
import { makeByteWriter } from './byteWriter.ts';
import { makeEventCodec } from './codec.ts';

type Field = Record<string, unknown> & { readonly name: string };

const types = { text: 'string', number: 'double', time: 'long' };
const own: readonly Field[] = Object.entries(eventRules).map(([name, { kind }]) => ({
  ...{ name, type: ['null', types[kind]], default: null },
}));
const created: readonly Field[] = [
  { name: 'CreatedDate', type: 'long' },
  { name: 'CreatedById', type: 'string' },
];
const schemaOf = (fields: readonly Field[]) => ({ type: 'record', name: 'E', fields });
const author = { userId: '005000000000001AAA', now: 1_790_000_000_000 };
const identity = {};

/** The bytes our codec makes, and those that avsc makes of the same values. */
function encode(fields: readonly Field[], signal: Signal, namespace = '') {
  const schema = schemaOf(fields);
  const encoded = makeEventCodec('s', JSON.stringify(schema), namespace).encode(
    { signal, identity },
    author,
    makeByteWriter(64),
  );
  const prefix = namespace === '' ? '' : `${namespace}__`;
  const values: Record<string, unknown> = {
    CreatedDate: author.now,
    CreatedById: author.userId,
    ...Object.fromEntries(
      Object.entries(toEventFields({ signal, identity })).map(([name, value]) => [
        prefix + name,
        value,
      ]),
    ),
  };
  const payload = Object.fromEntries(fields.map(({ name }) => [name, values[name] ?? null]));
  const type = avro.Type.forSchema(schema as avro.Schema);
  return { encoded, wanted: () => type.toBuffer(payload) };
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test('payloads are byte for byte what avsc makes of them', () => {
  const next = random(7);
  const letters = ['a', 'Z', '9', ' ', '°', 'µ', '€', '😀', '\0', '"'];
  const text = (most: number): string => {
    const plain = next() < 0.5;
    return Array.from({ length: Math.floor(next() * most) }, () =>
      plain ? 'x' : (letters[Math.floor(next() * letters.length)] ?? ''),
    ).join('');
  };
  for (let round = 0; round < 500; round += 1) {
    const signal = makeSignal(`e${round}`, round % 4, {
      confidence: next(),
      value: (next() - 0.5) * 10 ** Math.floor(next() * 13),
      baseline: Math.round(next() * 100),
      unit: text(10),
      snapshot: text(round % 50 === 0 ? 15_000 : 200),
      explanation: text(120),
      metric: text(40),
    });
    const fields = round % 2 === 0 ? [...created, ...own] : [...own, ...created].toReversed();
    const { encoded, wanted } = encode(fields, signal);
    assert.ok(encoded.ok);
    assert.deepEqual(encoded.value, wanted(), `round ${round}`);
  }
});

test('half a character becomes a replacement, so that the text stays UTF-8', () => {
  const { encoded } = encode(
    [...created, ...own],
    makeSignal('a', 0, { explanation: `a\ud800${'b'.repeat(100)}` }),
  );
  assert.ok(encoded.ok && encoded.value.includes(`a\ufffd${'b'.repeat(100)}`));
});

test('absent values are null; unions may have null second, and fields need no union', () => {
  const { metric: _, value: _1, unit: _2, ...rest } = makeSignal('a');
  const turned = own.map(({ name, type }) => ({ name, type: (type as string[]).toReversed() }));
  for (const fields of [own, turned]) {
    const { encoded, wanted } = encode([...created, ...fields], rest);
    assert.ok(encoded.ok);
    assert.deepEqual(encoded.value, wanted());
  }
  const bare = own.map(({ name, type }) =>
    ['Asset_Id__c', 'Account_Id__c', 'Installation_Id__c'].includes(name)
      ? { name, type }
      : { name, type: (type as string[])[1] },
  );
  const { encoded, wanted } = encode([...created, ...bare], makeSignal('a'));
  assert.ok(encoded.ok);
  assert.deepEqual(encoded.value, wanted());
});

test('a schema with more in it than the package has is served all the same', () => {
  const others: Field[] = [
    { name: 'Note__c', type: ['null', 'string'], default: null },
    { name: 'Box__c', type: ['null', { type: 'record', name: 'Box', fields: [] }], default: null },
    { name: 'Three__c', type: ['null', 'long', 'string'], default: null },
  ];
  for (const other of others) {
    const { encoded, wanted } = encode([...created, ...own, other], makeSignal('a'));
    assert.ok(encoded.ok, other.name);
    assert.deepEqual(encoded.value, wanted(), other.name);
  }
});

test('the fields of a package with a namespace are found by their prefix', () => {
  const fields = own.map((field) => ({ ...field, name: `acme__${field.name}` }));
  const { encoded, wanted } = encode([...created, ...fields], makeSignal('a'), 'acme');
  assert.ok(encoded.ok);
  assert.deepEqual(encoded.value, wanted());
});

test('what breaks the contract or the schema is named, and harms no event after it', () => {
  const codec = makeEventCodec('s', JSON.stringify(schemaOf([...created, ...own])), '');
  const to = makeByteWriter();
  const say = (changes: Partial<Signal>): string => {
    const signal = makeSignal('a', 0, changes);
    const encoded = codec.encode({ signal, identity }, author, to);
    return encoded.ok ? 'ok' : encoded.error;
  };
  assert.match(say({ source: '' }), /Source__c is missing/);
  assert.match(say({ value: Number.NaN }), /Value__c is NaN, a finite number is required/);
  assert.match(say({ value: 1e12 }), /Value__c is 1000000000000, allowed is/);
  assert.match(say({ explanation: 'x'.repeat(2_001) }), /Explanation__c has 2001 characters/);
  assert.equal(say({}), 'ok');
  const whole = own.map((field) =>
    field.name === 'Value__c' ? { ...field, type: ['null', 'long'] } : field,
  );
  const { encoded } = encode([...created, ...whole], makeSignal('a', 0, { value: 1.5 }));
  assert.match(encoded.ok ? '' : encoded.error, /Value__c.* is 1.5, the org wants/);
});

test('an event definition that no signal fits is refused as a whole, with each field and what to do', () => {
  const refusalOf = (fields: readonly Field[]): string => {
    try {
      makeEventCodec('s', JSON.stringify(schemaOf([...created, ...fields])), '');
      return 'none';
    } catch (error) {
      assert.ok(error instanceof OrgError);
      assert.equal(error.failure.kind, 'configuration');
      assert.match(error.failure.action, /^Install the package of this bridge/);
      return error.failure.reason;
    }
  };
  const without = own.filter(({ name }) => name !== 'Phase__c' && name !== 'Source__c');
  assert.equal(refusalOf(without), "The org's Asset_Signal__e has no Phase__c, Source__c.");
  const other = own.map((field) =>
    field.name === 'Value__c' ? { ...field, type: ['null', 'string'] } : field,
  );
  const wrong = 'Value__c as ["null","string"] instead of double';
  assert.equal(refusalOf(other), `The org's Asset_Signal__e has ${wrong}.`);
  const more = [...without, { name: 'Plant__c', type: 'string' }];
  assert.match(refusalOf(more), /has no Phase__c, Source__c, and Plant__c, which it requires/);
  const harmless = { name: 'Note__c', type: 'string', default: '' };
  assert.equal(refusalOf([...own, harmless]), 'none');
});

test('optional fields that an older package lacks are named, and events are written without', () => {
  const older = own.filter(({ name }) => name !== 'Unit__c' && name !== 'Snapshot__c');
  const codec = makeEventCodec('s', JSON.stringify(schemaOf([...created, ...older])), '');
  assert.deepEqual(codec.lacking, ['Unit__c', 'Snapshot__c']);
  const { encoded, wanted } = encode([...created, ...older], makeSignal('a'));
  assert.ok(encoded.ok);
  assert.deepEqual(encoded.value, wanted());
});
