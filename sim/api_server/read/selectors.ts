/**
 * Label and field selectors.
 *
 * @module
 */

import type { ApiObject } from "../api_object.ts";
import { badRequest } from "../api_error.ts";
import { asArray, asObject, asString, asStringMap, type Json } from "../json.ts";

/** Whether an object is selected. */
export type Selector = (object: ApiObject) => boolean;

/** One requirement on a set of labels. */
interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly values: readonly string[];
}

const setPattern = /^([-\w./]+)\s+(in|notin)\s*\(([-\w.,\s]*)\)$/;
const pairPattern = /^([-\w./]+)\s*(==|=|!=|>|<)\s*([-\w.]*)$/;

/** Splits at commas that are not inside parentheses. */
function splitRequirements(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/).map((part) => part.trim()).filter((part) => part !== "");
}

function parseRequirement(text: string): Requirement {
  const set = setPattern.exec(text);
  if (set) {
    const values = (set[3] ?? "").split(",").map((value) => value.trim());
    return { key: set[1] ?? "", operator: set[2] === "in" ? "In" : "NotIn", values };
  }
  const pair = pairPattern.exec(text);
  if (pair) {
    const operators = { "=": "In", "==": "In", "!=": "NotIn", ">": "Gt", "<": "Lt" } as const;
    const symbol = pair[2];
    if (symbol === "=" || symbol === "==" || symbol === "!=" || symbol === ">" || symbol === "<") {
      return { key: pair[1] ?? "", operator: operators[symbol], values: [pair[3] ?? ""] };
    }
  }
  if (/^!\s*[-\w./]+$/.test(text)) {
    return { key: text.slice(1).trim(), operator: "DoesNotExist", values: [] };
  }
  if (/^[-\w./]+$/.test(text)) return { key: text, operator: "Exists", values: [] };
  throw badRequest(`unable to parse requirement: ${text}`);
}

function meets(requirement: Requirement, value: string | undefined): boolean {
  const { operator, values } = requirement;
  switch (operator) {
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "In":
      return value !== undefined && values.includes(value);
    // Kubernetes selects objects without the key, too.
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
  }
}

/** Parses `a=b,c in (d,e),!f`. An empty text selects everything. @throws {ApiError} 400. */
export function parseLabelSelector(text: string): Selector {
  const requirements = splitRequirements(text).map(parseRequirement);
  return ({ metadata }) =>
    requirements.every((requirement) => meets(requirement, metadata.labels?.[requirement.key]));
}

/** A `LabelSelector` object as a predicate on labels. An empty one selects everything. */
export function toLabelPredicate(
  selector: Json | undefined,
): (labels: Readonly<Record<string, string>>) => boolean {
  const { matchLabels, matchExpressions } = asObject(selector);
  const requirements: Requirement[] = Object.entries(asStringMap(matchLabels)).map((
    [key, value],
  ) => ({ key, operator: "In", values: [value] }));
  for (const raw of asArray(matchExpressions)) {
    const { key, operator, values } = asObject(raw);
    if (
      operator === "In" || operator === "NotIn" || operator === "Exists" ||
      operator === "DoesNotExist"
    ) {
      requirements.push({
        key: asString(key) ?? "",
        operator,
        values: asArray(values).filter((value) => typeof value === "string"),
      });
    }
  }
  return (labels) => requirements.every((one) => meets(one, labels[one.key]));
}

/**
 * Parses `metadata.name=x,spec.nodeName!=y`.
 *
 * @param fieldsOf The fields that this kind lets select, with their values for an object.
 * @throws {ApiError} 400 for a text that is no selector, or a field that cannot be selected.
 */
export function parseFieldSelector(
  text: string,
  fieldsOf: (object: ApiObject) => Readonly<Record<string, string>>,
  supported: ReadonlySet<string>,
): Selector {
  const terms = text.split(",").filter((term) => term !== "").map((term) => {
    const match = /^(.*?)(==|=|!=)(.*)$/.exec(term);
    if (!match) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
    const [, field = "", operator, value = ""] = match;
    if (!supported.has(field)) throw badRequest(`field label not supported: ${field}`);
    return { field, value, wanted: operator !== "!=" };
  });
  if (terms.length === 0) return () => true;
  return (object) => {
    const fields = fieldsOf(object);
    return terms.every(({ field, value, wanted }) => ((fields[field] ?? "") === value) === wanted);
  };
}
