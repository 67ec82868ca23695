import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { makeId } from '../../store/ids.ts';
import { at, openTestApi } from './testApi.ts';
import type { TestApi } from './testApi.ts';

let api: TestApi;
before(async () => {
  api = await openTestApi();
});
after(() => api.close());

const things = '/sobjects/Thing__c';

test('a record is created, read, changed and deleted', async () => {
  const created = await api.call('POST', things, {
    Needed__c: 'x',
    At__c: '2026-11-23T07:00:00.123+01:00',
  });
  assert.equal(created.status, 201);
  const id = String(at(created.body, 'id'));
  assert.deepEqual(created.body, { id, success: true, errors: [] });
  assert.equal(created.headers.get('location'), `/services/data/v66.0${things}/${id}`);

  const read = await api.call('GET', `${things}/${id}?fields=At__c,Needed__c`);
  assert.deepEqual(read.body, {
    attributes: { type: 'Thing__c', url: `/services/data/v66.0${things}/${id}` },
    Id: id,
    At__c: '2026-11-23T06:00:00.000+0000',
    Needed__c: 'x',
  });
  const changed = await api.call('PATCH', `${things}/${id}`, { Needed__c: 'y' });
  assert.deepEqual([changed.status, changed.body], [204, undefined]);
  assert.equal(api.store.read('Thing__c', id)?.['Needed__c'], 'y');
  assert.equal((await api.call('DELETE', `${things}/${id}`)).status, 204);
  const gone = await api.call('GET', `${things}/${id}`);
  assert.deepEqual([gone.status, at(gone.body, 0, 'errorCode')], [404, 'ENTITY_IS_DELETED']);
  const again = await api.call('DELETE', `${things}/${id}`);
  assert.deepEqual([again.status, at(again.body, 0, 'errorCode')], [404, 'ENTITY_IS_DELETED']);
});

test('a refused save answers 400 with the reason, its code and its fields', async () => {
  const answer = await api.call('POST', things, { Level__c: 'Odd', Needed__c: 'x' });
  assert.equal(answer.status, 400);
  assert.deepEqual(answer.body, [
    {
      message: 'Level: bad value for restricted picklist field: Odd',
      errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      fields: ['Level__c'],
    },
  ]);
});

test('JSON of the wrong type is a parser error, broken JSON too', async () => {
  const wrong = async (body: unknown): Promise<unknown> => {
    const answer = await api.call('POST', things, body);
    assert.equal(answer.status, 400);
    return at(answer.body, 0, 'errorCode');
  };
  assert.equal(await wrong({ Needed__c: 5 }), 'JSON_PARSER_ERROR');
  assert.equal(await wrong({ Needed__c: 'x', Amount__c: 'ten' }), 'JSON_PARSER_ERROR');
  assert.equal(await wrong({ Needed__c: 'x', On__c: 'yes' }), 'JSON_PARSER_ERROR');
  assert.equal(await wrong({ Needed__c: 'x', At__c: 'yesterday' }), 'JSON_PARSER_ERROR');
  assert.equal(await wrong({ Needed__c: { a: 1 } }), 'JSON_PARSER_ERROR');
  assert.equal(await wrong('{"Needed__c": '), 'JSON_PARSER_ERROR');
  assert.equal(await wrong('[]'), 'JSON_PARSER_ERROR');
});

test('unknown objects, records and resources are not found', async () => {
  const status = async (method: string, path: string): Promise<number> =>
    (await api.call(method, path)).status;
  assert.equal(await status('GET', `/sobjects/Nope__c/${makeId('a0T', 1)}`), 404);
  assert.equal(await status('GET', `${things}/${makeId('a0T', 99_999)}`), 404);
  assert.equal(await status('GET', '/nope'), 404);
  assert.equal(await status('PUT', things), 405);
  assert.equal(await status('GET', `/sobjects/News__e/${makeId('e00', 1)}`), 404);
});

