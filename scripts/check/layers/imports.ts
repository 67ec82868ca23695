import ts from 'typescript-api';

/** One import, export-from, dynamic import or `import('…')` type of a source file. */
export interface Import {
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
  /** Gone at run time: `import type`, `export type` and `import('…')` in a type. */
  readonly isTypeOnly: boolean;
  /** `export * from …`: what a file exports can no longer be read in it. */
  readonly isBarrel: boolean;
}

/** Every import of a TypeScript or JavaScript source, in the order of the text. */
export function readImports(text: string): readonly Import[] {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.ESNext);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push({
        specifier,
        line: line + 1,
        isTypeOnly: isTypeOnly(node),
        isBarrel: isBarrel(node),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return textOf(node.moduleSpecifier);
  }
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return textOf(node.arguments[0]);
  }
  return undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteral(node) ? node.text : undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) {
    return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  }
  return ts.isExportDeclaration(node) ? node.isTypeOnly : ts.isImportTypeNode(node);
}

function isBarrel(node: ts.Node): boolean {
  return ts.isExportDeclaration(node) && node.exportClause === undefined;
}
