/** A row of a fake org, with the names the queries use. */
export type FakeRow = Readonly<Record<string, string | null>> & {
  readonly Id: string;
  readonly SystemModstamp: string;
  readonly Event_Key__c: string;
};

/** As the API writes a time. */
export const toStamp = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

/**
 * Answers the queries for receipts about these rows: by event keys, by disposition, behind a place, in its order, at most so
 * many. Refuses what it does not understand.
 */
export function answerReceipts(rows: readonly FakeRow[], soql: string): FakeRow[] {
  const keys = /Event_Key__c IN \(([^)]*)\)/.exec(soql)?.[1];
  const dispositions = /Disposition__c IN \(([^)]*)\)/.exec(soql)?.[1];
  const place =
    /SystemModstamp > (?<stamp>\S+?Z)(?: OR \(SystemModstamp = \k<stamp> AND Id > '(?<id>\w+)'\))?\)/.exec(
      soql,
    )?.groups;
  const isNewest = soql.includes('ORDER BY SystemModstamp DESC, Id DESC LIMIT 1');
  if (keys === undefined && place === undefined && !isNewest) throw new Error(`unclear: ${soql}`);
  const isIn = (list: string | undefined, value: string | null | undefined): boolean =>
    list === undefined || list.includes(`'${value}'`);
  const found = rows
    .filter((row) => isIn(keys, row.Event_Key__c) && isIn(dispositions, row['Disposition__c']))
    .filter(({ Id, SystemModstamp }) => {
      if (place === undefined) return true;
      const after = Date.parse(SystemModstamp) - Date.parse(place['stamp'] ?? '');
      return after > 0 || (after === 0 && place['id'] !== undefined && Id > place['id']);
    })
    .toSorted((a, b) => compare(a, b));
  if (isNewest) return found.slice(-1);
  const limit = /LIMIT (\d+)$/.exec(soql)?.[1];
  return limit === undefined ? found : found.slice(0, Number(limit));
}

function compare(a: FakeRow, b: FakeRow): number {
  const by = Date.parse(a.SystemModstamp) - Date.parse(b.SystemModstamp);
  if (by !== 0) return by;
  return a.Id < b.Id ? -1 : Number(a.Id !== b.Id);
}
