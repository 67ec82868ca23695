import type { FieldValue } from '../../store/records.ts';
import type { Binder } from '../binder.ts';
import { bindConditions } from '../conditions.ts';
import { bindFormulaCondition } from '../formulaResource.ts';
import type { CollectionElement, SortOption } from '../model.ts';
import type { Interview, Step } from '../runtime.ts';
import { copyValue, fits, isRecord, toField, type ItemType, type ItemValue } from '../values.ts';

type Work<Kind> = Extract<CollectionElement['work'], { kind: Kind }>;

/**
 * Collection Filter leaves the items that meet its conditions under its own name, copied; the
 * collection itself stays. Collection Sort orders the collection itself, and keeps the first items.
 */
export function bindCollection(binder: Binder, element: CollectionElement): Step {
  const where = `${element.kind} ${element.name}`;
  const collection = binder.accessor(where, element.collection);
  const { type } = collection;
  if (type.kind !== 'collection')
    return binder.fail(where, `${element.collection} is not a collection`);
  const itemsOf = (interview: Interview): readonly ItemValue[] => {
    const items = collection.get(interview);
    return Array.isArray(items) ? items : [];
  };
  const work =
    element.work.kind === 'filter'
      ? bindFilter(binder, where, element.name, element.work, type.of)
      : bindSort(binder, where, element, element.work, type.of);
  return {
    kind: 'instant',
    run: (interview) => {
      work(interview, itemsOf(interview));
      return { next: element.next };
    },
  };
}

type Run = (interview: Interview, items: readonly ItemValue[]) => void;

function bindFilter(
  binder: Binder,
  where: string,
  name: string,
  { itemTo, keeps }: Work<'filter'>,
  item: ItemType,
): Run {
  const current = binder.target(where, itemTo);
  if (!fits(current.type, item)) binder.fail(where, `${itemTo} cannot hold an item`);
  const test =
    'formula' in keeps
      ? bindFormulaCondition(binder, where, keeps.formula)
      : bindConditions(binder, where, keeps.conditions, keeps.logic);
  return (interview, items) => {
    const kept = items.filter((one) => {
      current.set(interview, copyValue(one));
      return test(interview);
    });
    current.set(interview, null);
    interview.values.set(name, copyValue([...kept]));
  };
}

function bindSort(
  binder: Binder,
  where: string,
  element: CollectionElement,
  { by, limit }: Work<'sort'>,
  item: ItemType,
): Run {
  if (element.collection.includes('.'))
    return binder.unsupported(where, `sorting ${element.collection}, a part of something`);
  for (const { field } of by) checkSortField(binder, where, item, field);
  return (interview, items) => {
    const sorted = items.toSorted((a, b) => compareBy(by, a, b));
    interview.values.set(element.collection, sorted.slice(0, limit));
  };
}

function checkSortField(
  binder: Binder,
  where: string,
  item: ItemType,
  field: string | undefined,
): void {
  if ((item.kind === 'record') !== (field !== undefined))
    return binder.fail(where, 'records are sorted by a sortField, single values by none');
  if (item.kind !== 'record' || field === undefined) return;
  const object = binder.object(where, item.object);
  if (!object.fields.has(field)) binder.fail(where, `${object.name} has no field ${field}`);
}

function compareBy(by: readonly SortOption[], a: ItemValue, b: ItemValue): number {
  for (const option of by) {
    const order = compareOne(option, valueOf(option, a), valueOf(option, b));
    if (order !== 0) return order;
  }
  return 0;
}

/** Empty values stand where the option says, whichever way the others go. */
function compareOne(option: SortOption, a: FieldValue, b: FieldValue): number {
  const [emptyA, emptyB] = [a === null || a === '', b === null || b === ''];
  if (emptyA || emptyB) {
    if (emptyA === emptyB) return 0;
    return emptyA === option.emptyFirst ? -1 : 1;
  }
  const [x, y] = [folded(a), folded(b)];
  if (x === y) return 0;
  return x < y === option.descending ? 1 : -1;
}

/** Texts are in order whatever their case, as in SOQL. */
function folded(value: FieldValue): string | number {
  return typeof value === 'number' ? value : String(value).toLowerCase();
}

function valueOf({ field }: SortOption, item: ItemValue): FieldValue {
  if (field === undefined) return toField(item);
  return isRecord(item) ? (item.fields[field] ?? null) : null;
}
