/**
 * A real Kubernetes control plane on this machine, without containers: etcd, kube-apiserver,
 * kube-controller-manager, kube-scheduler and kubectl as plain processes.
 *
 * ```ts
 * await using plane = await startControlPlane();
 * await plane.kubectl("get", "nodes");
 * ```
 *
 * **Guarantees**: it listens on 127.0.0.1 only, on free ports; all its files lie in one temporary folder.
 * Disposing it ends its processes (scheduler, controller manager, API server, etcd) and removes the folder;
 * so does a start that fails half-way, and so does the death of the test run itself.
 *
 * @module
 */

import type { Ports } from "./arguments.ts";
import { type AuditEvent, readAudit, toAuditArgs } from "./audit.ts";
import { type ComponentName, Components } from "./components.ts";
import { toToken, toTokenKubeconfigPath, type User, writeFiles, writeUser } from "./files.ts";
import { type CommandResult, type KubectlOptions, runKubectl } from "./kubectl.ts";
import { locatePrograms } from "./locate.ts";
import { pickFreePorts } from "./ports.ts";
import type { Programs } from "./programs.ts";
import { Reaper } from "./reaper.ts";

/** The components a control plane can do without. */
export type OptionalComponentName = "kube-controller-manager" | "kube-scheduler";

/** Options of {@linkcode startControlPlane}. */
export interface ControlPlaneOptions {
  /**
   * What to run besides etcd and the API server. Without the controller manager, the admission plugins that
   * need it are off, and Nodes, budgets and bootstrap tokens have nobody who looks after them.
   *
   * @default {["kube-controller-manager", "kube-scheduler"]}
   */
  readonly components?: readonly OptionalComponentName[];
  /** Who may come with a static token, see {@linkcode ControlPlane.tokenOf}. @default {[]} */
  readonly tokenUsers?: readonly User[];
  /** Seconds without a lease after which a Node counts as lost. @default {12} */
  readonly nodeGraceSeconds?: number;
  /** More flags for the API server. @default {[]} */
  readonly apiServerArgs?: readonly string[];
  /** Whether the API server keeps an audit log, for {@linkcode ControlPlane.readAudit}. @default {false} */
  readonly audit?: boolean;
  /** The programs to run. @default {what `locatePrograms` finds} */
  readonly programs?: Programs;
  /** Where to make the temporary folder. @default {the system's place for such} */
  readonly parentDir?: string;
}

/** How to run one kubectl command. */
export type KubectlRunOptions = Partial<
  Pick<KubectlOptions, "kubeconfigPath" | "stdin" | "env" | "signal">
>;

/**
 * Starts a control plane: about three seconds, once the programs are there.
 *
 * @throws {Error} A program is missing, ended early or was not ready in time; nothing is left behind.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const optional = options.components ?? ["kube-controller-manager", "kube-scheduler"];
  const programs = options.programs ?? await locatePrograms();
  await using cleanup = new AsyncDisposableStack();
  const dir = await Deno.makeTempDir({
    prefix: "tgp-control-plane-",
    ...(options.parentDir === undefined ? {} : { dir: options.parentDir }),
  });
  cleanup.defer(() => Deno.remove(dir, { recursive: true }));
  const reaper = Reaper.start(dir);
  cleanup.defer(() => reaper.dismiss());

  const ports = pickPorts();
  const serverUrl = `https://127.0.0.1:${ports.apiServer}`;
  const components = cleanup.use(
    new Components({
      programs,
      layout: {
        dir,
        ports,
        hasControllerManager: optional.includes("kube-controller-manager"),
        nodeGraceSeconds: options.nodeGraceSeconds ?? 12,
      },
      apiServerArgs: [...options.audit ? toAuditArgs(dir) : [], ...options.apiServerArgs ?? []],
    }),
  );
  await settleAll([
    components.start("etcd"),
    writeFiles({ dir, serverUrl, tokenUsers: options.tokenUsers ?? [] }),
  ]);
  await components.start("kube-apiserver");
  await settleAll(optional.map((name) => components.start(name)));
  return new ControlPlane({
    dir,
    serverUrl,
    caPem: await Deno.readTextFile(`${dir}/ca.crt`),
    kubectlProgram: programs.kubectl,
    components,
    cleanup: cleanup.move(),
  });
}

/** A running control plane. */
export class ControlPlane implements AsyncDisposable {
  /** The temporary folder with certificates, kubeconfigs, logs and data. */
  readonly dir: string;
  /** The API server: `https://127.0.0.1:<port>`. */
  readonly serverUrl: string;
  /** The authority that signed the API server's certificate and signs clients', as PEM. */
  readonly caPem: string;
  readonly caCertPath: string;
  readonly caKeyPath: string;
  /** The certificate of a member of `system:masters`. */
  readonly adminCertPath: string;
  readonly adminKeyPath: string;
  /** The kubeconfig of the same user. */
  readonly kubeconfigPath: string;
  readonly #kubectlProgram: string;
  readonly #components: Components;
  readonly #cleanup: AsyncDisposableStack;

