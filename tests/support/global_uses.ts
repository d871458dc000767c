/**
 * Finds where a module touches what it should be given: real time, randomness, the environment, the network.
 *
 * Works on the syntax tree that Deno's linter gives to its plugins, so that comments, strings, types and local
 * variables of the same name (`const { fetch } = deps`) do not count.
 *
 * @module
 */

/** Everything that is looked for. `new Date` means the current time, `new Date(ms)` does not count. */
export const guardedGlobals = [
  "Deno.env",
  "Deno.exit",
  "Date.now",
  "new Date",
  "performance.now",
  "Math.random",
  "fetch",
  "setTimeout",
  "setInterval",
  "AbortSignal.timeout",
] as const;

/** One of the things looked for. */
export type GuardedGlobal = (typeof guardedGlobals)[number];

/** One place where a module touches one of them. */
export interface GlobalUse {
  readonly name: GuardedGlobal;
  /** 1-based. */
  readonly line: number;
}

type Node = Deno.lint.Node | Deno.lint.TSParameterProperty;

/**
 * Lists the uses in one module, in the order of the text. Only inside `deno test`, which is where the linter's
 * syntax tree can be had.
 */
export function findGlobalUses(path: string, source: string): GlobalUse[] {
  // By place, since `{ fetch }` is two identifiers, key and value, at one place.
  const uses = new Map<number, GlobalUse>();
  const onIdentifier = (node: Deno.lint.Identifier) => {
    const name = toGuarded(node);
    if (name === undefined || isDeclaredHere(node)) return;
    const [start] = node.range;
    uses.set(start, { name, line: source.slice(0, start).split("\n").length });
  };
  const rule: Deno.lint.Rule = { create: () => ({ Identifier: onIdentifier }) };
  Deno.lint.runPlugin({ name: "guarded", rules: { globals: rule } }, path, source);
  return [...uses.values()];
}

/** The guarded global that an identifier starts, or is, if it stands for a value at all. */
function toGuarded(node: Deno.lint.Identifier): GuardedGlobal | undefined {
  const { parent } = node;
  if (isName(node, parent)) return undefined;
  if (node.name === "globalThis") {
    const member = toMember(node);
    return member && asGuarded(toPath(member.name, member.node));
  }
  if (node.name === "Date") {
    const isNow = (parent.type === "NewExpression" || parent.type === "CallExpression") &&
      isSame(parent.callee, node) && parent.arguments.length === 0;
    if (isNow) return "new Date";
  }
  return asGuarded(node.name) ?? asGuarded(toPath(node.name, node));
}

function toPath(name: string, node: Node): string {
  const member = toMember(node);
  return member === undefined ? name : `${name}.${member.name}`;
}

/** The `.name` behind an expression. */
function toMember(object: Node): { readonly name: string; readonly node: Node } | undefined {
  const parent = parentOf(object);
  if (parent?.type !== "MemberExpression" || !isSame(parent.object, object)) return undefined;
  const { property } = parent;
  return property.type === "Identifier" ? { name: property.name, node: parent } : undefined;
}

function asGuarded(name: string): GuardedGlobal | undefined {
  return guardedGlobals.find((guarded) => guarded === name);
}

/** Whether an identifier only names something: a property, a method, part of a type. */
function isName(node: Node, parent: Node): boolean {
  switch (parent.type) {
    case "MemberExpression":
      return !parent.computed && isSame(parent.property, node);
    case "Property":
      return !parent.shorthand && !parent.computed && isSame(parent.key, node);
    case "MethodDefinition":
    case "PropertyDefinition":
      return !parent.computed && isSame(parent.key, node);
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
      return false;
    default:
      return parent.type.startsWith("TS");
  }
}

/** Whether a parameter or a declaration around the identifier gives it another meaning. */
function isDeclaredHere(node: Deno.lint.Identifier): boolean {
  for (let scope: Node | undefined = node.parent; scope; scope = parentOf(scope)) {
    if (listDeclared(scope).includes(node.name)) return true;
  }
  return false;
}

function parentOf(node: Node): Node | undefined {
  return "parent" in node ? node.parent : undefined;
}

/** The names a scope declares, in what it opens with. */
function listDeclared(scope: Node): string[] {
  switch (scope.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return scope.params.flatMap(listBound);
    case "CatchClause":
      return scope.param === null ? [] : listBound(scope.param);
    case "ForStatement":
      return scope.init === null ? [] : listBound(scope.init);
    case "ForOfStatement":
    case "ForInStatement":
      return listBound(scope.left);
    case "BlockStatement":
    case "Program":
    case "StaticBlock":
      return scope.body.flatMap(listBound);
    default:
      return [];
  }
}

/** The names a pattern, declaration or import brings. */
function listBound(node: Node): string[] {
  switch (node.type) {
    case "Identifier":
      return [node.name];
    case "ObjectPattern":
      return node.properties.flatMap((part) =>
        listBound(part.type === "Property" ? part.value : part)
      );
    case "ArrayPattern":
      return node.elements.flatMap((part) => part === null ? [] : listBound(part));
    case "AssignmentPattern":
      return listBound(node.left);
    case "RestElement":
      return listBound(node.argument);
    case "TSParameterProperty":
      return listBound(node.parameter);
    case "VariableDeclaration":
      return node.declarations.flatMap((declaration) => listBound(declaration.id));
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return node.id === null ? [] : [node.id.name];
    case "ExportNamedDeclaration":
      return node.declaration === null ? [] : listBound(node.declaration);
    case "ImportDeclaration":
      return node.specifiers.map((specifier) => specifier.local.name);
    default:
      return [];
  }
}

/** The linter makes a new object for a node each time it is asked for. */
function isSame(one: Node, other: Node): boolean {
  return one.type === other.type && one.range[0] === other.range[0] &&
    one.range[1] === other.range[1];
}
