import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';

import { openSegmentLog } from '../../bridge/src/edge/log/segments/segmentLog.ts';
import { openFileStateStore } from '../../bridge/src/edge/state/fileStateStore.ts';
import { toEpochMs, toLogPosition } from '../../bridge/src/model/brand.ts';
import { makeMessage } from '../../bridge/src/model/message.ts';
import { readBridgeState } from './bridgeState.ts';
import { readFleetLog } from './fleetLog.ts';
import { parseOrgTime, readOrg } from './orgRecords.ts';

describe("the fleet's log", () => {
  const reading = (seq: number) =>
    JSON.stringify({ kind: 'reading', device: 'd', topic: 't', ts: 'x', seq });
  const end = (acknowledged: number, unacknowledged = 0) =>
    JSON.stringify({ kind: 'end', acknowledged, unacknowledged });

  it('is complete only when its end agrees with its lines', () => {
    const log = (...lines: string[]) => readFleetLog(`${lines.join('\n')}\n`);
    assert.equal(log(reading(1), reading(2), end(2)).complete, true);
    assert.equal(log(reading(1), reading(2), end(3)).complete, false);
    assert.equal(log(reading(1), end(1, 1)).complete, false);
    assert.equal(log(reading(1)).complete, false);
  });

  it('may be cut off in its last line, and nowhere else', () => {
    assert.equal(readFleetLog(`${reading(1)}\n{"kind":"rea`).acknowledged.length, 1);
    assert.throws(() => readFleetLog(`{"kind":"other"}\n`), /not a line of the fleet's log/);
  });
});

const noLine = (): void => assert.fail('nothing is wrong');

describe("the bridge's state", () => {
  it('is read from its files; a payload that is not ours matches nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'verify-'));
    const file = join(folder, 'bridge.sqlite');
    {
      using database = new DatabaseSync(file);
      database.exec(`
        CREATE TABLE quarantine(id INTEGER PRIMARY KEY, received_at INTEGER, topic TEXT, payload BLOB, kind TEXT, reason TEXT);
        CREATE TABLE outbox(event_key TEXT PRIMARY KEY, episode_key TEXT, phase TEXT, sequence INTEGER, policy_key TEXT,
          device_key TEXT, created_at INTEGER, state TEXT, last_error TEXT, published_at INTEGER,
          overtaken_by TEXT, why TEXT);
        INSERT INTO quarantine VALUES (1, 0, 't', CAST('rubbish' AS BLOB), 'malformed', 'not JSON');
        INSERT INTO outbox VALUES ('e', 'p', 'Opened', 0, 'k', 'd', 1, 'pending', NULL, NULL, NULL, NULL);`);
    }
    const log = await openSegmentLog({
      folder: join(folder, 'log'),
      segmentBytes: 4_096,
      startAfter: toLogPosition(0),
      onDamage: () => undefined,
      toFailure: () => ({ kind: 'unavailable', reason: '' }),
    });
    const payload = Buffer.from('{"ts":"x","seq":4,"metrics":{}}');
    await log.tick({ at: toEpochMs(1), listenedAt: toEpochMs(1), heardAll: true });
    await log.append([makeMessage('t', payload, toEpochMs(1))]);
    await log[Symbol.asyncDispose]();
    const state = readBridgeState(file);
    assert.deepEqual(state.kept, [{ topic: 't', ts: 'x', seq: 4 }]);
    assert.deepEqual(state.quarantined, [
      { topic: 't', ts: 'rubbish', seq: -1, reason: 'not JSON' },
    ]);
    assert.equal(state.outbox[0]?.eventKey, 'e');
    assert.equal(state.outbox[0]?.publishedAt, undefined);
    assert.equal(state.backlog, 1);
    const logger = { info: noLine, warn: noLine, error: noLine };
    const states = await openFileStateStore({ folder: join(folder, 'state'), logger });
    const draft = states.begin({
      cursor: toLogPosition(2),
      listenedAt: toEpochMs(1),
      parts: [],
      words: '{}',
    });
    assert.ok((await draft.commit()).ok);
    assert.equal(readBridgeState(file).backlog, 0);
    await rm(folder, { recursive: true });
  });
});

describe('the org', () => {
  it('writes times with a zone that has no colon', () => {
    assert.equal(parseOrgTime('2026-11-23T06:00:00.000+0000'), Date.UTC(2026, 10, 23, 6));
    assert.equal(parseOrgTime('2026-11-23T06:00:00.000Z'), Date.UTC(2026, 10, 23, 6));
  });

  it('says on which device a Case is by its Asset', async () => {
    const answers: Record<string, unknown[]> = {
      Signal_Device__c: [{ Device_Key__c: 'pump-001', Asset__c: '02i1' }],
      Case: ['02i1', '02i9', null].map((AssetId) => ({
        Id: '500',
        CaseNumber: '1',
        AssetId,
        CreatedDate: '2026-11-23T06:00:00.000+0000',
        Signal_Episode_Key__c: null,
      })),
    };
    const org = await readOrg(async (soql) => answers[/FROM (\w+)/.exec(soql)?.[1] ?? ''] ?? []);
    assert.deepEqual(
      org.cases.map(({ device }) => device),
      ['pump-001', undefined, undefined],
    );
  });
});
