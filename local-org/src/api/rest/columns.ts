import type { FieldDef } from '../../metadata/schema.ts';
import type { FieldPath } from '../../store/soql/paths.ts';
import type { Plan } from '../../store/soql/plan.ts';

/** A column of a query's result, or a lookup with the columns behind it. */
interface Column {
  readonly columnName: string;
  readonly displayName: string;
  readonly aggregate: boolean;
  readonly apexType: string;
  readonly booleanType: boolean;
  readonly numberType: boolean;
  readonly textType: boolean;
  readonly custom: boolean;
  readonly foreignKeyName: string | null;
  readonly insertable: boolean;
  readonly updatable: boolean;
  readonly joinColumns: Column[];
}

/**
 * What `query?columns=true` answers: the columns in the order of the query, parents nested, no records.
 * The parameter is in no guide; this is what Salesforce's CLI (@salesforce/plugin-data) reads of the answer.
 */
export function describeColumns(plan: Plan): Record<string, unknown> {
  return {
    columnMetadata: columnsOf(plan),
    entityName: plan.object.name,
    groupBy: plan.kind === 'groups' && plan.groupBy.length > 0,
    idSelected: plan.kind === 'rows' && plan.fields.some(({ text }) => text === 'Id'),
    keyPrefix: plan.object.keyPrefix,
  };
}

function columnsOf(plan: Plan): Column[] {
  switch (plan.kind) {
    case 'count':
      return [];
    case 'rows':
      return nest(plan.fields);
    case 'groups':
      return plan.columns.map(({ name, shownAs, path }) =>
        shownAs === undefined && path !== undefined
          ? columnOf(name, path.field)
          : { ...bare(name), displayName: shownAs ?? name, aggregate: true, numberType: true },
      );
  }
}

function nest(paths: readonly FieldPath[]): Column[] {
  const columns: Column[] = [];
  for (const { field, text } of paths) {
    let level = columns;
    const names = text.split('.');
    for (const name of names.slice(0, -1)) {
      let parent = level.find(({ columnName }) => columnName === name);
      if (parent === undefined) {
        parent = { ...bare(name), foreignKeyName: name };
        level.push(parent);
      }
      level = parent.joinColumns;
    }
    level.push(columnOf(names.at(-1) ?? text, field));
  }
  return columns;
}

const apexTypes: Partial<Record<FieldDef['type'], string>> = {
  Id: 'Id',
  Lookup: 'Id',
  Number: 'Double',
  Checkbox: 'Boolean',
  DateTime: 'Datetime',
  Date: 'Date',
};

function columnOf(name: string, field: FieldDef): Column {
  const apexType = apexTypes[field.type] ?? 'String';
  return {
    ...bare(name),
    apexType,
    booleanType: apexType === 'Boolean',
    numberType: apexType === 'Double',
    textType: apexType === 'String',
    custom: field.name.endsWith('__c'),
    insertable: !field.system,
    updatable: !field.system,
  };
}

const bare = (name: string): Column => ({
  columnName: name,
  displayName: name,
  aggregate: false,
  apexType: 'String',
  booleanType: false,
  numberType: false,
  textType: false,
  custom: false,
  foreignKeyName: null,
  insertable: false,
  updatable: false,
  joinColumns: [],
});
