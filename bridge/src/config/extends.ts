import { resolve } from 'node:path';

type Tree = Readonly<Record<string, unknown>>;

/**
 * What says whose data goes where: it stands in the file of the environment and is never inherited, so that a copy
 * of a file which forgets one of them is incomplete and not wrong.
 */
const OWN = [
  'extends',
  'environment',
  'dataDir',
  'mqtt.url',
  'mqtt.clientId',
  'mqtt.username',
  'mqtt.password',
  'mqtt.connections',
  'salesforce.loginUrl',
  'salesforce.audience',
  'salesforce.clientId',
  'salesforce.username',
  'salesforce.privateKey',
  'salesforce.privateKeyFile',
] as const;

/** Keys of a base file that belong into the file of an environment, as sentences. */
export function baseProblems(base: unknown): readonly string[] {
  if (!isTree(base))
    return ['the file is no group of keys; the keys several environments share belong here'];
  return OWN.filter((key) => valueAt(base, key.split('.')) !== undefined).map(
    (key) =>
      `${key} may not be inherited: it tells environments apart, write it into the file of each`,
  );
}

/** The file with the keys of its base that it does not have itself; groups are merged, lists are not. */
export function withBase(file: unknown, base: unknown, baseFolder: string): unknown {
  return isTree(file) && isTree(base) ? merge(anchor(base, baseFolder), file) : file;
}

function merge(base: Tree, over: Tree): Tree {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
  }
  return merged;
}

/** Paths of a base count from its own folder. All keys that hold one end in `File`; mappings hold none. */
function anchor(tree: Tree, folder: string): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => {
      if (key === 'mappings') return [key, value];
      if (isTree(value)) return [key, anchor(value, folder)];
      return [
        key,
        key.endsWith('File') && typeof value === 'string' ? resolve(folder, value) : value,
      ];
    }),
  );
}

function valueAt(tree: Tree, [step = '', ...rest]: readonly string[]): unknown {
  const value = tree[step];
  if (rest.length === 0) return value;
  return isTree(value) ? valueAt(value, rest) : undefined;
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
