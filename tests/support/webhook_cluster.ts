/**
 * A cluster as the webhook's certificates see it: an API server in process, a configuration that says
 * whom to trust, and replicas that can be killed.
 *
 * @module
 */

import {
  CertificateKeeper,
  type KeeperOptions,
} from "../../controller/admission/serving/certificates/certificate_keeper.ts";
import {
  type Certificate,
  type KeyedCertificate,
  readCertificates,
} from "../../controller/admission/serving/certificates/certificate.ts";
import {
  readTrusted,
  type WebhookConfiguration,
  webhookConfigurations,
} from "../../controller/admission/serving/certificates/webhook_configuration.ts";
import { createKubeClient } from "../../kube/client.ts";
import type { EventNote } from "../../kube/events.ts";
import { isNotFound, type Kube } from "../../kube/kube.ts";
import { namespaces, secrets } from "../../kube/resource.ts";
import { createHandlerTransport } from "../../kube/transport.ts";
import { silentLog } from "../../runtime/log.ts";
import { createSeededRandom, type Random } from "../../runtime/random.ts";
import type { Secret } from "../../schemas/kubernetes.ts";
import { adminPeer, type ApiServer, createApiServer } from "../../sim/api_server/api_server.ts";
import { cut } from "../../sim/handler.ts";
import { FakeClock } from "./fake_clock.ts";
import { Lifeline } from "./lifeline.ts";
import { createSyncMaker } from "./sync_certificate_maker.ts";

/** Where certificates are kept, and whom they are for. */
export const keeperOptions: KeeperOptions = {
  secret: { name: "tgp-webhook-certificates", namespace: "tgp-system" },
  configuration: "tgp-webhook",
  hosts: ["tgp-webhook.tgp-system.svc"],
};

/** One replica of the webhook, as far as its certificates go. */
export interface Replica {
  readonly process: Lifeline;
  /** What it serves; nothing until it has found something to. */
  serving: Certificate | undefined;
  /** Since when it serves without a break, in epoch milliseconds. */
  sinceMs: number;
  /** Everything it served, in order. */
  readonly served: Certificate[];
  readonly done: Promise<void>;
}

/** See the module. */
export class WebhookCluster {
  readonly clock = new FakeClock();
  readonly random: Random;
  readonly api: ApiServer;
  readonly kube: Kube;
  readonly maker = createSyncMaker();
  readonly notes: EventNote[] = [];
  readonly replicas: Replica[] = [];
  /** Called whenever a replica takes up a certificate. */
  onServe: (() => void) | undefined;
  /** The part of all calls of replicas whose answer is lost, and of those that never arrive. */
  losses = 0;

  constructor(seed = 1) {
    this.random = createSeededRandom(seed);
    this.api = createApiServer({ clock: this.clock, random: this.random });
    this.kube = this.#connect((request) => this.api.handler(request, { peer: adminPeer }));
  }

  /** Creates the namespace and, with `webhooks`, the configuration. */
  async install(webhooks: readonly string[] = ["validate.tgp.io"]): Promise<void> {
    await this.kube.create(namespaces, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: keeperOptions.secret.namespace ?? "" },
    });
    if (webhooks.length > 0) await this.configure(webhooks);
  }

  /** Creates the ValidatingWebhookConfiguration, as `kubectl apply` would: it names no bundle. */
  async configure(webhooks: readonly string[]): Promise<void> {
    const configuration = {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name: keeperOptions.configuration },
      webhooks: webhooks.map((name) => ({
        name,
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Fail",
        timeoutSeconds: 5,
        clientConfig: {
          service: { namespace: "tgp-system", name: "tgp-webhook", path: "/validate", port: 443 },
        },
        rules: [{
          apiGroups: ["tgp.io"],
          apiVersions: ["v1"],
          operations: ["CREATE", "UPDATE"],
          resources: ["gpunodeclasses"],
        }],
      })),
    };
    await this.kube.create(webhookConfigurations, configuration);
  }

  /** Starts a replica. */
  start(options: Partial<KeeperOptions> = {}): Replica {
    const process = new Lifeline();
    const served: Certificate[] = [];
    const replica: Replica = {
      process,
      served,
      serving: undefined,
      sinceMs: this.clock.now(),
      done: Promise.resolve(),
    };
    const kube = this.#connect(process.guard(async (request) => {
      if (this.random.next() < this.losses) return cut;
      const response = await this.api.handler(request, { peer: adminPeer });
      return this.random.next() < this.losses ? cut : response;
    }));
    const keeper = new CertificateKeeper({
      kube,
      clock: this.clock,
      random: this.random,
      log: silentLog,
      recorder: { record: (note) => this.notes.push(note) },
      maker: this.maker,
      serve: (certificate) => {
        if (!process.dead) this.#serve(replica, certificate);
      },
    }, { ...keeperOptions, ...options });
    this.replicas.push(replica);
    return Object.assign(replica, { done: keeper.run(process.signal) });
  }

  /** Lets time pass until something holds. @throws {Error} If it does not in time. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    for (let second = 0; second < 300; second++) {
      if (await holds()) return;
      await this.clock.advance(1_000);
    }
    throw new Error(`In five minutes it did not happen: ${what}`);
  }

  /** What API servers trust now; `undefined` without a configuration. */
  async trusted(): Promise<readonly Certificate[] | undefined> {
    try {
      const name = keeperOptions.configuration;
      return readTrusted(await this.kube.get(webhookConfigurations, { name }));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  configuration(): Promise<WebhookConfiguration> {
    return this.kube.get(webhookConfigurations, { name: keeperOptions.configuration });
  }

  secret(): Promise<Secret> {
    return this.kube.get(secrets, keeperOptions.secret);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { process } of this.replicas) process.kill();
    await Promise.all(this.replicas.map(({ done }) => done));
    this.api.close();
  }

  #serve(replica: Replica, { certificatePem }: KeyedCertificate): void {
    const [leaf] = readCertificates(certificatePem);
    if (!leaf) throw new Error("A replica was given something that is no certificate");
    if (!replica.serving) replica.sinceMs = this.clock.now();
    replica.serving = leaf;
    replica.served.push(leaf);
    this.onServe?.();
  }

  #connect(call: (request: Request) => Promise<Response | typeof cut>): Kube {
    const transport = createHandlerTransport(async (request) => {
      const response = await call(request);
      if (response === cut) throw new TypeError("the connection was cut");
      return response;
    });
    return createKubeClient({ transport, clock: this.clock, random: this.random });
  }
}
