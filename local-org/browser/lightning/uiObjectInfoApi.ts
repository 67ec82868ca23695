import { callOrg, toFetchResponse } from '../data/fetchResponse.ts';
import { deepFreeze } from '../data/record.ts';
import { makeAdapter } from '../data/wire.ts';
import type { WireResult } from '../data/wire.ts';

const infos = new Map<string, Promise<WireResult>>();

/** Wire: labels, fields and rights of an object, read once a page. */
export const getObjectInfo = makeAdapter<WireResult>(
  { data: undefined, error: undefined },
  (config, emit) => {
    const name = nameOf(config['objectApiName']);
    if (name === undefined) return undefined;
    let isWanted = true;
    const give = async (): Promise<void> => {
      const result = await infoOf(name);
      if (isWanted) emit(result);
    };
    void give();
    return () => {
      isWanted = false;
    };
  },
);

function nameOf(given: unknown): string | undefined {
  if (typeof given === 'string' && given !== '') return given;
  if (typeof given !== 'object' || given === null || !('objectApiName' in given)) return undefined;
  return typeof given.objectApiName === 'string' ? given.objectApiName : undefined;
}

function infoOf(name: string): Promise<WireResult> {
  const known = infos.get(name);
  if (known !== undefined) return known;
  const asked = callOrg('GET', `/ui-api/object-info/${encodeURIComponent(name)}`).then(
    (data): WireResult => deepFreeze({ data, error: undefined }),
    (error: unknown): WireResult => ({ data: undefined, error: toFetchResponse(error) }),
  );
  infos.set(name, asked);
  return asked;
}
