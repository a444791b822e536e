// The import table of the house: which room may import which, and which npm packages. A room that
// is given for its types alone may be imported with `import type` only.
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';
import { finding, isTest, nodesOf, type Finding, type Source } from './source.ts';

interface Room {
  readonly name: string;
  /** Files whose path begins so belong to the room; the first room that fits counts. */
  readonly at: string;
  readonly rooms: readonly string[];
  readonly typesOf?: readonly string[];
  readonly packages: readonly string[];
}

/** `protocol.ts`, and what is too long for it: `protocol-x.ts`. */
const PROTOCOL = 'server/src/lsp/protocol';
const ROOMS: readonly Room[] = [
  { name: 'simulator', at: 'simulator/src/', rooms: [], packages: [] },
  { name: 'text', at: 'server/src/text/', rooms: [], packages: [] },
  { name: 'syntax', at: 'server/src/syntax/', rooms: ['text'], packages: ['web-tree-sitter'] },
  {
    name: 'analysis', at: 'server/src/analysis/', rooms: ['text'],
    typesOf: ['syntax', 'simulator'], packages: [],
  },
  {
    name: 'features', at: 'server/src/features/', rooms: ['text', 'analysis'],
    typesOf: ['syntax', 'simulator'], packages: [],
  },
  {
    name: 'service', at: 'server/src/service/',
    rooms: ['text', 'syntax', 'analysis', 'features', 'simulator'], packages: [],
  },
  { name: 'protocol', at: PROTOCOL, rooms: [], packages: [] },
  {
    name: 'lsp', at: 'server/src/lsp/', rooms: ['service', 'text', 'protocol'],
    typesOf: ['features', 'analysis'],
    packages: ['vscode-languageserver', 'vscode-languageserver-textdocument'],
  },
  {
    name: 'host', at: 'server/src/host/',
    rooms: ['lsp', 'protocol', 'service', 'text', 'simulator'],
    typesOf: ['features', 'analysis'],
    packages: ['vscode-languageserver/node', 'vscode-languageserver/browser'],
  },
  {
    name: 'client', at: 'client/src/', rooms: ['protocol'],
    packages: [
      'vscode', 'vscode-languageclient', 'vscode-languageclient/node',
      'vscode-languageclient/browser',
    ],
  },
];
/** The mains that run in Node. */
const NODE_MAINS = /^server\/src\/host\/(?!browser|checkerBrowser)/;
const NODE_MODULES = new Set(builtinModules);

interface Import {
  readonly node: ts.Node;
  readonly from: string;
  readonly typeOnly: boolean;
}

export function checkImports(source: Source): readonly Finding[] {
  const room = roomOf(source.path);
  return importsOf(source).flatMap(({ node, from, typeOnly }) => {
    const message = wrongExtension(from)
      ?? (isTest(source.path) || room === undefined ? undefined
        : wrongImport(room, source.path, { from, typeOnly }));
    return message === undefined ? [] : [finding(source, node, { rule: 'imports', message })];
  });
}

function roomOf(path: string): Room | undefined {
  return ROOMS.find(({ at }) => path.startsWith(at));
}

function wrongExtension(from: string): string | undefined {
  if (!from.startsWith('.') || /\.(ts|mjs|json)$/.test(from)) return undefined;
  return `'${from}' wants its extension: '${from.replace(/\.js$/, '')}.ts'`;
}

function wrongImport(
  room: Room, path: string, { from, typeOnly }: Omit<Import, 'node'>,
): string | undefined {
  if (from.startsWith('.')) {
    const target = roomOf(posix.join(posix.dirname(path), from));
    if (target === undefined) return `'${from}' is in no room`;
    if (target === room || room.rooms.includes(target.name)) return undefined;
    if (room.typesOf?.includes(target.name) !== true) {
      return `${room.name} may not import ${target.name}`;
    }
    return typeOnly ? undefined : `${room.name} may import only types of ${target.name}`;
  }
  if (from.startsWith('node:')) {
    return NODE_MAINS.test(path) ? undefined : `only mains that run in Node may import ${from}`;
  }
  if (NODE_MODULES.has(from)) return `a module of Node is imported as 'node:${from}'`;
  return room.packages.includes(from) ? undefined : `${room.name} may not import ${from}`;
}

function importsOf({ tree }: Source): readonly Import[] {
  return [...nodesOf(tree)].flatMap((node): readonly Import[] => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      return [{ node, from: node.moduleSpecifier.text, typeOnly: isTypeOnly(node.importClause) }];
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined
      && ts.isStringLiteral(node.moduleSpecifier)) {
      return [{ node, from: node.moduleSpecifier.text, typeOnly: node.isTypeOnly }];
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [from] = node.arguments;
      if (from !== undefined && ts.isStringLiteral(from)) {
        return [{ node, from: from.text, typeOnly: false }];
      }
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
      && ts.isStringLiteral(node.argument.literal)) {
      return [{ node, from: node.argument.literal.text, typeOnly: true }];
    }
    return [];
  });
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return clause.name === undefined && named !== undefined && ts.isNamedImports(named)
    && named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}
