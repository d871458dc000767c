/**
 * A server in process, in virtual time, and short words to talk to it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createSeededRandom } from "../../../runtime/random.ts";
import {
  adminPeer,
  type ApiServer,
  type ApiServerOptions,
  createApiServer,
} from "../../../sim/api_server/api_server.ts";
import type { Json } from "../../../sim/api_server/json.ts";
import { type Cut, cut } from "../../../sim/handler.ts";
import { createContractClient } from "../../contract/client.ts";
import type { ContractClient } from "../../contract/cluster.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** The pieces. */
export interface InProcess extends ContractClient {
  readonly clock: FakeClock;
  readonly server: ApiServer;
  /** One request as administrator, answered as the handler answers. */
  readonly raw: (method: string, path: string, body?: Json) => Promise<Response | Cut>;
}

/** Starts a server; close it with `server.close()`. */
export function startInProcess(options: Partial<ApiServerOptions> = {}): InProcess {
  const clock = new FakeClock();
  const server = createApiServer({ clock, random: createSeededRandom(1), ...options });
  const raw = (method: string, path: string, body?: Json) => {
    const headers = { "content-type": "application/json" };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return server.handler(new Request(`https://box.test${path}`, init), { peer: adminPeer });
  };
  const client = createContractClient({
    url: "https://box.test",
    async fetch(request) {
      const response = await server.handler(request, { peer: adminPeer });
      assert.notEqual(response, cut);
      return response as Response;
    },
  });
  return { ...client, clock, server, raw };
}
