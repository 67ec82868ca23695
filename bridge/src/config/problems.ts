import { z } from 'zod';

/** Everything that is wrong with the configuration, for a person to read. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  /** @param file the file the problems are in */
  constructor(file: string, problems: readonly string[]) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    super(`${file} has ${count}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

type Path = readonly PropertyKey[];

/** One sentence for each issue: the key, its value, what is allowed, what to do. */
export function toProblems(
  schema: z.ZodType,
  raw: unknown,
  issues: readonly z.core.$ZodIssue[],
): readonly string[] {
  return issues.flatMap((issue) => toSentences(schema, raw, issue));
}

function toSentences(schema: z.ZodType, raw: unknown, issue: z.core.$ZodIssue): string[] {
  const key = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, raw, issue.path);
    return issue.keys.map((unknown) => {
      const full = formatPath([...issue.path, unknown]);
      const near = nearest(unknown, known);
      const hint =
        near === undefined ? `known here are ${known.join(', ')}` : `did you mean ${near}?`;
      return `${full} is not a known key; ${hint}`;
    });
  }
  const value = valueAt(raw, issue.path);
  const allowed = allowedBy(schema, raw, issue);
  if (value === undefined && issue.path.length > 0) return [`${key} is missing; ${allowed}`];
  return [`${key === '' ? 'the file' : key} is ${show(value, issue.path)}; ${allowed}`];
}

/** Messages of our own say what is allowed; the rest are zod's for a wrong type of container. */
function allowedBy(schema: z.ZodType, raw: unknown, issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union' && 'discriminator' in issue) {
    const kinds = discriminatorsAt(schema, raw, issue.path.slice(0, -1));
    return `allowed are ${kinds.join(', ')}`;
  }
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) {
    if (issue.expected !== 'object' && issue.expected !== 'record')
      return `a ${issue.expected} is required`;
    const keys = keysAt(schema, raw, issue.path);
    return keys.length === 0
      ? 'keys with values are required'
      : `the keys ${keys.join(', ')} belong here`;
  }
  return issue.message;
}

function formatPath(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

function valueAt(raw: unknown, path: Path): unknown {
  let value = raw;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

const SECRET_KEYS = new Set<PropertyKey>(['password', 'privateKey']);

function show(value: unknown, path: Path): string {
  if (path.some((step) => SECRET_KEYS.has(step))) return 'not acceptable (not shown)';
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'a group of keys';
  // A URL may carry user and password, where they do not belong.
  const text = (JSON.stringify(value) ?? 'empty').replace(/\/\/[^/]*@/, '//…@');
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The schemas a value at `path` is checked by; several where a union cannot be decided. */
function schemasAt(schema: z.core.$ZodType, raw: unknown, path: Path): z.core.$ZodType[] {
  const [step, ...rest] = path;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return schemasAt(schema.def.innerType, raw, path);
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    const kind = valueAt(raw, [discriminator]);
    const options = schema.options.filter(
      (option) =>
        !(option instanceof z.ZodObject) ||
        literalsOf(option.shape[discriminator]).includes(String(kind)),
    );
    return options.flatMap((option) => schemasAt(option, raw, path));
  }
  if (step === undefined) return [schema];
  const inner = valueAt(raw, [step]);
  if (schema instanceof z.ZodArray) return schemasAt(schema.element, inner, rest);
  if (schema instanceof z.ZodRecord) return schemasAt(schema.valueType, inner, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  const next = fieldOf(schema, step);
  return next === undefined ? [] : schemasAt(next, inner, rest);
}

function fieldOf(schema: z.ZodObject, key: PropertyKey): z.core.$ZodType | undefined {
  const found: unknown = Reflect.get(schema.shape, key);
  return found instanceof z.core.$ZodType ? found : undefined;
}

function keysAt(schema: z.ZodType, raw: unknown, path: Path): string[] {
  return schemasAt(schema, raw, path).flatMap((found) =>
    found instanceof z.ZodObject ? Object.keys(found.shape) : [],
  );
}

function discriminatorsAt(schema: z.ZodType, raw: unknown, path: Path): string[] {
  const [parent] = schemasAt(schema, raw, path.slice(0, -1));
  const step = path.at(-1);
  const found =
    parent instanceof z.ZodObject && step !== undefined ? fieldOf(parent, step) : undefined;
  if (!(found instanceof z.ZodDiscriminatedUnion)) return [];
  const { discriminator } = found.def;
  return found.options.flatMap((option) =>
    option instanceof z.ZodObject ? literalsOf(option.shape[discriminator]) : [],
  );
}

function literalsOf(schema: unknown): string[] {
  return schema instanceof z.ZodLiteral ? [...schema.values].map(String) : [];
}

/** The known key that was probably meant: at most two edits away, or a third of its length. */
function nearest(key: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({
      candidate,
      edits: editsBetween(key.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  if (best === undefined || best.edits > Math.max(2, Math.floor(best.candidate.length / 3)))
    return undefined;
  return best.candidate;
}

/** Levenshtein distance. */
function editsBetween(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
