/**
 * CEL rules of structural schemas (`x-kubernetes-validations`).
 *
 * Follows k8s.io/apiextensions-apiserver `pkg/apiserver/schema/cel/validation.go`, v0.36.0.
 *
 * @module
 */

import type { Cause } from "../api_error.ts";
import {
  asArray,
  asObject,
  canonicalJson,
  equalJson,
  isArray,
  isObject,
  type Json,
} from "../json.ts";
import { type CelValue, toCelValue } from "./cel_values.ts";
import { describeValue } from "./describe_value.ts";
import { createCelEnvironment } from "./cel_environment.ts";
import { indexPath, keyPath, memberPath } from "./field_path.ts";
import { ownProperty } from "./prune.ts";
import { mapValueSchema, resolve, type Schema, type ValidationRule } from "./schema.ts";

/** What rules may read. */
interface Scope {
  readonly self: CelValue;
  readonly oldSelf?: CelValue;
}

type Program = (scope: Scope) => unknown;

/** A value before and after a write, and where it is. */
interface Checked {
  readonly value: Json;
  readonly previous: Json | undefined;
  readonly schema: Schema;
  readonly path: string;
}

const reasons: Readonly<Record<string, readonly [Cause["reason"], string]>> = {
  FieldValueRequired: ["FieldValueRequired", "Required value"],
  FieldValueForbidden: ["FieldValueForbidden", "Forbidden"],
  FieldValueDuplicate: ["FieldValueDuplicate", "Duplicate value"],
};

/** The value in a message: structures are left out. */
function quote(reason: Cause["reason"], value: Json, { type }: Schema): string {
  const omitted = type === "object" || type === "array" || reason === "FieldValueForbidden" ||
    reason === "FieldValueRequired";
  return omitted ? "" : `: ${describeValue(value)}`;
}

/** Checks values against rules; remembers compiled rules. */
export class RuleChecker {
  readonly #environment = createCelEnvironment();
  readonly #programs = new WeakMap<ValidationRule, Program>();

  /** Every rule that a value breaks. Rules about change hold only where there was a value before. */
  check(value: Json, previous: Json | undefined, schema: Schema): Cause[] {
    return this.#walk({ value, previous, schema, path: "" });
  }

  /** Why a rule cannot be used, if it cannot. */
  findFault(rule: string): string | undefined {
    try {
      const { error } = this.#environment.parse(rule).check();
      // Types of objects are not known here, so what else it doubts may well be right.
      return error?.code === "no_matching_overload" ? error.message.split("\n")[0] : undefined;
    } catch (error) {
      return error instanceof Error ? error.message.split("\n")[0] : String(error);
    }
  }

  /**
   * Works out an expression outside of schemas: a webhook's condition.
   *
   * @throws If it cannot be worked out.
   */
  evaluate(expression: string, scope: Readonly<Record<string, Json>>): unknown {
    const members = Object.entries(scope).map(([name, value]) => [name, toCelValue(value, {})]);
    return this.#environment.evaluate(expression, Object.fromEntries(members));
  }

  #walk(checked: Checked): Cause[] {
    const schema = resolve(checked.schema);
    const own = schema["x-kubernetes-validations"] ?? checked.schema["x-kubernetes-validations"];
    const causes = checked.value === null
      ? []
      : (own ?? []).flatMap((rule) => this.#apply(rule, { ...checked, schema }));
    if (isArray(checked.value)) {
      causes.push(...this.#walkItems(checked.value, { ...checked, schema }));
    } else if (isObject(checked.value)) causes.push(...this.#walkMembers({ ...checked, schema }));
    return causes;
  }

  #walkMembers({ value, previous, schema, path }: Checked): Cause[] {
    const values = mapValueSchema(schema);
    return Object.entries(asObject(value)).flatMap(([key, member]) => {
      const property = ownProperty(schema.properties, key);
      const memberSchema = property ?? values;
      if (member === undefined || !memberSchema) return [];
      return this.#walk({
        value: member,
        previous: isObject(previous) ? previous[key] : undefined,
        schema: memberSchema,
        path: property ? memberPath(path, key) : keyPath(path, key),
      });
    });
  }

  /** Only items of lists with keys can be told apart before and after. */
  #walkItems(list: readonly Json[], { previous, schema, path }: Checked): Cause[] {
    const { items } = schema;
    if (!items) return [];
    const keys = schema["x-kubernetes-list-type"] === "map"
      ? schema["x-kubernetes-list-map-keys"]
      : undefined;
    const identity = (item: Json) =>
      canonicalJson((keys ?? []).map((key) => asObject(item)[key] ?? null));
    const before = new Map(
      keys ? asArray(previous).map((item) => [identity(item), item] as const) : [],
    );
    return list.flatMap((value, index) =>
      this.#walk({
        value,
        previous: before.get(identity(value)),
        schema: items,
        path: indexPath(path, index),
      })
    );
  }

  #apply(rule: ValidationRule, { value, previous, schema, path }: Checked): readonly Cause[] {
    const aboutChange = /\boldSelf\b/.test(rule.rule);
    if (aboutChange && (previous === undefined || previous === null)) return [];
    // What was wrong before may stay wrong while nobody touches it.
    if (!aboutChange && previous !== undefined && equalJson(value, previous)) return [];
    const scope: Scope = {
      self: toCelValue(value, schema),
      ...(previous === undefined || previous === null
        ? {}
        : { oldSelf: toCelValue(previous, schema) }),
    };
    const [reason, label] = reasons[rule.reason ?? ""] ?? ["FieldValueInvalid", "Invalid value"];
    const own = path === "" ? "<nil>" : path;
    const field = rule.fieldPath ? `${path}${rule.fieldPath}` : own;
    try {
      if (this.#compile(rule)(scope) === true) return [];
      const quoted = quote(reason, value, schema);
      const message = `${label}${quoted}: ${this.#describe(rule, scope)}`;
      return [{ reason, message, field: field.replace(/^\./, "") }];
    } catch (error) {
      const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
      return [{
        reason: "FieldValueInvalid",
        message: `Invalid value: ${why} evaluating rule: ${rule.message ?? rule.rule}`,
        // A rule that fails blames nobody.
        field: own.replace(/^\./, ""),
      }];
    }
  }

  #compile(rule: ValidationRule): Program {
    let program = this.#programs.get(rule);
    if (!program) {
      const parsed = this.#environment.parse(rule.rule);
      program = (scope) => parsed({ ...scope });
      this.#programs.set(rule, program);
    }
    return program;
  }

  #describe(rule: ValidationRule, scope: Scope): string {
    if (rule.messageExpression) {
      try {
        const text: unknown = this.#environment.evaluate(rule.messageExpression, { ...scope });
        if (typeof text === "string" && text.trim() !== "") return text;
      } catch {
        // The plain message takes its place.
      }
    }
    return rule.message ?? `failed rule: ${rule.rule.trim()}`;
  }
}
