import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failure } from './fetchResponse.ts';
import { isRecord } from './record.ts';
import { makeRecordCache } from './recordCache.ts';
import type { CallOrg } from './recordCache.ts';
import type { WireResult } from './wire.ts';

const ID = '02iLo0000000001IAA';

/** An org with one Asset whose fields tests change; notes what was asked. */
function makeOrg(values: Record<string, unknown>, refused: readonly string[] = []) {
  const paths: string[] = [];
  const call: CallOrg = async (_method, path) => {
    await Promise.resolve();
    paths.push(decodeURIComponent(path));
    const query = new URLSearchParams(path.split('?')[1] ?? '');
    const names = [query.get('fields'), query.get('optionalFields')]
      .flatMap((list) => (list === null ? [] : list.split(',')))
      .map((name) => name.split('.')[1] ?? '');
    const bad = names.find((name) => refused.includes(name));
    if (bad !== undefined)
      throw failure(400, 'Bad Request', [{ errorCode: 'INVALID_FIELD', message: bad }]);
    const fields = Object.fromEntries(
      names.map((name) => [name, { value: values[name] ?? null, displayValue: null }]),
    );
    return { apiName: 'Asset', id: ID, fields };
  };
  return { call, paths, values };
}

function collect(): { readonly results: WireResult[]; readonly emit: (one: WireResult) => void } {
  const results: WireResult[] = [];
  return { results, emit: (result) => results.push(result) };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function valueOf(result: WireResult | undefined, field: string): unknown {
  return isRecord(result?.data) ? result.data.fields[field]?.value : undefined;
}

test('two wires of the same record are one request, and each gets its own fields only', async () => {
  const org = makeOrg({ Name: 'Pump', Status: 'Installed' });
  const cache = makeRecordCache(org.call);
  const first = collect();
  const second = collect();
  cache.watch(ID, ['Asset.Name'], [], first.emit);
  cache.watch(ID.slice(0, 15), ['Asset.Status'], [], second.emit);
  await settle();
  assert.deepEqual(org.paths, [`/ui-api/records/${ID}?fields=Asset.Name,Asset.Status`]);
  assert.equal(valueOf(first.results[0], 'Name'), 'Pump');
  assert.equal(valueOf(first.results[0], 'Status'), undefined);
  assert.equal(valueOf(second.results[0], 'Status'), 'Installed');
});

test('a later wire for fields that are held asks nothing', async () => {
  const org = makeOrg({ Name: 'Pump' });
  const cache = makeRecordCache(org.call);
  cache.watch(ID, ['Asset.Name'], [], () => undefined);
  await settle();
  const late = collect();
  cache.watch(ID, ['Asset.Name'], [], late.emit);
  await settle();
  assert.equal(valueOf(late.results[0], 'Name'), 'Pump');
  assert.equal(org.paths.length, 1);
});

test('a refresh gives what has changed again, and nothing where nothing has', async () => {
  const org = makeOrg({ Name: 'Pump' });
  const cache = makeRecordCache(org.call);
  const wire = collect();
  cache.watch(ID, ['Asset.Name'], [], wire.emit);
  await settle();
  assert.deepEqual(await cache.refresh([ID]), []);
  assert.equal(wire.results.length, 1);
  org.values['Name'] = 'Pump 2';
  assert.deepEqual(await cache.refresh([ID]), [ID]);
  assert.deepEqual(
    wire.results.map((result) => valueOf(result, 'Name')),
    ['Pump', 'Pump 2'],
  );
});

test('a refresh while a request is under way asks once more: the answer may be older than the change', async () => {
  const org = makeOrg({ Name: 'Pump' });
  const cache = makeRecordCache(org.call);
  const wire = collect();
  cache.watch(ID, ['Asset.Name'], [], wire.emit);
  await Promise.resolve();
  const refreshed = cache.refresh([ID]);
  await settle();
  await refreshed;
  assert.equal(org.paths.length, 2);
});

test('a field that is refused is the error of its own wire, not of the others', async () => {
  const org = makeOrg({ Name: 'Pump' }, ['Secret__c']);
  const cache = makeRecordCache(org.call);
  const good = collect();
  const bad = collect();
  cache.watch(ID, ['Asset.Name'], [], good.emit);
  cache.watch(ID, ['Asset.Secret__c'], [], bad.emit);
  await settle();
  await settle();
  assert.equal(valueOf(good.results[0], 'Name'), 'Pump');
  assert.deepEqual(bad.results, [
    {
      data: undefined,
      error: {
        body: [{ errorCode: 'INVALID_FIELD', message: 'Secret__c' }],
        ok: false,
        status: 400,
        statusText: 'Bad Request',
        errorType: 'fetchResponse',
      },
    },
  ]);
});

test('a wire that was disconnected gets nothing more, and nobody asks for it', async () => {
  const org = makeOrg({ Name: 'Pump' });
  const cache = makeRecordCache(org.call);
  const wire = collect();
  const stop = cache.watch(ID, ['Asset.Name'], [], wire.emit);
  stop();
  await settle();
  await cache.refresh([ID]);
  assert.deepEqual(wire.results, []);
  assert.deepEqual(org.paths, []);
});

test('what a wire gives is read-only', async () => {
  const org = makeOrg({ Name: 'Pump' });
  const wire = collect();
  makeRecordCache(org.call).watch(ID, ['Asset.Name'], [], wire.emit);
  await settle();
  const [result] = wire.results;
  assert.ok(isRecord(result?.data));
  assert.ok(Object.isFrozen(result.data.fields['Name']));
});
