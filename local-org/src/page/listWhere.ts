import type { FilterOperation, FilterValue, ListFilter } from '../metadata/listViewFilter.ts';

/** The filters of a list view as a GraphQL `where`, or null where there are none. */
export function whereOf(filters: readonly ListFilter[]): string | null {
  if (filters.length === 0) return null;
  const parts = filters.map(({ field, ...test }) => `{ ${field}: ${testOf(test)} }`);
  return `{ and: [${parts.join(', ')}] }`;
}

const OPERATORS: Readonly<Record<FilterOperation, string>> = {
  equals: 'eq',
  notEqual: 'ne',
  lessThan: 'lt',
  greaterThan: 'gt',
  lessOrEqual: 'lte',
  greaterOrEqual: 'gte',
  contains: 'like',
  startsWith: 'like',
};

function testOf({ operation, values }: Omit<ListFilter, 'field'>): string {
  const [first, ...others] = values;
  if (first === undefined) return `{ ${OPERATORS[operation]}: null }`;
  if (others.length > 0)
    return `{ ${operation === 'equals' ? 'in' : 'nin'}: [${values.map(valueOf).join(', ')}] }`;
  if (first.kind === 'value' && OPERATORS[operation] === 'like') {
    const before = operation === 'contains' ? '%' : '';
    return `{ like: ${JSON.stringify(`${before}${first.value}%`)} }`;
  }
  return `{ ${OPERATORS[operation]}: ${valueOf(first)} }`;
}

function valueOf(value: FilterValue): string {
  switch (value.kind) {
    case 'value':
      return JSON.stringify(value.value);
    case 'literal':
      return `{ literal: ${value.literal} }`;
    case 'range':
      return `{ range: { ${value.span}: ${value.days} } }`;
  }
}
