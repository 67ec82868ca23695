import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEpochMs } from '../model/brand.ts';
import type { EventKey } from '../model/brand.ts';
import { toRecordId } from '../model/identity.ts';
import { makeSignal } from '../testing/signals.ts';
import type { EndedRecord, ReceiptAnswer, Receipts } from './receipts.ts';

/** An org whose rows are put there by hand. */
export interface ReceiptOrg extends AsyncDisposable {
  readonly receipts: Receipts;
  /** A signal whose last save carries this time; put again it is saved again. */
  store(row: StoredSignal): void;
  fail(row: StoredFailure): void;
  /** Ids that were to be routed again, in order. */
  routed(): readonly string[];
}

export interface StoredSignal {
  readonly id: string;
  readonly eventKey: EventKey;
  readonly disposition: string;
  readonly reason?: string;
  readonly savedAt: number;
}

export interface StoredFailure {
  readonly id: string;
  readonly eventKey: EventKey;
  readonly stage: 'Ingest' | 'Route';
  readonly reason: string;
  readonly savedAt: number;
}

/** Whole seconds, as an org keeps them. */
const START = 1_790_000_000_000;
const idOf = (index: number): string => `a0S${String(index).padStart(15, '0')}`;
const keyOf = (index: number): EventKey => makeSignal(`event ${index}`).eventKey;
const keysOf = (ended: readonly EndedRecord[]): EventKey[] => ended.map(({ eventKey }) => eventKey);

