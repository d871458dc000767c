/**
 * Checks of a launch request, as the vendor makes them.
 *
 * @module
 */

import { Refusal } from "./errors.ts";

/** A launch request that is well formed. */
export interface LaunchOrder {
  readonly region: string;
  readonly instanceType: string;
  readonly sshKeyName: string;
  readonly name: string | undefined;
  readonly hostname: string | undefined;
  readonly image: { readonly id: string } | { readonly family: string } | undefined;
  readonly userData: string | undefined;
  readonly tags: readonly { readonly key: string; readonly value: string }[] | undefined;
  readonly filesystemNames: readonly string[];
  readonly rulesetIds: readonly string[];
}

const maxUserDataBytes = 1_000_000;

/**
 * Reads a launch request.
 *
 * @throws {Refusal} `global/invalid-parameters`, in words.
 */
export function parseLaunchOrder(body: unknown): LaunchOrder {
  const fields = toObject(body, "body");
  const sshKeyNames = toTexts(fields["ssh_key_names"], "ssh_key_names");
  if (sshKeyNames.length !== 1) throw invalid("ssh_key_names: exactly one SSH key must be given");
  if (typeof fields["quantity"] === "number" && fields["quantity"] > 1) {
    throw invalid("Requested too many instances.");
  }
  const name = toOptionalText(fields["name"], "name");
  if ((name ?? "").length > 64) throw invalid("name: must have at most 64 characters");
  const hostname = toOptionalText(fields["hostname"], "hostname");
  if (hostname !== undefined && !/^[a-z0-9][0-9a-z-]{0,62}$/.test(hostname)) {
    throw invalid("hostname: must match ^[a-z0-9][0-9a-z-]{0,62}$");
  }
  const userData = toOptionalText(fields["user_data"], "user_data");
  if (new TextEncoder().encode(userData ?? "").length > maxUserDataBytes) {
    throw invalid("user_data: must have at most 1 MB");
  }
  return {
    region: toText(fields["region_name"], "region_name"),
    instanceType: toText(fields["instance_type_name"], "instance_type_name"),
    sshKeyName: sshKeyNames[0] ?? "",
    name,
    hostname,
    image: parseImage(fields["image"]),
    userData,
    tags: fields["tags"] === undefined ? undefined : parseTags(fields["tags"]),
    filesystemNames: fields["file_system_names"] === undefined
      ? []
      : toTexts(fields["file_system_names"], "file_system_names"),
    rulesetIds: parseRulesets(fields["firewall_rulesets"]),
  };
}

/** Reads the ids of a terminate request. @throws {Refusal} `global/invalid-parameters`. */
export function parseInstanceIds(body: unknown): readonly string[] {
  const ids = toTexts(toObject(body, "body")["instance_ids"], "instance_ids");
  return ids.map(parseInstanceId);
}

/** An id in the vendor's own spelling. @throws {Refusal} 400 for a shape that no id has. */
export function parseInstanceId(text: string): string {
  const plain = text.replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(plain)) {
    throw invalid(
      `Error in request path at 'id': Input should be a valid UUID, invalid length: expected length 32 for simple format, found ${text.length}`,
    );
  }
  return plain;
}

function parseImage(value: unknown): LaunchOrder["image"] {
  if (value === undefined) return undefined;
  const fields = toObject(value, "image");
  const id = toOptionalText(fields["id"], "image.id");
  const family = toOptionalText(fields["family"], "image.family");
  if (id !== undefined && family === undefined) return { id };
  if (family !== undefined && id === undefined) return { family };
  throw invalid("image: either id or family must be given");
}

function parseTags(value: unknown): { readonly key: string; readonly value: string }[] {
  return toArray(value, "tags").map((entry) => {
    const fields = toObject(entry, "tags[]");
    const key = toText(fields["key"], "tags[].key");
    const text = toText(fields["value"], "tags[].value");
    if (key.length > 55 || !/^[a-z][a-z0-9-:]+$/.test(key)) {
      throw invalid("tags[].key: must match ^[a-z][a-z0-9-:]+$");
    }
    if (text.length > 128) throw invalid("tags[].value: must have at most 128 characters");
    return { key, value: text };
  });
}

function parseRulesets(value: unknown): string[] {
  if (value === undefined) return [];
  return toArray(value, "firewall_rulesets").map((entry) =>
    toText(toObject(entry, "firewall_rulesets[]")["id"], "firewall_rulesets[].id")
  );
}

function invalid(message: string): Refusal {
  return new Refusal("global/invalid-parameters", message);
}

function toObject(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(`${field}: Input should be an object`);
  }
  return Object.fromEntries(Object.entries(value));
}

function toArray(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`${field}: Input should be a list`);
  return value;
}

function toTexts(value: unknown, field: string): readonly string[] {
  return toArray(value, field).map((entry) => toText(entry, `${field}[]`));
}

function toText(value: unknown, field: string): string {
  if (typeof value !== "string") throw invalid(`${field}: Input should be a string`);
  return value;
}

function toOptionalText(value: unknown, field: string): string | undefined {
  return value === undefined ? undefined : toText(value, field);
}
