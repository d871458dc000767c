/**
 * Reads the recorded answers of `tests/fixtures/`; see the README there.
 *
 * @module
 */

import { z } from "zod";
import { findLikelyKeys } from "./likely_keys.ts";

/** Methods of `Provider` that ask the vendor. */
export const recordedOperations = [
  "checkAccount",
  "getInstance",
  "getPricing",
  "launch",
  "listInstances",
  "listOffers",
  "removeLeftovers",
  "terminate",
  "verifyCredentials",
] as const;

const requestSchema = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  path: z.string().startsWith("/").refine((path) => !path.includes("?"), "put the query apart"),
  query: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
}).transform(({ body, ...rest }) => ({ ...rest, body }));

const responseSchema = z.strictObject({
  status: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown(),
});

const exchangeSchema = z.strictObject({ request: requestSchema, response: responseSchema });

const expectSchema = z.union([
  z.strictObject({ ok: z.unknown() }),
  z.looseObject({ error: z.string() }),
  z.looseObject({ outcome: z.string() }),
]);

const recordingSchema = z.strictObject({
  source: z.string().min(10),
  date: z.iso.date(),
  operation: z.enum(recordedOperations),
  arguments: z.array(z.unknown()).default([]),
  entry: z.record(z.string(), z.unknown()).default({}),
  request: requestSchema.optional(),
  response: responseSchema.optional(),
  exchanges: z.array(exchangeSchema).min(1).optional(),
  undocumented: z.string().min(10).optional(),
  expect: expectSchema,
}).transform(({ request, response, exchanges, ...rest }, context) => {
  const single = request !== undefined && response !== undefined ? [{ request, response }] : [];
  const all = exchanges ?? single;
  if (all.length === 0 || (exchanges !== undefined && (request ?? response) !== undefined)) {
    context.addIssue("give either request and response, or exchanges");
  }
  return { ...rest, exchanges: all };
});

const openApiSchema = z.strictObject({
  ours: z.string(),
  theirs: z.string().optional(),
  /** What precedes our paths on the wire. */
  prefix: z.string(),
  /** What precedes our paths in the vendor's document, where that differs. */
  theirPrefix: z.string().optional(),
});

const graphqlSchema = z.strictObject({
  graphql: z.string(),
  operations: z.array(z.string()).min(1),
  path: z.string().startsWith("/"),
});

const cloudSchema = z.strictObject({
  entry: z.record(z.string(), z.unknown()).default({}),
  order: z.record(z.string(), z.unknown()),
  documents: z.array(z.union([openApiSchema, graphqlSchema])).min(1),
  /** Operations of our documents that the adapter does not call, each with why. */
  uncalled: z.record(z.string(), z.string().min(10)).default({}),
  /** Exports of the cloud's `errors.ts` whose keys are the vendor's codes. */
  errorTables: z.array(z.string()).default([]),
});

/** One request and its answer. */
export type Exchange = z.output<typeof exchangeSchema>;

/** One call of one operation. */
export type Recording = z.output<typeof recordingSchema> & {
  /** Name of the file. */
  readonly file: string;
};

/** A document in OpenAPI, and the vendor's own. */
export type OpenApiReference = z.output<typeof openApiSchema>;

/** A GraphQL schema, and the operations we send. */
export type GraphqlReference = z.output<typeof graphqlSchema>;

/** What the recordings of a cloud share. */
export interface RecordedCloud extends z.output<typeof cloudSchema> {
  /** Canonical name. */
  readonly name: string;
  readonly recordings: readonly Recording[];
}

const fixtures = new URL("../fixtures/", import.meta.url);

/** Every cloud that has recordings, in alphabetical order. */
export async function readRecordedClouds(): Promise<readonly RecordedCloud[]> {
  const names = await listNames(fixtures);
  const clouds = await Promise.all(names.map(readCloud));
  return clouds.filter((cloud) => cloud !== undefined);
}

/** What an entry of a GPUNodeClass needs besides name and credentials, by cloud. */
export async function readRecordedEntries(): Promise<
  ReadonlyMap<string, Readonly<Record<string, unknown>>>
> {
  return new Map((await readRecordedClouds()).map(({ name, entry }) => [name, entry]));
}

async function readCloud(name: string): Promise<RecordedCloud | undefined> {
  const folder = new URL(`${name}/`, fixtures);
  const files = await listNames(new URL("exchanges/", folder));
  if (files.length === 0) return undefined;
  const shared = await readJson(new URL("replay.json", folder));
  const recordings = await Promise.all(
    files.map(async (file) =>
      parseRecording(file, await Deno.readTextFile(new URL(`exchanges/${file}`, folder)))
    ),
  );
  return { name, recordings, ...cloudSchema.parse(shared) };
}

/**
 * A recording, checked.
 *
 * @throws {TypeError} If it is not as the README says, or holds something like a key.
 */
export function parseRecording(file: string, text: string): Recording {
  const keys = findLikelyKeys(text);
  if (keys.length > 0) throw new TypeError(`${file} holds what looks like ${keys.join(", ")}`);
  const parsed = recordingSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new TypeError(`${file}: ${z.prettifyError(parsed.error)}`);
  if (!file.startsWith(`${parsed.data.operation}.`)) {
    throw new TypeError(`${file}: the name does not begin with ${parsed.data.operation}`);
  }
  return { ...parsed.data, file };
}

async function readJson(url: URL): Promise<unknown> {
  return JSON.parse(await Deno.readTextFile(url));
}

/** Names in a folder, sorted; none if there is no such folder. */
async function listNames(folder: URL): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw error;
  }
}
