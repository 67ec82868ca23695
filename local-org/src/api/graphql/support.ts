import { DATE_LITERALS, DATE_RANGES } from './operators.ts';
import { MOST_LEVELS, REFUSED_FIELDS } from './rules.ts';

/** What the GraphQL API can do, for SUPPORT.md. */
export const GRAPHQL_SUPPORT: Readonly<Record<string, string>> = {
  'uiapi { query { Object } }':
    'objects and fields that the user may read; all others are unknown fields. Not there, as pages do not show them: Organization, Profile, QueueSobject, GroupMember, CaseStatus, the objects of permission sets, events.',
  'first, after':
    '10 records unless asked, at most 2,000; at most 2,000 can be paged over. Also totalCount, pageInfo, pageResultCount, cursors.',
  where:
    'eq, ne, lt, gt, lte, gte, in, nin, like (texts and picklists); and, or, not; fields of parents. Long texts cannot be filtered.',
  'where, dates': `value, literal (${DATE_LITERALS.join(', ')}), range (${DATE_RANGES.join(', ')}); days are counted in UTC.`,
  orderBy:
    'order and nulls, by fields and fields of parents of one type, in the order as written; long texts cannot be sorted.',
  parents: `up to ${MOST_LEVELS.parents} levels; a parent that the user may not read is null. Owner of several types: ... on User, ... on Group.`,
  children: 'by the relationship name (Assets, Asset_Signals__r), with the arguments of an object.',
  'fields of every record':
    'Id, ApiName, DisplayValue, WeakEtag, RecordTypeId(fallback); value and displayValue (for picklists also label).',
  variables: 'of all types, whole filters and orders too; fragments, aliases, introspection.',
};

/** Refused by name. */
export const GRAPHQL_REFUSED: readonly string[] = [
  ...(REFUSED_FIELDS['UIAPI'] ?? []),
  'mutation',
  'subscription',
  'scope',
  'upperBound',
  'inq',
  'ninq',
];