test('an id that is none, not of the object or unknown is refused, each in its own way', async () => {
  const unknown = makeId('a0T', 99_999);
  const foreign = makeId('02i', 1);
  const damaged = `${unknown.slice(0, 15)}ZZZ`;
  for (const method of ['PATCH', 'DELETE']) {
    const answer = async (id: string): Promise<unknown[]> => {
      const body = method === 'PATCH' ? {} : undefined;
      const { status, body: errors } = await api.call(method, `${things}/${id}`, body);
      return [status, at(errors, 0, 'errorCode'), at(errors, 0, 'message')];
    };
    const wrong = (id: string): unknown[] => [
      400,
      'MALFORMED_ID',
      `Thing ID: id value of incorrect type: ${id}`,
    ];
    assert.deepEqual(await answer(foreign), wrong(foreign));
    assert.deepEqual(await answer(damaged), wrong(damaged));
    assert.deepEqual(await answer('none'), [
      404,
      'NOT_FOUND',
      'Provided external ID field does not exist or is not accessible: none',
    ]);
    assert.deepEqual(await answer(unknown), [
      404,
      'INVALID_CROSS_REFERENCE_KEY',
      'invalid cross reference id',
    ]);
  }
  const pointing = await api.call('POST', things, { Needed__c: 'x', Parent__c: unknown });
  assert.deepEqual(
    [pointing.status, at(pointing.body, 0, 'errorCode')],
    [400, 'INVALID_CROSS_REFERENCE_KEY'],
    'a lookup to a record that is not there is the fault of the body',
  );
});

test('an address of more than 16 KiB is refused', async () => {
  const { status } = await fetch(`${api.url}/services/data/v66.0/query?q=${'x'.repeat(17_000)}`);
  assert.equal(status, 431);
});

test('upsert by a key creates with 201 and changes with 200', async () => {
  const path = `${things}/Key__c/${encodeURIComponent('a/b c')}`;
  const created = await api.call('PATCH', path, { Needed__c: 'x' });
  const id = String(at(created.body, 'id'));
  assert.deepEqual(
    [created.status, created.body],
    [201, { id, success: true, errors: [], created: true }],
  );
  const changed = await api.call('PATCH', path, { Needed__c: 'y' });
  assert.deepEqual(
    [changed.status, changed.body],
    [200, { id, success: true, errors: [], created: false }],
  );
  assert.equal(at((await api.call('GET', path)).body, 'Key__c'), 'a/b c');
  const inBody = await api.call('PATCH', path, { Key__c: 'a/b c' });
  assert.deepEqual([inBody.status, at(inBody.body, 0, 'errorCode')], [400, 'INVALID_FIELD']);
  assert.equal(
    (await api.call('PATCH', `${things}/Amount__c/5`, {})).status,
    404,
    'not an external id',
  );
});

test('a key that several records carry answers 300 with their addresses', async () => {
  const ids = ['one', 'two'].map(() =>
    api.insert('Thing__c', { Needed__c: 'x', Group_Key__c: 'shared' }),
  );
  for (const method of ['GET', 'PATCH']) {
    const answer = await api.call(
      method,
      `${things}/Group_Key__c/shared`,
      method === 'GET' ? undefined : {},
    );
    assert.equal(answer.status, 300);
    assert.deepEqual(
      answer.body,
      ids.map((id) => `/services/data/v66.0${things}/${id}`),
    );
  }
});

test('a parent may be named by its external id', async () => {
  const parent = api.insert('Thing__c', { Needed__c: 'p', Key__c: 'the parent' });
  const created = await api.call('POST', things, {
    Needed__c: 'c',
    Parent__r: { Key__c: 'the parent' },
  });
  assert.equal(api.store.read('Thing__c', String(at(created.body, 'id')))?.['Parent__c'], parent);
  const missing = await api.call('POST', things, {
    Needed__c: 'c',
    Parent__r: { Key__c: 'nobody' },
  });
  assert.deepEqual(
    [missing.status, at(missing.body, 0, 'message')],
    [400, 'Foreign key external ID: nobody not found for field Key__c in entity Thing__c'],
  );
});

test('without a valid token nothing is answered', async () => {
  const answer = await api.call('GET', '/sobjects', undefined, 'nonsense');
  assert.deepEqual(
    [answer.status, answer.body],
    [401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]],
  );
  assert.equal((await api.call('GET', '/sobjects')).status, 200);
});

test('an object right that is missing refuses the call and leaves the record', async () => {
  const as = (method: string, path: string, body?: unknown) =>
    api.call(method, path, body, api.clerk);
  assert.equal(
    (await as('GET', '/sobjects/Case/describe')).status,
    404,
    'no read: the object is not there',
  );
  const id = api.insert('Thing__c', { Needed__c: 'x' });
  const refused = await as('DELETE', `${things}/${id}`);
  assert.deepEqual(
    [refused.status, at(refused.body, 0, 'errorCode')],
    [403, 'INSUFFICIENT_ACCESS_OR_READONLY'],
  );
  assert.ok(api.store.read('Thing__c', id));
  const account = await as('POST', '/sobjects/Account', { Name: 'A' });
  assert.equal(at(account.body, 0, 'message'), 'entity type cannot be inserted: Account');
  const user = await api.call('PATCH', `/sobjects/User/${api.clerkId}`, { LastName: 'x' });
  assert.equal(
    at(user.body, 0, 'errorCode'),
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    'the org keeps its users itself',
  );
});

