import type { FieldValue } from '../../store/records.ts';
import type { Binder } from '../binder.ts';
import { mayReadField, refuseUnreadable, selectFor } from '../dataAccess.ts';
import type { Interview } from '../runtime.ts';
import type { ChoiceField, ChoiceSet } from '../screenModel.ts';
import { bindSelection } from '../selection.ts';
import { bindText } from '../template.ts';
import { fieldScalar, fits, scalarType, toField } from '../values.ts';

/** Something to choose as it was shown. */
export interface Option {
  readonly label: string;
  readonly value: FieldValue;
  /** Puts fields of the chosen record where the choice set says. */
  readonly chosen?: (interview: Interview) => void;
}

type Options = (interview: Interview) => Option[];

/** The choices of a field: the flow's own, of records, of a picklist. */
export function bindOptions(binder: Binder, where: string, field: ChoiceField): Options {
  const bound = field.choices.map((name): Options => {
    const choice = binder.flow.choices.get(name);
    const set = binder.flow.choiceSets.get(name);
    const type = choice?.type ?? set?.type;
    if (type === undefined) return binder.fail(where, `${name} is not a choice of this flow`);
    if (type !== field.type)
      binder.fail(where, `the choice ${name} is a ${type}, the field a ${field.type}`);
    if (set !== undefined) return bindSet(binder, set);
    const { label, value } = bindChoice(binder, name);
    return (interview) => [{ label: label(interview), value: value(interview) }];
  });
  if (field.initialChoice !== undefined && !field.choices.includes(field.initialChoice))
    binder.fail(where, `${field.initialChoice} is not among the choices of the field`);
  return (interview) => bound.flatMap((options) => options(interview));
}

/** A choice of the flow: its label and its value. */
export function bindChoice(
  binder: Binder,
  name: string,
): {
  readonly label: (interview: Interview) => string;
  readonly value: (interview: Interview) => FieldValue;
} {
  const where = `choices ${name}`;
  const choice = binder.flow.choices.get(name);
  if (choice === undefined) return binder.fail(where, 'there is no such choice');
  const type = { kind: 'scalar', type: scalarType(choice.type) } as const;
  const value = binder.operandOf(where, choice.value, type, 'the choice');
  const label = bindText(binder, where, choice.label);
  return {
    label: (interview) => String(toField(label.get(interview)) ?? ''),
    value: (interview) => toField(value.get(interview)),
  };
}

function bindSet(binder: Binder, set: ChoiceSet): Options {
  const where = `dynamicChoiceSets ${set.name}`;
  return set.kind === 'picklist'
    ? bindPicklist(binder, where, set)
    : bindRecords(binder, where, set);
}

function bindPicklist(
  binder: Binder,
  where: string,
  set: Extract<ChoiceSet, { kind: 'picklist' }>,
): Options {
  const object = binder.object(where, set.object);
  const field = object.fields.get(set.field);
  if (field === undefined) return binder.fail(where, `${object.name} has no field ${set.field}`);
  const values = field.picklist?.values;
  if (values === undefined) return binder.fail(where, `${set.field} is not a picklist`);
  const options = values.map(({ label, name }) => ({ label, value: name }));
  if (set.descending !== undefined) {
    const order = set.descending ? -1 : 1;
    options.sort((a, b) => order * a.label.localeCompare(b.label, 'en-US'));
  }
  return (interview) => (mayReadField(interview, object.name, field.name) ? options : []);
}

/** One query for each showing, in the name of the interview's user where the flow runs as the user. */
function bindRecords(
  binder: Binder,
  where: string,
  set: Extract<ChoiceSet, { kind: 'records' }>,
): Options {
  const object = binder.object(where, set.object);
  if (object.kind === 'event') binder.fail(where, `${object.name} is an event, it has no records`);
  const fieldOf = (name: string): NonNullable<ReturnType<typeof object.fields.get>> =>
    object.fields.get(name) ?? binder.fail(where, `${object.name} has no field ${name}`);
  fieldOf(set.displayField);
  const valueType = { kind: 'scalar', type: fieldScalar(fieldOf(set.valueField)) } as const;
  if (!fits({ kind: 'scalar', type: scalarType(set.type) }, valueType))
    binder.fail(where, `${set.valueField} is no ${set.type}`);
  if (set.sort !== undefined && fieldOf(set.sort.field).formula !== undefined)
    binder.unsupported(where, `sorting by the formula field ${set.sort.field}`);
  const outputs = set.outputs.map(({ field, to }) => {
    const target = binder.target(where, to);
    if (!fits(target.type, { kind: 'scalar', type: fieldScalar(fieldOf(field)) }))
      binder.fail(where, `${to} cannot hold ${field}`);
    return { field, target };
  });
  const condition = bindSelection(binder, where, set);
  const { sort, limit } = set;
  const asked = [
    ...set.filters.map(({ field }) => field),
    ...(sort === undefined ? [] : [sort.field]),
  ];
  return (interview) => {
    const { limits } = interview.context;
    limits.count('queries');
    refuseUnreadable(interview, object, asked);
    const rows = selectFor(interview, object, {
      object: object.name,
      where: condition(interview),
      ...(limit !== undefined && { limit }),
      ...(sort !== undefined && {
        orderBy: [{ field: sort.field, descending: sort.descending, nullsLast: sort.descending }],
      }),
    });
    limits.count('queryRows', rows.length);
    return rows.map((row) => {
      const read = (name: string): FieldValue =>
        mayReadField(interview, object.name, name) ? (row[name] ?? null) : null;
      return {
        label: String(read(set.displayField) ?? ''),
        value: read(set.valueField),
        chosen: (current: Interview) => {
          for (const { field, target } of outputs) target.set(current, read(field));
        },
      };
    });
  };
}
