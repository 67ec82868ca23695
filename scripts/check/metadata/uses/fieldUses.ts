import type { MetadataFile } from '../file.ts';
import { type FieldStep, followFields } from '../org.ts';
import type { GraphQLSchema } from 'graphql';
import type { Context, FieldUse, Settings, UserKind } from '../rule.ts';
import { formulaWays, shownFields } from '../rules/lists.ts';
import { childrenOf, everyElement, textOf, type XmlElement } from '../xml.ts';
import { fieldsOfBridge } from './bridgeUses.ts';
import { fieldsOfDocuments, fieldsOfScript } from './componentUses.ts';
import { flowFieldUses } from './flowUses.ts';

type Uses = Map<string, { readonly reads: Set<UserKind>; readonly writes: Set<UserKind> }>;
type Note = (step: FieldStep, by: UserKind, how: 'reads' | 'writes') => void;

/**
 * `Object.Field` → who uses it, over flows, components, the bridge, pages and formulas. A component that saves
 * records, and the bridge, count as readers and writers of what they name: their code does not tell the two apart.
 */
export function collectFieldUses(
  context: Context,
  graphql: GraphQLSchema,
): ReadonlyMap<string, FieldUse> {
  const uses: Uses = new Map();
  const note: Note = ({ object, field }, by, how) => {
    const key = `${object}.${field}`;
    const use = uses.get(key) ?? { reads: new Set(), writes: new Set() };
    use[how].add(by);
    uses.set(key, use);
  };
  for (const file of context.files) {
    noteFlow(file, context, note);
    notePage(file, context, note);
    for (const { steps } of formulaWays(file, context)) {
      for (const step of steps) note(step, 'formula', 'reads');
    }
  }
  noteComponents(context, graphql, note);
  noteBridge(context, note);
  noteSettings(context, note);
  return uses;
}

function noteFlow(file: MetadataFile, context: Context, note: Note): void {
  if (file.type !== 'Flow') return;
  for (const { object, path, isWrite } of flowFieldUses(file.root, context)) {
    const { steps } = followFields(context.org, object, path);
    for (const [index, step] of steps.entries()) {
      note(step, 'flow', isWrite && index === steps.length - 1 ? 'writes' : 'reads');
    }
  }
}

/* People read what a list or page shows, and write what stands on a layout. */
function notePage(file: MetadataFile, { org }: Context, note: Note): void {
  for (const step of shownFields(file)) {
    note(step, 'page', 'reads');
    if (file.type === 'Layout') note(step, 'page', 'writes');
  }
  if (file.type !== 'FlexiPage') return;
  for (const { name, text } of everyElement(file.root)) {
    if (name !== 'fieldItem') continue;
    const path = text.replace(/^Record\./, '');
    for (const step of followFields(org, textOf(file.root, 'sobjectType'), path).steps) {
      note(step, 'page', 'reads');
    }
  }
}

/* What the files cannot show: the layouts of the customer, and the part of the bridge that is still to come. */
function noteSettings({ settings, files }: Context, note: Note): void {
  for (const [object, field] of settings.customerPages.map(stepOf)) {
    note({ object, field }, 'page', 'reads');
  }
  for (const grant of grantsOfBridge({ settings, files })) {
    const [object, field] = stepOf(textOf(grant, 'field'));
    const isAwaited = [object, `${object}.${field}`].some((it) => settings.awaited.includes(it));
    if (!isAwaited) continue;
    note({ object, field }, 'bridge', 'reads');
    if (textOf(grant, 'editable') === 'true') note({ object, field }, 'bridge', 'writes');
  }
}

/** The field permissions of the sets that are the bridge's. */
export function grantsOfBridge({
  settings,
  files,
}: Pick<Context, 'settings' | 'files'>): readonly XmlElement[] {
  return files
    .filter(({ type, name }) => type === 'PermissionSet' && isBridge(name, settings))
    .flatMap(({ root }) => childrenOf(root, 'fieldPermissions'));
}

function isBridge(set: string, { jobs }: Settings): boolean {
  return jobs[set]?.includes('bridge') === true;
}

function stepOf(way: string): [object: string, field: string] {
  const [object = '', field = ''] = way.split('.');
  return [object, field];
}

const SAVES = ['createRecord', 'updateRecord'];

function noteComponents({ components, org }: Context, graphql: GraphQLSchema, note: Note): void {
  for (const { scripts } of components) {
    const saves = scripts.some(({ imports }) =>
      imports.some(({ names }) => SAVES.some((name) => names.has(name))),
    );
    for (const script of scripts) {
      for (const step of fieldsOfScript(script, org)) {
        note(step, 'component', 'reads');
        if (saves) note(step, 'component', 'writes');
      }
      for (const step of fieldsOfDocuments(script, org, graphql)) note(step, 'component', 'reads');
    }
  }
}

/* An event flows one way: who may create it writes it, who may only read it reads it. */
function noteBridge({ bridge, files, org, settings }: Context, note: Note): void {
  const sets = files.filter(
    ({ type, name }) =>
      type === 'PermissionSet' && settings.jobs[name]?.includes('bridge') === true,
  );
  const published = new Set(
    sets
      .flatMap(({ root }) => childrenOf(root, 'objectPermissions'))
      .filter((grant) => textOf(grant, 'allowCreate') === 'true')
      .map((grant) => textOf(grant, 'object')),
  );
  for (const step of fieldsOfBridge(bridge, org)) {
    const isEvent = step.object.endsWith('__e');
    if (!isEvent || !published.has(step.object)) note(step, 'bridge', 'reads');
    if (!isEvent || published.has(step.object)) note(step, 'bridge', 'writes');
  }
}