test('fields without permission are not shown and cannot be written', async () => {
  const id = api.insert('Thing__c', { Needed__c: 'x', Notes__c: 'secret', Level__c: 'High' });
  const shown = await api.call('GET', `${things}/${id}`, undefined, api.clerk);
  assert.equal(at(shown.body, 'Notes__c'), undefined);
  assert.equal(at(shown.body, 'Level__c'), 'High');
  assert.equal(at(shown.body, 'Needed__c'), 'x', 'required fields need no permission');
  const asked = await api.call('GET', `${things}/${id}?fields=Notes__c`, undefined, api.clerk);
  assert.equal(at(asked.body, 0, 'errorCode'), 'INVALID_FIELD');
  const written = await api.call('PATCH', `${things}/${id}`, { Level__c: 'Low' }, api.clerk);
  assert.equal(at(written.body, 0, 'errorCode'), 'INVALID_FIELD_FOR_INSERT_UPDATE');
  assert.equal(
    (await api.call('PATCH', `${things}/${id}`, { Amount__c: 2 }, api.clerk)).status,
    204,
  );
});

test('private records are seen and changed by their owner only', async () => {
  const own = await api.call('POST', '/sobjects/Secret__c', { Name: 'mine' }, api.clerk);
  const foreign = api.insert('Secret__c', { Name: 'theirs' });
  assert.equal(
    (await api.call('GET', `/sobjects/Secret__c/${foreign}`, undefined, api.clerk)).status,
    404,
  );
  assert.equal(
    (await api.call('PATCH', `/sobjects/Secret__c/${foreign}`, { Name: 'x' }, api.clerk)).status,
    404,
  );
  assert.equal(api.store.read('Secret__c', foreign)?.['Name'], 'theirs');
  const seen = await api.call('GET', '/query?q=SELECT+Name+FROM+Secret__c', undefined, api.clerk);
  assert.deepEqual(at(seen.body, 'totalSize'), 1);
  assert.equal(
    (await api.call('GET', `/sobjects/Secret__c/${String(at(own.body, 'id'))}`)).status,
    200,
    'the administrator sees all',
  );
});

test('an event is published by creating it', async () => {
  const answer = await api.call('POST', '/sobjects/News__e', { Text__c: 'hello' });
  assert.equal(answer.status, 201);
  const long = await api.call('POST', '/sobjects/News__e', { Text__c: 'x'.repeat(21) });
  assert.deepEqual([long.status, at(long.body, 0, 'errorCode')], [400, 'STRING_TOO_LONG']);
});

test('describe tells types, lengths, picklists and what may be done', async () => {
  const { body } = await api.call('GET', `${things}/describe`);
  const fields = at(body, 'fields');
  assert.ok(Array.isArray(fields));
  const field = (name: string): unknown => fields.find((one) => at(one, 'name') === name);
  assert.equal(at(field('Amount__c'), 'type'), 'double');
  assert.equal(at(field('Key__c'), 'unique'), true);
  assert.equal(at(field('Level__c'), 'picklistValues', 0, 'value'), 'High');
  assert.deepEqual(at(field('Asset__c'), 'referenceTo'), ['Asset']);
  const clerk = await api.call('GET', `${things}/describe`, undefined, api.clerk);
  assert.deepEqual([at(clerk.body, 'createable'), at(clerk.body, 'deletable')], [true, false]);
});

test('limits count API requests and carry the allocations of events', async () => {
  const first = Number(
    at((await api.call('GET', '/limits')).body, 'DailyApiRequests', 'Remaining'),
  );
  const { body, headers } = await api.call('GET', '/limits');
  assert.equal(at(body, 'DailyApiRequests', 'Remaining'), first - 1);
  assert.deepEqual(at(body, 'HourlyPublishedPlatformEvents'), { Max: 10, Remaining: 7 });
  assert.match(headers.get('sforce-limit-info') ?? '', /^api-usage=\d+\/100000$/);
});

test('past the day’s allocation requests are refused until it has rolled on', async () => {
  const small = await openTestApi({ maxCalls: 2 });
  try {
    await small.call('GET', '/limits');
    await small.call('GET', '/limits');
    const third = await small.call('GET', '/limits');
    assert.deepEqual(
      [third.status, at(third.body, 0, 'errorCode')],
      [403, 'REQUEST_LIMIT_EXCEEDED'],
    );
    small.clock.time += 25 * 3_600_000;
    const token = await small.call('GET', '/limits');
    assert.equal(token.status, 401, 'the token has expired meanwhile');
  } finally {
    await small.close();
  }
});
