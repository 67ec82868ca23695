import type { CompiledFlow } from '../flow/runtime.ts';
import type { Scalar, Variable } from '../flow/model.ts';
import type { FieldValue } from '../store/records.ts';

/** Values for the variables of a flow that are available for input: as text, or of their own type. */
export type FlowInputs = Readonly<Record<string, unknown>>;

/** An input that the flow does not have, or of another type; its message is for whoever opens the flow. */
export class WrongInput extends Error {}

/** The values a flow starts with. Records and lists of them cannot be given (help platform.flow_distribute_internal_url_variable). */
export function readInputs(
  { source }: CompiledFlow,
  inputs: FlowInputs,
): Map<string, FieldValue | FieldValue[]> {
  return new Map(
    Object.entries(inputs).map(([name, value]) => {
      const variable = source.variables.get(name);
      if (variable?.isInput !== true)
        throw new WrongInput(`${source.name} has no variable ${name} that is available for input`);
      return [name, readInput(variable, value)];
    }),
  );
}

function readInput(variable: Variable, value: unknown): FieldValue | FieldValue[] {
  const { name, type, isCollection } = variable;
  if (type === 'SObject') throw new WrongInput(`${name} is a record, which cannot be given`);
  if (isCollection) {
    const items: unknown[] = Array.isArray(value) ? value : [value];
    return items.map((item) => readScalar(name, type, item));
  }
  return readScalar(name, type, value);
}

function readScalar(name: string, type: Scalar, value: unknown): FieldValue {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw new WrongInput(`${name} takes one value of the type ${type}`);
  const text = String(value).trim();
  const wrong = (allowed: string): never => {
    throw new WrongInput(`${name} is '${text}'; ${allowed} is allowed`);
  };
  switch (type) {
    case 'String':
      return String(value);
    case 'Number':
      return Number.isFinite(Number(text)) ? Number(text) : wrong('a number');
    case 'Boolean':
      if (/^(?:true|1)$/i.test(text)) return true;
      return /^(?:false|0)$/i.test(text) ? false : wrong('true or false');
    case 'Date':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
        ? text
        : wrong('YYYY-MM-DD');
    case 'DateTime': {
      const at = Date.parse(text);
      return Number.isNaN(at) ? wrong('an ISO 8601 time') : new Date(at).toISOString();
    }
  }
}
