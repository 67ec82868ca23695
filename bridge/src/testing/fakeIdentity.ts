import { toDeviceKey } from '../model/brand.ts';
import { toRecordId } from '../model/identity.ts';
import { err, ok } from '../model/result.ts';
import type { ChangePage, IdentityKind, IdentitySource, ReadUpTo } from '../ports/identity.ts';
import type { OrgFailure } from '../ports/publisher.ts';

/** An org of devices with a stamp each, in pages; it writes down what it was asked. */
export interface FakeIdentity {
  readonly source: IdentitySource;
  /** A device, saved at this second. */
  save(id: string, second: number): void;
  /** Without a trace. */
  destroy(id: string): void;
  fail(failure: OrgFailure | undefined): void;
  readonly asked: (readonly [IdentityKind, ReadUpTo | undefined])[][];
  pageSize: number;
}

/** The modification stamp of that second, as a source writes it. */
export const stampOf = (second: number): string =>
  new Date(1_790_000_000_000 + second * 1_000).toISOString();

export function makeFakeIdentity(): FakeIdentity {
  const stamps = new Map<string, string>();
  let failure: OrgFailure | undefined;

  function pageOf(kind: IdentityKind, from: ReadUpTo | undefined): ChangePage {
    const place = from === undefined ? '' : from.stamp + from.id;
    const later = [...stamps]
      .map(([id, stamp]) => ({ id, stamp }))
      .filter(({ id, stamp }) => kind === 'device' && stamp + id > place);
    const rows = later
      .toSorted((a, b) => (a.stamp + a.id < b.stamp + b.id ? -1 : 1))
      .slice(0, fake.pageSize);
    return {
      changes: rows.map(({ id }) => ({
        kind: 'device',
        record: { id: toRecordId(id), key: toDeviceKey(`key-${id}`), aliases: [] },
      })),
      upTo: rows.at(-1),
      more: rows.length === fake.pageSize,
    };
  }

  const fake: FakeIdentity = {
    pageSize: 2,
    asked: [],
    save: (id, second) => void stamps.set(id, stampOf(second)),
    destroy: (id) => void stamps.delete(id),
    fail: (with_) => void (failure = with_),
    source: {
      async read(from, kinds) {
        fake.asked.push(kinds.map((kind) => [kind, from.get(kind)] as const));
        if (failure !== undefined) return err(failure);
        return ok(new Map(kinds.map((kind) => [kind, pageOf(kind, from.get(kind))])));
      },
    },
  };
  return fake;
}
