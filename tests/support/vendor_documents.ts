/**
 * Checks answers against API documents: our own, and the vendor's where it is at hand.
 *
 * @module
 */

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import { load } from "js-yaml";

// A CommonJS module whose types describe an ES module.
const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void;

/** An OpenAPI document, as far as checks look into it. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

/** One operation. */
export interface ApiOperation {
  readonly operationId?: string;
  readonly parameters?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: unknown }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

const repository = new URL("../../", import.meta.url);

/** Our document. @param file In `schemas/vendors/`: `lambda.openapi.yaml`. */
export async function readOurDocument(file: string): Promise<ApiDocument> {
  const url = new URL(`schemas/vendors/${file}`, repository);
  return load(await Deno.readTextFile(url)) as ApiDocument;
}

/** The vendor's document beside the checkout, or `undefined`, said loudly. @param file `lambda.openapi.json`. */
export async function readVendorDocument(file: string): Promise<ApiDocument | undefined> {
  const url = new URL(`../shared/specs/${file}`, repository);
  try {
    return JSON.parse(await Deno.readTextFile(url));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    // deno-lint-ignore no-console
    console.warn(`SKIPPED: ../shared/specs/${file} is not there to compare with`);
    return undefined;
  }
}

/** Follows `$ref` inside a document. */
export function resolve(document: ApiDocument, value: unknown): Readonly<Record<string, unknown>> {
  let current = value as Record<string, unknown>;
  for (let ref = current?.["$ref"]; typeof ref === "string"; ref = current["$ref"]) {
    let target: unknown = document;
    for (const part of ref.slice(2).split("/")) {
      target = (target as Record<string, unknown>)[part.replaceAll("~1", "/")];
    }
    const { $ref: _, ...beside } = current;
    current = { ...target as Record<string, unknown>, ...beside };
  }
  return current;
}

/** Checks bodies of answers. */
export interface AnswerChecker {
  /**
   * What is wrong with an answer; `undefined` if nothing, `"undocumented"` if the document does not have
   * that status.
   *
   * @param path Template of the path, as our document writes it.
   */
  check(method: string, path: string, status: number, body: unknown): string | undefined;
}

/** Makes a checker. @param prefix What the document puts before our paths. */
export function createAnswerChecker(document: ApiDocument, prefix: string): AnswerChecker {
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  addFormats(ajv);
  ajv.addSchema({ ...document, $id: "document" });
  const compiled = new Map<string, ValidateFunction>();
  return {
    check(method, path, status, body) {
      const operation = document.paths[prefix + path]?.[method.toLowerCase()];
      if (operation === undefined) return "undocumented";
      const key = [String(status), `${String(status).charAt(0)}XX`, "default"].find((candidate) =>
        operation.responses[candidate] !== undefined
      );
      if (key === undefined) return "undocumented";
      const pointer = pointTo(document, prefix + path, method.toLowerCase(), key);
      const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `document#${pointer}` });
      compiled.set(pointer, validate);
      return validate(body) ? undefined : ajv.errorsText(validate.errors);
    },
  };
}

/** The JSON pointer of an answer's schema; answers may be shared components. */
function pointTo(document: ApiDocument, path: string, method: string, status: string): string {
  const response = document.paths[path]?.[method]?.responses[status] as { $ref?: string };
  const content = (resolve(document, response)["content"] ?? {}) as Readonly<
    Record<string, unknown>
  >;
  // Refusals may have a type of their own: application/problem+json.
  const type = Object.keys(content).find((name) => /[/+]json$/.test(name)) ?? "application/json";
  const escaped = encodeURIComponent(path.replaceAll("~", "~0").replaceAll("/", "~1"));
  const base = response.$ref?.slice(1) ?? `/paths/${escaped}/${method}/responses/${status}`;
  return `${base}/content/${encodeURIComponent(type.replaceAll("/", "~1"))}/schema`;
}
