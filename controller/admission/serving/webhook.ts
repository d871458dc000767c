/**
 * The admission webhook of one replica, whole: local copies, rules, certificates, server.
 *
 * Leader or not, every replica has one, and it depends on nothing that only the leader knows.
 *
 * @module
 */

import { createEventRecorder } from "../../../kube/event_recorder.ts";
import { createInformer, type InformerDeps } from "../../../kube/informer.ts";
import { nodeClaims, nodeClasses, nodePools } from "../../../kube/tgp_resources.ts";
import { createAdmissionApp } from "../admission_app.ts";
import { createLocalContext } from "../context/local_context.ts";
import {
  type KeyedCertificate,
  normalizeHost,
  readCertificates,
} from "./certificates/certificate.ts";
import { CertificateKeeper } from "./certificates/certificate_keeper.ts";
import type { CertificateMaker } from "./certificates/certificate_maker.ts";
import { MountedCertificate } from "./certificates/mounted_certificate.ts";
import { certificatesName, configurationName, serviceHosts } from "./names.ts";
import type { Listen } from "./server/listen.ts";
import { SecureServer } from "./server/secure_server.ts";

/** A webhook, wherever it runs. */
export interface Webhook {
  /** Serves until `signal` aborts, then lets go of its clients without failing one, and resolves. */
  run(signal: AbortSignal): Promise<void>;
  /** Whether it should be asked: it judges by complete copies, has a certificate, and is not leaving. */
  isReady(): boolean;
}

/** Collaborators. */
export interface WebhookDeps extends InformerDeps {
  /** Milliseconds that only ever grow. */
  readonly monotonicMs: () => number;
  readonly maker: CertificateMaker;
  readonly listen: Listen;
  readonly readTextFile: (path: string) => Promise<string>;
}

/** Where to serve, as whom, and what may be referred to. */
export interface WebhookOptions {
  readonly hostname: string;
  readonly port: number;
  /** The controller's own namespace. */
  readonly namespace: string;
  /** Other namespaces whose Secrets classes may refer to. */
  readonly credentialNamespaces: readonly string[];
  /** Unique per process. */
  readonly identity: string;
  /** Names and addresses by which it is called besides the Service's. */
  readonly hosts: readonly string[];
  /** A folder with `tls.crt` and `tls.key` that somebody else keeps; absent: it makes its own. */
  readonly certificateFolder?: string | undefined;
  /** @default {lameDuckMs} */
  readonly lameDuckMs?: number | undefined;
}

/**
 * How long it serves on after it has said that it is leaving: by then every node sends new connections
 * elsewhere.
 */
export const lameDuckMs = 5_000;

/** Creates a webhook; it does nothing until it runs. */
export function createWebhook(deps: WebhookDeps, options: WebhookOptions): Webhook {
  const { clock } = deps;
  const { namespace, credentialNamespaces } = options;
  const copies = {
    classes: createInformer(deps, nodeClasses),
    pools: createInformer(deps, nodePools),
    claims: createInformer(deps, nodeClaims),
  };
  const local = createLocalContext(deps, copies, {
    namespace,
    allowedNamespaces: credentialNamespaces,
  });
  const recorder = createEventRecorder(deps, {
    component: "tgp-webhook",
    instance: options.identity,
  });
  let isLeaving = false;
  const isReady = () => !isLeaving && server.port !== undefined && local.hasSynced();
  const app = createAdmissionApp({ ...deps, context: local.context, isReady });
  const server = new SecureServer(deps, { ...options, handler: app.fetch });
  const certificates = createCertificates({ ...deps, recorder, server }, options);

  return {
    isReady,
    async run(signal) {
      const working = new AbortController();
      const work = Promise.all(
        [...Object.values(copies), local, certificates, recorder].map((part) =>
          part.run(working.signal)
        ),
      );
      try {
        await Promise.race([work, untilAborted(signal)]);
        isLeaving = true;
        server.drain();
        await clock.sleep(options.lameDuckMs ?? lameDuckMs);
      } finally {
        await server.close();
        working.abort(new Error("the webhook stops"));
        await work;
      }
    },
  };
}

function createCertificates(
  deps: WebhookDeps & {
    readonly server: SecureServer;
    readonly recorder: ReturnType<typeof createEventRecorder>;
  },
  { namespace, hosts, certificateFolder }: WebhookOptions,
): CertificateKeeper | MountedCertificate {
  const { metrics, server } = deps;
  const shared = {
    ...deps,
    serve(certificate: KeyedCertificate) {
      server.serve(certificate);
      const [leaf] = readCertificates(certificate.certificatePem);
      const expiryMs = leaf?.notAfterMs ?? 0;
      metrics.gauge("tgp_webhook_certificate_expiry_timestamp_seconds", expiryMs / 1_000);
    },
  };
  if (certificateFolder !== undefined) return new MountedCertificate(shared, certificateFolder);
  return new CertificateKeeper(shared, {
    secret: { name: certificatesName, namespace },
    configuration: configurationName,
    hosts: [...serviceHosts(namespace), ...hosts].map(normalizeHost),
  });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
