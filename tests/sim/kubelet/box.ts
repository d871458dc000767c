/**
 * A cluster in process for tests of kubelets: the in-memory API server, its certificate authority, a
 * signer, and an approver that trusts names of the form it is told.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { renderUserData, type UserDataInput } from "../../../controller/bootstrap/user_data.ts";
import { createTokenSecretObject } from "../../../controller/bootstrap/token.ts";
import { createKubeClient, type KubeClient } from "../../../kube/client.ts";
import { certificateSigningRequests, secrets } from "../../../kube/resource.ts";
import { createHandlerTransport } from "../../../kube/transport.ts";
import { silentLog } from "../../../runtime/log.ts";
import { createSeededRandom } from "../../../runtime/random.ts";
import type { CertificateSigningRequest, Taint } from "../../../schemas/kubernetes.ts";
import { adminPeer, type ApiServer, createApiServer } from "../../../sim/api_server/api_server.ts";
import {
  type CertificateAuthority,
  createCertificateAuthority,
} from "../../../sim/api_server/certificates/certificate_authority.ts";
import { cut, type Handler } from "../../../sim/handler.ts";
import { createInProcessConnect } from "../../../sim/kubelet/connect_in_process.ts";
import type { KubeletDeps } from "../../../sim/kubelet/kubelet.ts";
import type { Machine } from "../../../sim/kubelet/machine.ts";
import { FakeClock } from "../../support/fake_clock.ts";

export const host = "api.example.test:6443";
export const nodeName = "tgp-abc123-h100-x7k2q9";
export const token = { id: "nzxy37", secret: "0123456789abcdef" };

/** A request as the API server saw it. */
export interface SeenCall {
  readonly method: string;
  readonly path: string;
  readonly user: string | undefined;
  readonly at: number;
}

/** See the module. */
export class Box implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly random = createSeededRandom(7);
  readonly server: ApiServer;
  readonly ca: CertificateAuthority;
  readonly admin: KubeClient;
  /** Everything that kubelets asked for. */
  readonly calls: SeenCall[] = [];
  /** While this is so, kubelets' connections are dropped without an answer. */
  away = false;
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>[] = [];
  #power = new AbortController();

  private constructor(ca: CertificateAuthority) {
    this.ca = ca;
    const { clock, random } = this;
    this.server = createApiServer({ clock, random });
    this.admin = createKubeClient({
      transport: createHandlerTransport(async (request) => {
        const response = await this.server.handler(request, { peer: adminPeer });
        if (response === cut) throw new Error("cut");
        return response;
      }),
      clock,
      random,
    });
  }

  /** Starts it, with a valid token; `sign` off: certificate requests stay unanswered. */
  static async start({ signs = true } = {}): Promise<Box> {
    const box = new Box(await createCertificateAuthority());
    const expiresAt = box.clock.now() + 3_600_000;
    await box.admin.create(secrets, createTokenSecretObject(token, nodeName, expiresAt));
    if (signs) box.#running.push(box.#sign());
    return box;
  }

  /** What kubelets need; everything they ask for is recorded. */
  kubeletDeps(): KubeletDeps {
    const { clock, random } = this;
    const handler: Handler = (request, context) => {
      if (this.away) return Promise.resolve(cut);
      const url = new URL(request.url);
      this.calls.push({
        method: request.method,
        path: url.pathname,
        user: context.peer.certificate?.commonName,
        at: clock.now(),
      });
      return this.server.handler(request, context);
    };
    const connect = createInProcessConnect({
      handler,
      host,
      caPem: this.ca.certificatePem,
      clock,
      random,
    });
    return { clock, random, log: silentLog, connect };
  }

  /** Lets a machine, or whatever needs power, run until the box ends or {@linkcode powerOff}. */
  run(part: { run(signal: AbortSignal): Promise<void> }): void {
    this.#running.push(part.run(AbortSignal.any([this.#stop.signal, this.#power.signal])));
  }

  /** Takes power from everything that runs. */
  powerOff(): void {
    this.#power.abort(new Error("power is off"));
    this.#power = new AbortController();
  }

  /** User data as the controller renders it. */
  userData(
    taints: readonly Taint[] = [],
    format: UserDataInput["format"] = "cloud-config",
  ): string {
    return renderUserData({
      nodeName,
      token: `${token.id}.${token.secret}`,
      kubeadm: {
        apiServerEndpoint: host,
        caBundle: Buffer.from(this.ca.certificatePem).toString("base64"),
        kubernetesVersion: "1.36.1",
      },
      labels: { "tgp.io/node-pool": "h100" },
      taints,
      format,
      maxBytes: 1_000_000,
    });
  }

  /** A machine with eight GPUs. */
  machine(overrides: Partial<Machine> = {}): Machine {
    return {
      id: "0920582c7ff041399e34823a0be62549",
      userData: this.userData(),
      privateAddress: "10.19.0.9",
      publicAddress: "203.0.113.9",
      gpuCount: 8,
      cpuCount: 208,
      memoryGiB: 1800,
      storageGiB: 22528,
      arch: "amd64",
      ...overrides,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("the test is over"));
    this.server.close();
    await this.clock.settle();
    await Promise.allSettled(this.#running);
    this.admin.close();
  }

  /** Approver and signer in one; denies names that are not {@linkcode nodeName}. */
  async #sign(): Promise<void> {
    const signal = this.#stop.signal;
    while (!signal.aborted) {
      const { items } = await this.admin.list(certificateSigningRequests);
      for (const csr of items) if (!csr.status?.conditions) await this.#settle(csr);
      await this.clock.sleep(1_000, signal).catch(() => {});
    }
  }

  async #settle(csr: CertificateSigningRequest): Promise<void> {
    const requestPem = Buffer.from(csr.spec.request, "base64").toString();
    const certificate = await this.ca.signClientRequest(requestPem);
    const { X509Certificate } = await import("node:crypto");
    const subject = new X509Certificate(certificate).subject;
    const good = subject.includes(`CN=system:node:${nodeName}`);
    const condition = { type: good ? "Approved" : "Denied", status: "True", reason: "Test" };
    const approved = await this.admin.replace(certificateSigningRequests, {
      ...csr,
      status: { conditions: [{ ...condition, message: "by the test" }] },
    } as CertificateSigningRequest, { subresource: "approval" });
    if (!good) return;
    await this.admin.replace(certificateSigningRequests, {
      ...approved,
      status: { ...approved.status, certificate: Buffer.from(certificate).toString("base64") },
    } as CertificateSigningRequest, { subresource: "status" });
  }
}
