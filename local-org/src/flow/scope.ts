import { Unsupported, type ObjectDef, type OrgMetadata } from '../metadata/schema.ts';
import { FlowLoadError } from './errors.ts';
import { bindFormula } from './formulaResource.ts';
import { globalAccessor } from './globals.ts';
import type { FlowElement, FlowSource, Operand } from './model.ts';
import { fieldAccessor } from './recordPath.ts';
import type { Binder } from './binder.ts';
import type { Accessor, Limited, ScalarAccessor } from './runtime.ts';
import { bindTemplate } from './template.ts';
import { fits, scalarType, typeText, type FlowType, type ItemType } from './values.ts';

/** The binder of one flow: variables, resources and element outputs by name. */
export class Scope implements Binder {
  readonly flow: FlowSource;
  readonly metadata: OrgMetadata;
  readonly #flows: (name: string) => FlowSource | undefined;
  readonly #formulas = new Map<string, Accessor>();
  readonly #binding = new Set<string>();

  constructor(
    flow: FlowSource,
    metadata: OrgMetadata,
    flows: (name: string) => FlowSource | undefined,
  ) {
    this.flow = flow;
    this.metadata = metadata;
    this.#flows = flows;
  }

  fail(element: string, message: string): never {
    throw new FlowLoadError(this.flow.file, element, message);
  }

  unsupported(element: string, feature: string): never {
    throw new Unsupported(this.flow.file, element, feature);
  }

  object(element: string, name: string): ObjectDef {
    const object = this.metadata.objects.get(name);
    if (object === undefined || object.historyOf !== undefined)
      return this.unsupported(element, `the object ${name}`);
    return object;
  }

  /** Another flow, for a subflow element. */
  subflow(element: string, name: string): FlowSource {
    const flow = this.#flows(name);
    if (flow === undefined) return this.fail(element, `there is no flow ${name}`);
    if (!flow.active) this.fail(element, `the flow ${name} is not active`);
    return flow;
  }

  /** What a name means. */
  accessor(element: string, path: string): Accessor {
    const bare = path.startsWith('{!') && path.endsWith('}') ? path.slice(2, -1) : path;
    const [head = '', ...rest] = bare.split('.');
    const global = globalAccessor(this, element, bare);
    if (global !== undefined) return global;
    const root = this.#root(element, head);
    return rest.length === 0 ? root : this.field(element, root, bare, rest);
  }

  /** A field of a record, possibly through lookups. */
  field(element: string, root: Limited, path: string, segments: readonly string[]): Accessor {
    return fieldAccessor(this, element, root, path, segments);
  }

  /** A single value (not a record, not a collection). */
  scalar(element: string, path: string): ScalarAccessor {
    const accessor = this.accessor(element, path);
    const { type } = accessor;
    if (type.kind !== 'scalar')
      return this.fail(element, `${path} is a ${typeText(type)}, a single value is needed`);
    return { ...accessor, type };
  }

  operand(element: string, operand: Operand): Accessor {
    if (operand.kind === 'reference') return this.accessor(element, operand.path);
    const { value } = operand;
    return { type: { kind: 'scalar', type: scalarType(operand.type) }, get: () => value };
  }

  /** An operand that must have a type. */
  operandOf(element: string, operand: Operand, wanted: FlowType, what: string): Accessor {
    const accessor = this.operand(element, operand);
    if (!fits(wanted, accessor.type)) {
      const given = operand.kind === 'reference' ? operand.path : `'${String(operand.value)}'`;
      this.fail(
        element,
        `${what} needs ${typeText(wanted)}, ${given} is ${typeText(accessor.type)}`,
      );
    }
    return accessor;
  }

  /** A name the flow may assign to. */
  target(element: string, path: string): Accessor & { readonly set: NonNullable<Accessor['set']> } {
    const accessor = this.accessor(element, path);
    const { set } = accessor;
    if (set === undefined) return this.fail(element, `${path} cannot be assigned to`);
    return { ...accessor, set };
  }

