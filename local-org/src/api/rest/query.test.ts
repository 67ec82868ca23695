import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { at, openTestApi } from './testApi.ts';
import type { TestApi } from './testApi.ts';

let api: TestApi;
let asset: string;
before(async () => {
  api = await openTestApi();
  const account = api.insert('Account', { Name: 'Acme' });
  asset = api.insert('Asset', { Name: "Pump's", AccountId: account });
  const day = 86_400_000;
  const stamp = (offset: number): string => new Date(api.clock.time + offset * day).toISOString();
  api.insert('Thing__c', {
    Needed__c: 'n',
    Key__c: 'a',
    Code__c: 'one',
    Amount__c: 1,
    Asset__c: asset,
    At__c: stamp(0),
    Day__c: '2026-11-22',
  });
  api.insert('Thing__c', {
    Needed__c: 'n',
    Key__c: 'b',
    Code__c: 'two',
    Amount__c: 2,
    On__c: false,
    At__c: stamp(-2),
    Level__c: 'High',
  });
  api.insert('Thing__c', {
    Needed__c: 'm',
    Key__c: 'c',
    Amount__c: 3,
    At__c: stamp(1),
    Day__c: '2026-11-23',
  });
});
after(() => api.close());

const run = (soql: string, token?: string) =>
  api.call('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, token);

async function keys(where: string): Promise<unknown[]> {
  const { status, body } = await run(`SELECT Key__c FROM Thing__c ${where}`);
  assert.equal(status, 200, JSON.stringify(body));
  const records = at(body, 'records');
  assert.ok(Array.isArray(records));
  return records.map((record) => at(record, 'Key__c'));
}

async function code(soql: string, token?: string): Promise<unknown> {
  const { status, body } = await run(soql, token);
  assert.equal(status, 400, JSON.stringify(body));
  return at(body, 0, 'errorCode');
}

test('fields come as asked, parents nested, with their addresses', async () => {
  const { body } = await run(
    `SELECT Key__c, Asset__r.Name, Asset__r.Account.Name, At__c FROM Thing__c WHERE Key__c IN ('a', 'b')`,
  );
  assert.equal(at(body, 'totalSize'), 2);
  assert.equal(at(body, 'done'), true);
  const first = at(body, 'records', 0);
  assert.equal(at(first, 'Asset__r', 'Account', 'Name'), 'Acme');
  assert.equal(
    at(first, 'Asset__r', 'attributes', 'url'),
    `/services/data/v66.0/sobjects/Asset/${asset}`,
  );
  assert.equal(at(first, 'At__c'), '2026-11-23T06:00:00.000+0000');
  assert.equal(at(first, 'Id'), undefined, 'only what was asked');
  assert.equal(at(body, 'records', 1, 'Asset__r'), null);
});

test('names are found in any case and through an alias', async () => {
  const { body } = await run(
    `select t.key__C, T.asset__R.name from thing__c t where t.KEY__c = 'a'`,
  );
  assert.equal(at(body, 'records', 0, 'Key__c'), 'a');
  assert.equal(at(body, 'records', 0, 'Asset__r', 'Name'), "Pump's");
});

test('conditions, with parentheses, NOT, escapes and semi-joins', async () => {
  assert.deepEqual(await keys(`WHERE Code__c = 'ONE' OR (Amount__c > 2 AND Needed__c = 'm')`), [
    'a',
    'c',
  ]);
  assert.deepEqual(await keys(`WHERE NOT Code__c = 'one'`), ['b', 'c']);
  assert.deepEqual(await keys(`WHERE NOT (Code__c = 'one' OR Amount__c = 2)`), ['c']);
  assert.deepEqual(await keys(`WHERE (NOT Code__c LIKE 'o%') AND Amount__c <= 2`), ['b']);
  assert.deepEqual(await keys(`WHERE Asset__r.Name = 'Pump\\'s'`), ['a']);
  assert.deepEqual(await keys(`WHERE Code__c = null`), ['c']);
  assert.deepEqual(await keys(`WHERE Code__c NOT IN ('one', null)`), ['b']);
  assert.deepEqual(await keys(`WHERE On__c = false`), ['b']);
  assert.deepEqual(await keys(`WHERE Level__c != 'Low'`), ['b']);
  assert.deepEqual(await keys(`WHERE Asset__c = '${asset.slice(0, 15)}'`), ['a']);
  assert.deepEqual(
    await keys(`WHERE Asset__c IN (SELECT Id FROM Asset WHERE Account.Name = 'acme')`),
    ['a'],
  );
});

test('times and days compare by literal and by calendar', async () => {
  assert.deepEqual(await keys('WHERE At__c = TODAY'), ['a']);
  assert.deepEqual(await keys('WHERE At__c >= TODAY'), ['a', 'c']);
  assert.deepEqual(await keys('WHERE At__c < TODAY'), ['b']);
  assert.deepEqual(await keys('WHERE At__c = LAST_N_DAYS:2'), ['a', 'b']);
  assert.deepEqual(await keys('WHERE At__c > LAST_N_DAYS:2'), ['c']);
  assert.deepEqual(await keys('WHERE Day__c = YESTERDAY'), ['a']);
  assert.deepEqual(await keys('WHERE Day__c >= 2026-11-23'), ['c']);
  assert.deepEqual(
    await keys('WHERE At__c > 2026-11-23T05:59:59.999Z AND At__c <= 2026-11-23T07:00:00+01:00'),
    ['a'],
  );
});

test('order, limit and offset', async () => {
  assert.deepEqual(await keys('ORDER BY Amount__c DESC LIMIT 2'), ['c', 'b']);
  assert.deepEqual(await keys('ORDER BY Code__c NULLS LAST, Amount__c'), ['a', 'b', 'c']);
  assert.deepEqual(await keys('ORDER BY Code__c'), ['c', 'a', 'b']);
  assert.deepEqual(await keys('ORDER BY Amount__c LIMIT 1 OFFSET 1'), ['b']);
});

test('counting and grouping', async () => {
  assert.deepEqual((await run('SELECT COUNT() FROM Thing__c')).body, {
    totalSize: 3,
    done: true,
    records: [],
  });
  const { body } = await run(
    'SELECT Needed__c, COUNT(Id) n, SUM(Amount__c), MAX(At__c) FROM Thing__c GROUP BY Needed__c',
  );
  assert.deepEqual(at(body, 'records', 0), {
    attributes: { type: 'AggregateResult' },
    Needed__c: 'n',
    n: 2,
    expr0: 3,
    expr1: '2026-11-23T06:00:00.000+0000',
  });
  const one = await run('SELECT COUNT(Code__c), AVG(Amount__c) FROM Thing__c');
  assert.equal(at(one.body, 'records', 0, 'expr0'), 2, 'empty values are not counted');
  assert.equal(at(one.body, 'records', 0, 'expr1'), 2);
  assert.equal(
    at((await run(`SELECT COUNT(Id) n FROM Thing__c WHERE Key__c = 'z'`)).body, 'records', 0, 'n'),
    0,
  );
});

test('large results come in pages, for the user who asked', async () => {
  const { userId } = api.actor;
  api.store.transaction(() => {
    for (let index = 0; index < 450; index += 1)
      api.insert('Account', { Name: `Bulk ${index}`, OwnerId: userId });
  });
  const page = async (
    path: string,
    token = api.admin,
  ): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${api.url}${path}`, {
      headers: { authorization: `Bearer ${token}`, 'sforce-query-options': 'batchSize=200' },
    });
    return { status: response.status, body: await response.json() };
  };
  const seen: unknown[] = [];
  let next: unknown = `/services/data/v66.0/query?q=${encodeURIComponent(`SELECT Name FROM Account WHERE Name LIKE 'Bulk%'`)}`;
  let pages = 0;
  while (typeof next === 'string') {
    const { body } = await page(next);
    const records = at(body, 'records');
    assert.ok(Array.isArray(records));
    assert.equal(at(body, 'totalSize'), 450);
    seen.push(...records.map((record) => at(record, 'Name')));
    next = at(body, 'nextRecordsUrl');
    assert.equal(at(body, 'done'), next === undefined);
    if (typeof next === 'string' && pages === 0) {
      assert.equal(at((await page(next, api.clerk)).body, 0, 'errorCode'), 'INVALID_QUERY_LOCATOR');
    }
    pages += 1;
  }
  assert.equal(pages, 3);
  assert.equal(new Set(seen).size, 450);
});

test('queryAll also finds what was deleted', async () => {
  const id = api.insert('Account', { Name: 'Gone' });
  api.store.writeDelete('Account', id, api.actor);
  const soql = encodeURIComponent(`SELECT Id, IsDeleted FROM Account WHERE Name = 'Gone'`);
  assert.equal(at((await api.call('GET', `/query?q=${soql}`)).body, 'totalSize'), 0);
  assert.equal(
    at((await api.call('GET', `/queryAll?q=${soql}`)).body, 'records', 0, 'IsDeleted'),
    true,
  );
});

test('what is wrong is refused in the platform’s words', async () => {
  assert.equal(await code('SELECT Id FORM Account'), 'MALFORMED_QUERY');
  assert.equal(await code('SELECT Id FROM Nope__c'), 'INVALID_TYPE');
  assert.equal(await code('SELECT Id FROM News__e'), 'INVALID_TYPE');
  assert.equal(await code('SELECT Nope FROM Account'), 'INVALID_FIELD');
  assert.equal(await code('SELECT Nope__r.Name FROM Account'), 'INVALID_FIELD');
  assert.equal(await code(`SELECT Id FROM Thing__c WHERE Amount__c = '1'`), 'INVALID_FIELD');
  assert.equal(await code('SELECT Id FROM Thing__c WHERE Code__c = 1'), 'INVALID_FIELD');
  assert.equal(await code(`SELECT Id FROM Thing__c WHERE At__c = '2026-01-01'`), 'INVALID_FIELD');
  assert.equal(await code(`SELECT Id FROM Thing__c WHERE Notes__c = 'x'`), 'INVALID_FIELD');
  assert.equal(
    await code(`SELECT Id FROM Thing__c WHERE Asset__c = 'x'`),
    'INVALID_QUERY_FILTER_OPERATOR',
  );
  assert.equal(
    await code(`SELECT Id FROM Thing__c WHERE On__c = true AND Amount__c = 1 OR Amount__c = 2`),
    'MALFORMED_QUERY',
  );
  assert.equal(
    await code('SELECT Key__c, COUNT(Id) FROM Thing__c GROUP BY Needed__c'),
    'MALFORMED_QUERY',
  );
  assert.equal(await code('SELECT Id FROM Account OFFSET 2001'), 'NUMBER_OUTSIDE_VALID_RANGE');
  assert.equal(await code('SELECT Name n FROM Account'), 'MALFORMED_QUERY');
  assert.equal(await code('SELECT Name, NAME FROM Account'), 'INVALID_FIELD');
  assert.equal(await code('SELECT Name FROM Account GROUP BY Name ORDER BY Id'), 'MALFORMED_QUERY');
  const { body } = await run('SELECT Id, Nope FROM Account');
  assert.match(
    String(at(body, 0, 'message')),
    /\^\nERROR at Row:1:Column:12\nNo such column 'Nope' on entity 'Account'/,
  );
});

test('what is not implemented is refused, never skipped', async () => {
  for (const soql of [
    'SELECT Id, (SELECT Id FROM Contacts) FROM Account',
    'SELECT Id FROM Account FOR UPDATE',
    'SELECT Id FROM Account WITH SECURITY_ENFORCED',
    'SELECT COUNT(Id), Name FROM Account GROUP BY Name HAVING COUNT(Id) > 1',
    'SELECT Id FROM Account WHERE CALENDAR_YEAR(CreatedDate) = 2026',
    'SELECT toLabel(Type) FROM Account',
    'SELECT Id FROM Account WHERE CreatedDate = THIS_FISCAL_YEAR',
  ]) {
    const { status, body } = await run(soql);
    assert.equal(status, 400, soql);
    assert.match(String(at(body, 0, 'message')), /not implemented by the local org/, soql);
  }
});

test('a field or object that may not be read is as good as missing', async () => {
  assert.equal(await code('SELECT Notes__c FROM Thing__c', api.clerk), 'INVALID_FIELD');
  assert.equal(
    await code('SELECT Id FROM Thing__c WHERE Code__c = null', api.clerk),
    'INVALID_FIELD',
  );
  assert.equal(await code('SELECT Id FROM Case', api.clerk), 'INVALID_TYPE');
  assert.equal(await code('SELECT Asset__r.Name FROM Thing__c', api.clerk), 'INVALID_FIELD');
  const all = await run('SELECT FIELDS(ALL) FROM Thing__c LIMIT 1', api.clerk);
  assert.equal(at(all.body, 'records', 0, 'Notes__c'), undefined);
  assert.equal(at(all.body, 'records', 0, 'Key__c'), 'a');
});
