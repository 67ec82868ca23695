import ts from 'typescript-api';
import type { SourceFile } from '../files.ts';

/** Something a script imports: `import Default, { name as other } from 'specifier'`. */
export interface ScriptImport {
  readonly specifier: string;
  readonly line: number;
  /** Exported name → name in this file; `default` and `*` stand for themselves. */
  readonly names: ReadonlyMap<string, string>;
}

/** A piece of text with its line: a string, or the name of something. */
export interface Word {
  readonly line: number;
  readonly text: string;
}

/** A GraphQL document; `text` is undefined when it is put together at run time. */
export interface Document {
  readonly line: number;
  readonly text: string | undefined;
}

/** What the check wants to know of one JavaScript file of a Lightning web component. */
export interface Script {
  readonly path: string;
  readonly imports: readonly ScriptImport[];
  /** Exported names, `default` among them; `*specifier` for what is passed on whole. */
  readonly exports: readonly Word[];
  /** Names with a decorator @api. */
  readonly api: ReadonlySet<string>;
  /** Members without a decorator, with their lines. */
  readonly plainMembers: readonly Word[];
  /** All members of the classes of the file. */
  readonly members: ReadonlySet<string>;
  /** Whether every class extends LightningElement, with the mixin for navigation at most, so that `members` is all there is. */
  readonly isPlain: boolean;
  /** Whether a class of the file is a component. */
  readonly isElement: boolean;
  readonly documents: readonly Document[];
  /** Strings, parts of templates and names of identifiers, in the order of the text; GraphQL left out. */
  readonly words: readonly Word[];
  /** `owner.name` for each access of a property of a plain name, e.g. `labels.retry`. */
  readonly accesses: readonly (Word & { readonly owner: string })[];
}

/* Salesforce's mixin brings nothing that a template could name. */
const PLAIN_BASES = ['LightningElement', 'NavigationMixin(LightningElement)'];

/** Reads a script; text that is no JavaScript gives what could be understood: ESLint tells of the rest. */
export function readScript({ path, text }: SourceFile): Script {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const found = {
    imports: [] as ScriptImport[],
    exports: [] as Word[],
    api: new Set<string>(),
    plainMembers: [] as Word[],
    members: new Set<string>(),
    isPlain: true,
    isElement: false,
    documents: [] as Document[],
    words: [] as Word[],
    accesses: [] as (Word & { readonly owner: string })[],
  };
  const lineOf = (node: ts.Node): number =>
    source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const visit = (node: ts.Node): void => {
    const line = lineOf(node);
    if (ts.isImportDeclaration(node)) {
      found.imports.push(readImport(node, line));
      return;
    }
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText(source) === 'gql') {
      const { template } = node;
      const isStatic = ts.isNoSubstitutionTemplateLiteral(template);
      found.documents.push({ line, text: isStatic ? template.text : undefined });
      return;
    }
    if (ts.isExportDeclaration(node)) found.imports.push(...passedOn(node, line));
    for (const name of exportedNames(node)) found.exports.push({ line, text: name });
    if (ts.isClassDeclaration(node)) {
      const base = node.heritageClauses?.[0]?.types[0]?.expression.getText(source);
      if (base !== undefined && PLAIN_BASES.includes(base)) found.isElement = true;
      else if (base !== undefined) found.isPlain = false;
      for (const member of node.members) {
        const name = member.name?.getText(source);
        if (name === undefined) continue;
        found.members.add(name);
        if (isApi(member, source)) found.api.add(name);
        if (decoratorsOf(member).length === 0)
          found.plainMembers.push({ line: lineOf(member), text: name });
      }
    }
    if (ts.isPropertyAccessExpression(node)) {
      const owner = node.expression.getText(source);
      found.accesses.push({ line, owner, text: node.name.text });
    }
    if (ts.isIdentifier(node) || ts.isStringLiteralLike(node) || isTemplatePart(node)) {
      found.words.push({ line, text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { path, ...found };
}

function readImport(node: ts.ImportDeclaration, line: number): ScriptImport {
  const names = new Map<string, string>();
  const clause = node.importClause;
  if (clause?.name !== undefined) names.set('default', clause.name.text);
  const bindings = clause?.namedBindings;
  if (bindings !== undefined && ts.isNamespaceImport(bindings)) names.set('*', bindings.name.text);
  if (bindings !== undefined && ts.isNamedImports(bindings)) {
    for (const { propertyName, name } of bindings.elements) {
      names.set((propertyName ?? name).text, name.text);
    }
  }
  const { moduleSpecifier } = node;
  const specifier = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
  return { specifier, line, names };
}

/* `export { a } from './b'` imports as well. */
function passedOn(node: ts.ExportDeclaration, line: number): readonly ScriptImport[] {
  const { exportClause, moduleSpecifier } = node;
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
  const elements =
    exportClause !== undefined && ts.isNamedExports(exportClause) ? exportClause.elements : [];
  const names = elements.map(({ propertyName, name }) => (propertyName ?? name).text);
  return [{ specifier: moduleSpecifier.text, line, names: new Map(names.map((it) => [it, it])) }];
}

function exportedNames(node: ts.Node): readonly string[] {
  if (ts.isExportAssignment(node)) return ['default'];
  if (ts.isExportDeclaration(node)) {
    const { exportClause, moduleSpecifier } = node;
    if (exportClause !== undefined && ts.isNamedExports(exportClause)) {
      return exportClause.elements.map(({ name }) => name.text);
    }
    return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier)
      ? [`*${moduleSpecifier.text}`]
      : [];
  }
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) return ['default'];
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  }
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) {
    return node.name === undefined ? [] : [node.name.text];
  }
  return [];
}

function isApi(member: ts.ClassElement, source: ts.SourceFile): boolean {
  return decoratorsOf(member).some(({ expression }) => expression.getText(source) === 'api');
}

function decoratorsOf(member: ts.ClassElement): readonly ts.Decorator[] {
  return ts.canHaveDecorators(member) ? (ts.getDecorators(member) ?? []) : [];
}

function isTemplatePart(
  node: ts.Node,
): node is ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail {
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
}
