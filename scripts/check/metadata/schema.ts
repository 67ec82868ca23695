import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript-api';

/** What the Metadata API says about one element of a type. */
export interface SchemaElement {
  readonly type: string;
  readonly isList: boolean;
  readonly isRequired: boolean;
}

export type SchemaType =
  | { readonly kind: 'alias'; readonly of: string }
  | { readonly kind: 'enum'; readonly values: ReadonlySet<string> }
  | { readonly kind: 'struct'; readonly elements: ReadonlyMap<string, SchemaElement> };

/** Simple types have no entry: string, number, boolean and Date. */
export type Schema = ReadonlyMap<string, SchemaType>;

/* Release 1.7.1 of the package is the WSDL of API version 66.0; another release is another org's WSDL. */
const SCHEMA_FILE = 'node_modules/@salesforce/types/lib/metadata.d.ts';

/** The Metadata API of version 66.0: Salesforce's own WSDL, as the package `@salesforce/types` writes it in types. */
export function loadSchema(root: string): Schema {
  return readSchema(readFileSync(join(root, SCHEMA_FILE), 'utf8'));
}

/** Reads type declarations; throws when one has a form that is not understood, so that nothing goes unchecked. */
export function readSchema(text: string): Schema {
  const source = ts.createSourceFile('metadata.d.ts', text, ts.ScriptTarget.ESNext);
  const declared = new Map<string, ts.TypeNode>();
  for (const statement of source.statements) {
    if (ts.isTypeAliasDeclaration(statement)) declared.set(statement.name.text, statement.type);
  }
  const schema = new Map<string, SchemaType>();
  for (const [name, node] of declared) schema.set(name, readType(name, node, declared));
  return schema;
}

function readType(
  name: string,
  node: ts.TypeNode,
  declared: ReadonlyMap<string, ts.TypeNode>,
): SchemaType {
  const values = enumValues(node);
  if (values !== undefined) return { kind: 'enum', values: new Set(values) };
  const other = simpleName(node);
  if (other !== undefined) return { kind: 'alias', of: other };
  return { kind: 'struct', elements: new Map(structElements(name, node, declared)) };
}

function enumValues(node: ts.TypeNode): readonly string[] | undefined {
  const members = ts.isUnionTypeNode(node) ? node.types : [node];
  const values = members.flatMap((member) =>
    ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal) ? [member.literal.text] : [],
  );
  return values.length === members.length ? values : undefined;
}

function structElements(
  name: string,
  node: ts.TypeNode,
  declared: ReadonlyMap<string, ts.TypeNode>,
): readonly [string, SchemaElement][] {
  if (ts.isIntersectionTypeNode(node)) {
    return node.types.flatMap((part) => structElements(name, part, declared));
  }
  if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) {
    const base = declared.get(node.typeName.text);
    if (base !== undefined) return structElements(node.typeName.text, base, declared);
  }
  // The package writes a base type without elements as a string.
  if (node.kind === ts.SyntaxKind.StringKeyword) return [];
  if (ts.isTypeLiteralNode(node)) return node.members.map((member) => readMember(name, member));
  throw new Error(`The schema's type ${name} has a form that this reader does not know.`);
}

function readMember(owner: string, member: ts.TypeElement): [string, SchemaElement] {
  if (ts.isPropertySignature(member) && member.type !== undefined && isNamed(member.name)) {
    const isList = ts.isArrayTypeNode(member.type);
    const type = simpleName(
      ts.isArrayTypeNode(member.type) ? member.type.elementType : member.type,
    );
    if (type !== undefined) {
      const isRequired = member.questionToken === undefined && !isList;
      return [member.name.text, { type, isList, isRequired }];
    }
  }
  throw new Error(`The schema's type ${owner} has a member that this reader does not know.`);
}

function isNamed(name: ts.PropertyName): name is ts.Identifier | ts.StringLiteral {
  return ts.isIdentifier(name) || ts.isStringLiteral(name);
}

function simpleName(node: ts.TypeNode): string | undefined {
  if (node.kind === ts.SyntaxKind.StringKeyword) return 'string';
  // A custom metadata value is of whatever type its field has.
  if (node.kind === ts.SyntaxKind.AnyKeyword || node.kind === ts.SyntaxKind.UnknownKeyword) {
    return 'string';
  }
  if (node.kind === ts.SyntaxKind.NumberKeyword) return 'number';
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return 'boolean';
  if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) return node.typeName.text;
  return undefined;
}