/** What every adapter to receipts promises. `open` gives an org without rows. */
export function testReceipts(name: string, open: () => Promise<ReceiptOrg>): void {
  const acted = (index: number, savedAt: number): StoredSignal => {
    return { id: idOf(index), eventKey: keyOf(index), disposition: 'Acted', savedAt };
  };
  async function ask(
    { receipts }: ReceiptOrg,
    place: string | undefined,
    eventKeys: readonly EventKey[] = [],
  ): Promise<ReceiptAnswer> {
    const answer = await receipts.read({ place, eventKeys });
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.value;
  }
  /** Everything there is now, as a bridge reads it. */
  async function readAll(org: ReceiptOrg, from: string | undefined) {
    const ended: EventKey[] = [];
    let place = from;
    for (let calls = 1; ; calls += 1) {
      const answer = await ask(org, place);
      ended.push(...keysOf(answer.ended));
      place = answer.place;
      if (!answer.more) return { ended, place, calls };
    }
  }

  test(`${name}: without a place reading begins with what is newest`, async () => {
    await using org = await open();
    const empty = await ask(org, undefined);
    assert.deepEqual([empty.ended, empty.failed, empty.more], [[], [], false]);
    org.store(acted(1, START));
    assert.deepEqual(keysOf((await ask(org, empty.place)).ended), [keyOf(1)]);
    org.store(acted(2, START + 3_600_000));
    assert.deepEqual(keysOf((await ask(org, undefined)).ended), [keyOf(2)]);
  });

  test(`${name}: what the org is done with is told once it is, and how`, async () => {
    await using org = await open();
    const { place } = await ask(org, undefined);
    org.store({ ...acted(1, START), disposition: 'Received' });
    const before = await ask(org, place);
    assert.deepEqual(before.ended, []);
    org.store({ ...acted(1, START + 5_000), disposition: 'Suppressed', reason: 'known' });
    const after = await ask(org, before.place);
    assert.deepEqual(after.ended, [
      { eventKey: keyOf(1), disposition: 'Suppressed', reason: 'known' },
    ]);
  });

  test(`${name}: pages end in the middle of a crowd saved in the same second, and none of it is left out`, async () => {
    await using org = await open();
    const { place } = await ask(org, undefined);
    for (let index = 0; index < 4_500; index += 1) org.store(acted(index, START));
    const read = await readAll(org, place);
    assert.equal(read.calls, 3);
    assert.equal(new Set(read.ended).size, 4_500);
    assert.equal(read.ended.length, 4_500, 'each once');
  });

  test(`${name}: a row that is seen late, with an earlier time than one before it, is told`, async () => {
    await using org = await open();
    const { place } = await ask(org, undefined);
    org.store(acted(5, START + 8_000));
    const first = await ask(org, place);
    assert.deepEqual(keysOf(first.ended), [keyOf(5)]);
    org.store(acted(3, START));
    org.store(acted(4, START + 8_000));
    const second = await ask(org, first.place);
    assert.deepEqual(keysOf(second.ended).toSorted(), [keyOf(3), keyOf(4), keyOf(5)].toSorted());
  });

  test(`${name}: of a crowd only a part is read twice`, async () => {
    await using org = await open();
    const { place } = await ask(org, undefined);
    for (let index = 0; index < 1_500; index += 1) {
      org.store(acted(index, START + Math.floor(index / 100) * 100));
    }
    const first = await ask(org, place);
    assert.equal(first.ended.length, 1_500);
    assert.equal((await ask(org, first.place)).ended.length, 200);
  });

  test(`${name}: an event asked for by key is told whenever it was saved`, async () => {
    await using org = await open();
    org.store(acted(1, START - 86_400_000));
    org.store({ ...acted(2, START), disposition: 'Received' });
    org.store({ ...acted(3, START), disposition: 'Reviewed by Quality' });
    const { found } = await ask(org, undefined, [1, 2, 3, 4].map(keyOf));
    assert.deepEqual(
      found.toSorted((a, b) => a.disposition.localeCompare(b.disposition)),
      [
        { eventKey: keyOf(1), disposition: 'Acted', reason: '' },
        { eventKey: keyOf(2), disposition: 'Received', reason: '', id: idOf(2) },
        { eventKey: keyOf(3), disposition: 'Received', reason: '', id: idOf(3) },
      ],
    );
  });

  test(`${name}: failures are hinted at as they come, and by key they are counted`, async () => {
    await using org = await open();
    const { place } = await ask(org, undefined);
    const eventKey = keyOf(1);
    const failure = { eventKey, stage: 'Ingest', reason: 'first', savedAt: START } as const;
    org.fail({ ...failure, id: 'a0F000000000000001' });
    const first = await ask(org, place);
    assert.deepEqual(first.failed, [{ id: 'a0F000000000000001', eventKey }]);
    org.fail({ ...failure, id: 'a0F000000000000002', reason: 'last', savedAt: START + 1_000 });
    const second = await ask(org, first.place, [eventKey]);
    assert.ok(second.failed.some(({ id }) => id === 'a0F000000000000002'));
    assert.deepEqual(second.found, [
      { eventKey, disposition: 'Refused', reason: 'last', refusals: 2 },
    ]);
  });

  test(`${name}: a signal row wins over refusals; a failure of its routing is an end while it has none`, async () => {
    await using org = await open();
    const eventKey = keyOf(1);
    org.fail({ id: 'a0F000000000000001', eventKey, stage: 'Ingest', reason: 'x', savedAt: START });
    org.store({ ...acted(1, START), disposition: 'Received' });
    const received = { eventKey, disposition: 'Received', reason: '', id: idOf(1) };
    assert.deepEqual((await ask(org, undefined, [eventKey])).found, [received]);
    org.fail({ id: 'a0F000000000000002', eventKey, stage: 'Route', reason: 'y', savedAt: START });
    const failed = { eventKey, disposition: 'Failed', reason: 'y' };
    assert.deepEqual((await ask(org, undefined, [eventKey])).found, [failed]);
    org.store(acted(1, START + 1_000));
    const ended = { eventKey, disposition: 'Acted', reason: '' };
    assert.deepEqual((await ask(org, undefined, [eventKey])).found, [ended]);
  });

  test(`${name}: a place in the future of an org that was set back is given up`, async () => {
    await using org = await open();
    org.store(acted(1, START));
    const { place } = await ask(org, undefined);
    org.store(acted(1, START - 86_400_000));
    org.store(acted(2, START - 86_390_000));
    const stray = await ask(org, place, [keyOf(2)]);
    assert.equal(stray.found[0]?.disposition, 'Acted');
    assert.equal(stray.place, undefined);
    const anew = await ask(org, stray.place);
    org.store(acted(3, START - 86_380_000));
    assert.ok(keysOf((await ask(org, anew.place)).ended).includes(keyOf(3)));
  });

  test(`${name}: rows are routed again, and it says of each whether`, async () => {
    await using org = await open();
    org.store({ ...acted(1, START), disposition: 'Received' });
    const id = toRecordId(idOf(1));
    const answer = await org.receipts.routeAgain([id], toEpochMs(START + 60_000));
    assert.deepEqual(answer, { ok: true, value: [{ id, refused: undefined }] });
    assert.deepEqual(org.routed(), [id]);
  });
}
