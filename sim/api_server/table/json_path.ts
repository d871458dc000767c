/**
 * The JSONPath of printer columns: members, indices, wildcards and equality filters.
 *
 * @module
 */

import { asArray, asObject, equalJson, isArray, isObject, type Json } from "../json.ts";

/** One step of a path: from a value to the values it leads to. */
type Step = (value: Json) => readonly Json[];

const tokenPattern =
  /\.((?:\\.|[^.[\]\\])+)|\[(\d+)\]|\[\*\]|\[['"]((?:[^'"])+)['"]\]|\[\?\(@((?:\.[^=!<>)\s]+)+)\s*(==|!=)\s*("[^"]*"|'[^']*'|[^)]+)\)\]/gy;

/**
 * Parses `.status.conditions[?(@.type=="Ready")].status` and the like, with or without braces.
 *
 * @returns What the path finds in a value, or `undefined` when the text is no such path.
 */
export function parseJsonPath(text: string): ((value: Json) => readonly Json[]) | undefined {
  let path = text.trim().replace(/^\{(.*)\}$/, "$1").replace(/^\$/, "");
  if (!/^[.[]/.test(path)) path = `.${path}`;
  const steps: Step[] = [];
  let end = 0;
  for (const match of path.matchAll(tokenPattern)) {
    end = match.index + match[0].length;
    steps.push(toStep(match));
  }
  if (end !== path.length) return undefined;
  return (value) => steps.reduce<readonly Json[]>((values, step) => values.flatMap(step), [value]);
}

function toStep(match: RegExpMatchArray): Step {
  const [, dotted, index, quoted, filterPath, operator, literal] = match;
  const member = dotted?.replaceAll(/\\(.)/g, "$1") ?? quoted;
  if (member === "*" && quoted === undefined) return childrenOf;
  if (member !== undefined) {
    return (value) => {
      const child = asObject(value)[member];
      return child === undefined ? [] : [child];
    };
  }
  if (index !== undefined) {
    return (value) => asArray(value).slice(Number(index), Number(index) + 1);
  }
  if (filterPath !== undefined) {
    const path = parseJsonPath(filterPath);
    const wanted = parseLiteral(literal ?? "");
    return (value) =>
      childrenOf(value).filter((item) => {
        const [found] = path?.(item) ?? [];
        return found !== undefined && equalJson(found, wanted) === (operator === "==");
      });
  }
  return childrenOf;
}

function childrenOf(value: Json): readonly Json[] {
  if (isArray(value)) return value;
  return isObject(value) ? Object.values(value).filter((item) => item !== undefined) : [];
}

function parseLiteral(text: string): Json {
  const trimmed = text.trim();
  if (/^(["']).*\1$/.test(trimmed)) return trimmed.slice(1, -1);
  try {
    return JSON.parse(trimmed);
  } catch {
    return trimmed;
  }
}