  #root(element: string, name: string): Limited {
    const { flow } = this;
    const variable = flow.variables.get(name);
    if (variable !== undefined) {
      const item: ItemType =
        variable.type === 'SObject'
          ? { kind: 'record', object: this.object(`variables ${name}`, variable.object ?? '').name }
          : { kind: 'scalar', type: scalarType(variable.type) };
      return stored(name, variable.isCollection ? { kind: 'collection', of: item } : item, true);
    }
    const constant = flow.constants.get(name);
    if (constant !== undefined) {
      return {
        type: { kind: 'scalar', type: scalarType(constant.type) },
        get: () => constant.value,
      };
    }
    const field = flow.screenFields.get(name);
    if (field !== undefined)
      return stored(name, { kind: 'scalar', type: scalarType(field.type) }, false);
    if (flow.choices.has(name)) return this.#choice(name);
    if (flow.formulas.has(name) || flow.templates.has(name)) return this.#computed(element, name);
    const target = flow.elements.get(name);
    if (target === undefined)
      return this.fail(element, `${name} is not an element or resource of this flow`);
    return this.#output(element, target);
  }

  /** A choice stands for its value, chosen or not. */
  #choice(name: string): Accessor {
    const { type, value } =
      this.flow.choices.get(name) ?? this.fail(name, 'there is no such choice');
    return this.operandOf(
      `choices ${name}`,
      value,
      { kind: 'scalar', type: scalarType(type) },
      'the choice',
    );
  }

  /** Formulas and templates may use each other, but not in a circle. */
  #computed(element: string, name: string): Accessor {
    const known = this.#formulas.get(name);
    if (known !== undefined) return known;
    if (this.#binding.has(name)) this.fail(element, `${name} refers to itself`);
    this.#binding.add(name);
    const formula = this.flow.formulas.get(name);
    const bound =
      formula === undefined
        ? bindTemplate(this, name, this.flow.templates.get(name) ?? '')
        : bindFormula(this, formula);
    this.#binding.delete(name);
    this.#formulas.set(name, bound);
    return bound;
  }

  /** What an element leaves behind under its own name. */
  #output(element: string, source: FlowElement): Limited {
    const { name } = source;
    switch (source.kind) {
      case 'recordLookups': {
        if (source.output.kind !== 'automatic')
          return this.fail(element, `${name} does not store its output automatically`);
        const item: ItemType = {
          kind: 'record',
          object: this.object(name, source.selection.object).name,
        };
        const only =
          source.queriedFields.length === 0 ? undefined : new Set(['Id', ...source.queriedFields]);
        return {
          ...stored(
            name,
            source.firstOnly ? item : { kind: 'collection', of: item },
            source.firstOnly,
          ),
          only,
        };
      }
      case 'recordCreates':
        if (!source.automatic)
          return this.fail(element, `${name} does not store its output automatically`);
        return stored(name, { kind: 'scalar', type: 'text' }, false);
      case 'loops': {
        if (source.itemTo !== undefined)
          return this.fail(element, `${name} stores its item in ${source.itemTo}`);
        const { type } = this.accessor(`loops ${name}`, source.collection);
        if (type.kind !== 'collection')
          return this.fail(`loops ${name}`, `${source.collection} is not a collection`);
        return stored(name, type.of, true);
      }
      case 'collectionProcessors': {
        const { type } = this.accessor(`collectionProcessors ${name}`, source.collection);
        if (source.work.kind !== 'filter' || type.kind !== 'collection')
          return this.fail(element, `${name} sorts ${source.collection} and has no output`);
        return stored(name, type, false);
      }
      case 'subflows':
        return this.unsupported(
          element,
          `a reference to the subflow element ${name} (use outputAssignments)`,
        );
      default:
        return this.fail(element, `${name} is a ${source.kind} element, which has no output`);
    }
  }
}

function stored(name: string, type: FlowType, assignable: boolean): Accessor {
  return {
    type,
    get: (interview) => interview.values.get(name) ?? (type.kind === 'collection' ? [] : null),
    set: assignable ? (interview, value) => interview.values.set(name, value) : undefined,
  };
}
