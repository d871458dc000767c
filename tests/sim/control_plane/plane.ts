/**
 * A control plane in virtual time, and short words to set scenes for it.
 *
 * @module
 */

import { asArray, asString, getIn, type Json } from "../../../sim/api_server/json.ts";
import { createCertificateAuthority } from "../../../sim/api_server/certificates/certificate_authority.ts";
import {
  type ControlPlaneOptions,
  runControlPlane,
} from "../../../sim/control_plane/control_plane.ts";
import { podBody, send } from "../../contract/steps.ts";
import { type InProcess, startInProcess } from "../api_server/in_process.ts";

/** The pieces. */
export interface Plane extends InProcess, AsyncDisposable {
  /** Makes a node that says it is ready. */
  readonly makeNode: (name: string, capacity?: Readonly<Record<string, string>>) => Promise<void>;
  /** Makes a pod in the default namespace. */
  readonly makePod: (name: string, spec?: Readonly<Record<string, Json>>) => Promise<void>;
  /** A node, or `undefined` once it is gone. */
  readonly node: (name: string) => Promise<Json | undefined>;
  readonly pod: (name: string) => Promise<Json | undefined>;
}

const merge = { contentType: "application/strategic-merge-patch+json" };

/** Starts it. */
export async function startPlane(options: ControlPlaneOptions = {}): Promise<Plane> {
  const box = startInProcess();
  const authority = await createCertificateAuthority();
  const over = new AbortController();
  const { clock, server } = box;
  const running = runControlPlane({ clock, server, authority }, options, over.signal);
  const find = async (path: string) => {
    const answer = await box.request("GET", path);
    return answer.status === 200 ? answer.body : undefined;
  };
  await clock.advance(100);
  return {
    ...box,
    async makeNode(name, capacity = {}) {
      const status = { capacity: { cpu: "8", memory: "32Gi", pods: "110", ...capacity } };
      await send(box, "POST", "/api/v1/nodes", { body: { metadata: { name }, status } });
      const conditions = [{ type: "Ready", status: "True" }];
      const path = `/api/v1/nodes/${name}/status`;
      await send(box, "PATCH", path, { ...merge, body: { status: { conditions } } });
      await clock.advance(100);
    },
    async makePod(name, spec = {}) {
      await send(box, "POST", "/api/v1/namespaces/default/pods", { body: podBody(name, spec) });
      await clock.advance(100);
    },
    node: (name) => find(`/api/v1/nodes/${name}`),
    pod: (name) => find(`/api/v1/namespaces/default/pods/${name}`),
    async [Symbol.asyncDispose]() {
      over.abort();
      server.close();
      await running;
    },
  };
}

/** The taints of a node as `key:effect`. */
export function taintsOf(node: Json | undefined): readonly string[] {
  return asArray(getIn(node, "spec", "taints")).map((taint) =>
    `${asString(getIn(taint, "key"))}:${asString(getIn(taint, "effect"))}`
  );
}