  /** Made by {@linkcode startControlPlane} only. */
  constructor(parts: {
    readonly dir: string;
    readonly serverUrl: string;
    readonly caPem: string;
    readonly kubectlProgram: string;
    readonly components: Components;
    readonly cleanup: AsyncDisposableStack;
  }) {
    const { dir } = parts;
    this.dir = dir;
    this.serverUrl = parts.serverUrl;
    this.caPem = parts.caPem;
    this.caCertPath = `${dir}/ca.crt`;
    this.caKeyPath = `${dir}/ca.key`;
    this.adminCertPath = `${dir}/admin.crt`;
    this.adminKeyPath = `${dir}/admin.key`;
    this.kubeconfigPath = `${dir}/admin.kubeconfig`;
    this.#kubectlProgram = parts.kubectlProgram;
    this.#components = parts.components;
    this.#cleanup = parts.cleanup;
  }

  /** The process id of each component. */
  get pids(): ReadonlyMap<ComponentName, number> {
    return this.#components.pids;
  }

  /** Runs kubectl as admin; a failure is a code, not an exception. */
  kubectl(...args: string[]): Promise<CommandResult> {
    return this.runKubectl(args);
  }

  /** Runs kubectl with standard input, environment, or as somebody else. */
  runKubectl(args: readonly string[], options: KubectlRunOptions = {}): Promise<CommandResult> {
    return runKubectl(args, {
      program: this.#kubectlProgram,
      kubeconfigPath: this.kubeconfigPath,
      homeDir: this.dir,
      ...options,
    });
  }

  /**
   * Makes a user by client certificate.
   *
   * @returns The path of a kubeconfig; certificate and key lie beside it.
   */
  createUser(user: User): Promise<string> {
    return writeUser(this, `user-${crypto.randomUUID()}`, user);
  }

  /** The static token and the kubeconfig of a user named in {@linkcode ControlPlaneOptions.tokenUsers}. */
  tokenOf(userName: string): { readonly token: string; readonly kubeconfigPath: string } {
    return {
      token: toToken(userName),
      kubeconfigPath: toTokenKubeconfigPath(this.dir, userName),
    };
  }

  /**
   * Ends a component and starts it again on the same port and data.
   *
   * @param signal SIGKILL for a crash.
   */
  restart(name: ComponentName, signal: Deno.Signal = "SIGTERM"): Promise<void> {
    return this.#components.restart(name, signal);
  }

  /** What a component has written to its log. */
  readLog(name: ComponentName): Promise<string> {
    return this.#components.readLog(name);
  }

  /** What the controller's service account has asked of the API server; needs the option `audit`. */
  readAudit(): Promise<readonly AuditEvent[]> {
    return readAudit(this.dir);
  }

  /** Stops every process and removes the folder; safe to repeat. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanup.disposeAsync();
  }
}

function pickPorts(): Ports {
  const [etcd = 0, etcdPeer = 0, apiServer = 0, controllerManager = 0, scheduler = 0] =
    pickFreePorts(5);
  return { etcd, etcdPeer, apiServer, controllerManager, scheduler };
}

/** Waits for all, also when one fails, so that nothing is under way when the cleanup begins. */
async function settleAll(actions: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(actions)) {
    if (result.status === "rejected") throw result.reason;
  }
}
