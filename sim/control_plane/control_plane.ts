/**
 * The controllers that a cluster cannot do without, as far as this project meets them.
 *
 * Each decides over the API server's state and writes through its API, as itself, so that hooks see it.
 *
 * @module
 */

import { type Log, silentLog } from "../../runtime/log.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { ApiServer } from "../api_server/api_server.ts";
import type { CertificateAuthority } from "../api_server/certificates/certificate_authority.ts";
import type { Controller } from "./controller.ts";
import { createCsrSigner } from "./csr_signer.ts";
import { disruptionBudgets } from "./disruption_budgets.ts";
import { createNamespaceController } from "./namespaces.ts";
import { createNodeLifecycle } from "./node_lifecycle.ts";
import { ownerGc } from "./owner_gc.ts";
import { createPodGc } from "./pod_gc.ts";
import { runController } from "./run_controller.ts";
import { scheduler } from "./scheduler.ts";
import { taintEviction } from "./taint_eviction.ts";
import { tokenCleaner } from "./token_cleaner.ts";

/** What the control plane works with. */
export interface ControlPlaneDeps {
  readonly clock: Clock;
  readonly server: ApiServer;
  /** What signs kubelets' certificates; the one whose clients the server trusts. */
  readonly authority: CertificateAuthority;
  /** @default {silent} */
  readonly log?: Log;
}

/** How patient it is. */
export interface ControlPlaneOptions {
  /** Milliseconds of silence until a node counts as lost. @default {50 s} */
  readonly nodeGraceMs?: number;
  /** Milliseconds until the pods of a deleted node go. @default {40 s} */
  readonly podGcMs?: number;
}

/** All controllers. */
export function createControllers(
  authority: CertificateAuthority,
  options: ControlPlaneOptions = {},
): readonly Controller[] {
  return [
    scheduler,
    createCsrSigner(authority),
    createNodeLifecycle(options.nodeGraceMs),
    taintEviction,
    createPodGc(options.podGcMs),
    ownerGc,
    createNamespaceController(authority.certificatePem),
    tokenCleaner,
    disruptionBudgets,
  ];
}

/** Runs the control plane until the signal aborts. @throws {Error} If a controller's decision fails. */
export async function runControlPlane(
  deps: ControlPlaneDeps,
  options: ControlPlaneOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, server, log = silentLog } = deps;
  await Promise.all(
    createControllers(deps.authority, options).map((controller) =>
      runController({ clock, server, log }, controller, signal)
    ),
  );
}
