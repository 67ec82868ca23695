import { callOrg } from './fetchResponse.ts';
import { makeQueryCache } from './queryCache.ts';
import { makeRecordCache } from './recordCache.ts';

/** The page's records; all components share them, as with Lightning Data Service. */
export const records = makeRecordCache(callOrg);

/** The page's GraphQL answers. */
export const queries = makeQueryCache(callOrg);
