/**
 * Certificates for kubelets, and what a kubelet may write.
 *
 * @module
 */

import assert from "node:assert/strict";
import { asArray, asObject, getIn, type Json } from "../../sim/api_server/json.ts";
import { createKubeletRequest } from "../../sim/kubelet/certificate_request.ts";
import type { ContractCase } from "./cluster.ts";
import { askForCertificate, csrBody, csrPath, decide, joinAs } from "./join.ts";
import {
  assertRefused,
  eventually,
  findCondition,
  makeNamespace,
  podBody,
  send,
  textAt,
} from "./steps.ts";

const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

/** See the module. */
export const kubeletCases: readonly ContractCase[] = [
  {
    name: "a request is signed when it is approved, and not before",
    async run(cluster) {
      const { name } = await askForCertificate(cluster, cluster.unique("node"));
      assert.deepEqual(getIn(await send(cluster, "GET", `${csrPath}/${name}`), "status"), {});
      for (let count = 0; count < 5; count++) await cluster.pause();
      const path = `${csrPath}/${name}`;
      assert.equal(getIn(await send(cluster, "GET", path), "status", "certificate"), undefined);
      const approved = await decide(cluster, name, "Approved");
      const condition = findCondition(approved, "Approved");
      assert.match(String(condition?.lastUpdateTime), /Z$/);
      await eventually(
        cluster,
        "the certificate",
        async () => textAt(await send(cluster, "GET", path), "status", "certificate") || undefined,
      );
    },
  },
  {
    name: "a denied request is never signed, and a decision stands",
    async run(cluster) {
      const { name } = await askForCertificate(cluster, cluster.unique("node"));
      const denied = asObject(await decide(cluster, name, "Denied"));
      const both = [
        ...asArray(getIn(denied, "status", "conditions")),
        { type: "Approved", status: "True" },
      ];
      const answer = await cluster.request("PUT", `${csrPath}/${name}/approval`, {
        body: { ...denied, status: { conditions: both } },
      });
      assertRefused(answer, 422, "Invalid", /mutually exclusive/);
      for (let count = 0; count < 5; count++) await cluster.pause();
      const csr = await send(cluster, "GET", `${csrPath}/${name}`);
      assert.equal(getIn(csr, "status", "certificate"), undefined);
    },
  },
  {
    name: "a request's spec does not change, and is a request",
    async run(cluster) {
      const name = cluster.unique("csr");
      const { requestPem } = createKubeletRequest("n");
      await send(cluster, "POST", csrPath, { body: csrBody(name, requestPem) });
      const patched = await send(cluster, "PATCH", `${csrPath}/${name}`, {
        body: { spec: { usages: ["server auth"] } },
      });
      assert.deepEqual(getIn(patched, "spec", "usages"), ["digital signature", "client auth"]);
      const broken = await cluster.request("POST", csrPath, {
        body: csrBody("broken", "nonsense"),
      });
      assertRefused(broken, 422, "Invalid", /spec\.request: Invalid value/);
    },
  },
  {
    name: "a new node is tainted until it is ready",
    async run(cluster) {
      const name = cluster.unique("node");
      const kubelet = await joinAs(cluster, name);
      const taint = { key: "x.test/own", effect: "NoExecute" };
      const made = await send(kubelet, "POST", "/api/v1/nodes", {
        body: {
          metadata: { name, labels: { "node.kubernetes.io/instance-type": "t", "x.test/y": "z" } },
          spec: { taints: [taint] },
          status: { capacity: { cpu: "4" } },
        },
      });
      assert.deepEqual(getIn(made, "spec", "taints"), [taint, notReady]);
      assert.deepEqual(getIn(made, "status", "allocatable"), { cpu: "4" });
      const path = `/api/v1/nodes/${name}`;
      await send(kubelet, "PATCH", `${path}/status`, {
        contentType: "application/strategic-merge-patch+json",
        body: {
          status: { conditions: [{ type: "Ready", status: "True", reason: "KubeletReady" }] },
        },
      });
      await eventually(cluster, "the taint is gone", async () => {
        const taints = asArray(getIn(await send(cluster, "GET", path), "spec", "taints"));
        return taints.some((one) => textAt(one, "key") === notReady.key) ? undefined : true;
      });
      await send(cluster, "DELETE", path);
    },
  },
  {
    name: "a kubelet writes its own node only, and neither taints nor foreign labels",
    async run(cluster) {
      const name = cluster.unique("node");
      const kubelet = await joinAs(cluster, name);
      const path = `/api/v1/nodes/${name}`;
      const post = (metadata: Json) =>
        kubelet.request("POST", "/api/v1/nodes", { body: { metadata } });
      const other = cluster.unique("other");
      assertRefused(
        await post({ name: other }),
        403,
        "Forbidden",
        `nodes "${other}" is forbidden: node "${name}" is not allowed to modify node "${other}"`,
      );
      assertRefused(
        await post({ name, labels: { "node-restriction.kubernetes.io/a": "b" } }),
        403,
        "Forbidden",
        /is not allowed to set the following labels: node-restriction\.kubernetes\.io\/a$/,
      );
      await send(kubelet, "POST", "/api/v1/nodes", { body: { metadata: { name } } });
      const patch = (body: Json) => kubelet.request("PATCH", path, { body });
      assertRefused(
        await patch({ spec: { taints: [{ key: "example.io/mine", effect: "NoSchedule" }] } }),
        403,
        "Forbidden",
        `nodes "${name}" is forbidden: node "${name}" is not allowed to modify taints`,
      );
      assertRefused(
        await patch({ metadata: { labels: { "example.k8s.io/a": "b" } } }),
        403,
        "Forbidden",
        /is not allowed to modify labels: example\.k8s\.io\/a$/,
      );
      assert.equal((await patch({ metadata: { labels: { "x.test/a": "b" } } })).status, 200);
      assert.equal((await kubelet.request("DELETE", path)).status, 403);
      assert.equal((await kubelet.request("GET", "/api/v1/nodes")).status, 403);
      assert.equal((await kubelet.request("GET", path)).status, 200);
      await send(cluster, "DELETE", path);
    },
  },
  {
    name: "a kubelet keeps its own lease",
    async run(cluster) {
      const name = cluster.unique("node");
      const kubelet = await joinAs(cluster, name);
      const body = (lease: string) => ({
        metadata: { name: lease },
        spec: { holderIdentity: lease, leaseDurationSeconds: 40 },
      });
      await send(kubelet, "POST", leases, { body: body(name) });
      await send(kubelet, "GET", `${leases}/${name}`);
      assertRefused(
        await kubelet.request("POST", leases, { body: body(cluster.unique("other")) }),
        403,
        "Forbidden",
        /can only access node lease with the same name as the requesting node$/,
      );
      assert.equal((await kubelet.request("GET", leases)).status, 403);
      await send(cluster, "DELETE", `${leases}/${name}`);
    },
  },
  {
    name: "times of leases have six digits after the point, other times none",
    async run(cluster) {
      const namespace = await makeNamespace(cluster);
      const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
      const renew = (name: string, renewTime: string) =>
        cluster.request("POST", path, { body: { metadata: { name }, spec: { renewTime } } });
      for (const [index, wrong] of ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123Z"].entries()) {
        const answer = await renew(`wrong-${index}`, wrong);
        assertRefused(
          answer,
          400,
          "BadRequest",
          /parsing time .* as "2006-01-02T15:04:05\.000000Z07:00"/,
        );
      }
      const right = await renew("right", "2026-01-01T02:00:00.123456+02:00");
      assert.equal(textAt(right.body, "spec", "renewTime"), "2026-01-01T00:00:00.123456Z");
      const event = await send(cluster, "POST", `/api/v1/namespaces/${namespace}/events`, {
        body: {
          metadata: { name: "e" },
          involvedObject: { namespace },
          firstTimestamp: "2026-01-01T02:00:00.999+02:00",
        },
      });
      assert.equal(textAt(event, "firstTimestamp"), "2026-01-01T00:00:00Z");
    },
  },
  {
    name: "a kubelet sees and reports its own pods",
    async run(cluster) {
      const name = cluster.unique("node");
      const kubelet = await joinAs(cluster, name);
      await send(kubelet, "POST", "/api/v1/nodes", { body: { metadata: { name } } });
      const namespace = await makeNamespace(cluster);
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const own = podBody("own", {
        nodeName: name,
        volumes: [{ name: "v", secret: { secretName: "mounted" } }],
      });
      await send(cluster, "POST", pods, { body: own });
      await send(cluster, "POST", pods, { body: podBody("foreign", { schedulerName: "nobody" }) });
      const select = { query: { fieldSelector: `spec.nodeName=${name}` } };
      await send(kubelet, "GET", "/api/v1/pods", select);
      assert.equal((await kubelet.request("GET", "/api/v1/pods")).status, 403);
      const status = { body: { status: { phase: "Running" } } };
      await eventually(cluster, "the server knows whose pod it is", async () => {
        const answer = await kubelet.request("PATCH", `${pods}/own/status`, status);
        return answer.status === 200 ? true : undefined;
      });
      assertRefused(
        await kubelet.request("PATCH", `${pods}/foreign/status`, status),
        403,
        "Forbidden",
        /can only update pod status for pods with spec\.nodeName set to itself$/,
      );
      const secrets = `/api/v1/namespaces/${namespace}/secrets`;
      await eventually(cluster, "a mounted Secret may be read", async () => {
        const answer = await kubelet.request("GET", `${secrets}/mounted`);
        return answer.status === 404 ? true : undefined;
      });
      assert.equal((await kubelet.request("GET", `${secrets}/other`)).status, 403);
      const uid = textAt(await send(cluster, "GET", `${pods}/own`), "metadata", "uid");
      await send(kubelet, "DELETE", `${pods}/own`, {
        body: { gracePeriodSeconds: 0, preconditions: { uid } },
      });
      assert.equal((await kubelet.request("DELETE", `${pods}/foreign`)).status, 403);
      await send(cluster, "DELETE", `/api/v1/nodes/${name}`);
    },
  },
];
