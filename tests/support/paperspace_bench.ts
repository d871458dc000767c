/**
 * A simulated Paperspace, and a way to ask it that checks every answer against the documents.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createSeededRandom } from "../../runtime/random.ts";
import {
  createPaperspaceCloud,
  defaultPaperspaceKey,
  type PaperspaceCloudOptions,
} from "../../sim/clouds/paperspace/mod.ts";
import type { PaperspaceCloud } from "../../sim/clouds/paperspace/paperspace_cloud.ts";
import { cut } from "../../sim/handler.ts";
import { FakeClock } from "./fake_clock.ts";
import { fromOpenApi30 } from "./from_openapi_30.ts";
import {
  type AnswerChecker,
  type ApiDocument,
  createAnswerChecker,
  readOurDocument,
  readVendorDocument,
} from "./vendor_documents.ts";

const ours = createAnswerChecker(await readOurDocument("paperspace.openapi.yaml"), "");
const vendor = await readVendorDocument("paperspace.openapi.json");
const theirs = vendor && createAnswerChecker(relaxByteCounts(fromOpenApi30(vendor)), "");

/** One answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** Headers of a request; the key is set unless it is here. */
export type AskHeaders = Readonly<Record<string, string>>;

/** See the module. */
export interface PaperspaceBench {
  readonly clock: FakeClock;
  readonly cloud: PaperspaceCloud;
  /** Sends JSON where there is a body; a text goes as it is. */
  ask(method: string, path: string, body?: unknown, headers?: AskHeaders): Promise<Answer>;
  /** Creates the usual machine, changed. @returns Its id. */
  create(change?: object): Promise<string>;
  /** A machine as the API shows it. */
  // deno-lint-ignore no-explicit-any
  look(id: string): Promise<any>;
  /** The events of a machine, the oldest first: `create done`. */
  eventsOf(id: string): Promise<string[]>;
}

/** A request for a machine that can be had on an ordinary day. */
export const usualMachine = Object.freeze({
  name: "tgp-abc123-train-q7x2k9",
  machineType: "A4000",
  templateId: "t0nspur5",
  diskSize: 100,
  region: "ny2",
  publicIpType: "dynamic",
  startOnCreate: true,
  emailPassword: false,
  autoShutdownEnabled: false,
});

/** Makes a bench. */
export function createPaperspaceBench(
  options: Partial<PaperspaceCloudOptions> = {},
): PaperspaceBench {
  const clock = new FakeClock();
  const cloud = createPaperspaceCloud({ clock, random: createSeededRandom(3), ...options });
  const ask: PaperspaceBench["ask"] = async (method, path, body, headers = {}) => {
    const request = new Request(`http://127.0.0.1/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${defaultPaperspaceKey}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const response = await cloud.handler(request, { peer: {} });
    assert.ok(response !== cut);
    const answer = {
      status: response.status,
      headers: response.headers,
      body: parse(await response.text()),
    };
    assertDocumented(ours, method, path, answer);
    if (theirs) assertDocumented(theirs, method, path, answer);
    return answer;
  };
  const read = async (path: string) => {
    const { status, body } = await ask("GET", path);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  return {
    clock,
    cloud,
    ask,
    async create(change = {}) {
      const { status, body } = await ask("POST", "/machines", { ...usualMachine, ...change });
      assert.equal(status, 200, JSON.stringify(body));
      return body.data.id;
    },
    look: (id) => read(`/machines/${id}`),
    async eventsOf(id) {
      const { items } = await read(`/machine-events?machineId=${id}&order=asc&limit=120`);
      return items.map(({ name, state }: Record<string, string>) => `${name} ${state}`);
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const placeholders: readonly (readonly [RegExp, string])[] = [
  [/^\/public-ips\/[^/]+/, "/public-ips/{ip}"],
  [
    /^\/(machines|machine-events|startup-scripts|private-networks|custom-templates)\/[^/]+/,
    "/$1/{id}",
  ],
];

/** Not every answer has to be documented; one that is has to be so. */
function assertDocumented(
  checker: AnswerChecker,
  method: string,
  path: string,
  { status, body }: Answer,
): void {
  if (typeof body === "string" || body?.statusCode === 400) return;
  const [plain = ""] = path.split("?");
  const template = placeholders.reduce(
    (text, [pattern, name]) => text.replace(pattern, name),
    plain,
  );
  const problem = checker.check(method, template, status, body);
  if (problem === "undocumented") return;
  assert.equal(problem, undefined, `${method} ${template} ${status}: ${JSON.stringify(body)}`);
}

/** Byte counts come as strings of digits, whatever the vendor's document says. */
function relaxByteCounts(document: ApiDocument): ApiDocument {
  const text = JSON.stringify(
    document,
    (name, value) =>
      ["ram", "storageTotal", "storageUsed", "memory"].includes(name)
        ? { anyOf: [value, { type: "string", pattern: "^[0-9]+$" }] }
        : value,
  );
  return JSON.parse(text);
}
