/**
 * The command lines of the control plane's programs.
 *
 * @module
 */

/** The ports of one control plane, all on 127.0.0.1. */
export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
  readonly controllerManager: number;
  readonly scheduler: number;
}

/** What the command lines depend on. */
export interface Layout {
  /** The folder with certificates and data. */
  readonly dir: string;
  readonly ports: Ports;
  /** Whether a controller manager belongs to this control plane. */
  readonly hasControllerManager: boolean;
  /** Seconds without a lease after which a Node counts as lost. */
  readonly nodeGraceSeconds: number;
}

/** etcd, without waiting for the disk: its data does not outlive the tests. */
export function toEtcdArgs({ dir, ports }: Layout): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    `--data-dir=${dir}/etcd`,
    "--unsafe-no-fsync=true",
    "--log-level=warn",
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ];
}

/** The API server, with the admission and authorization that real clusters have. */
export function toApiServerArgs({ dir, ports, hasControllerManager }: Layout): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.apiServer}`,
    // The usual reconciler complains that a loopback address cannot be an Endpoint.
    "--endpoint-reconciler-type=none",
    `--tls-cert-file=${dir}/server.crt`,
    `--tls-private-key-file=${dir}/server.key`,
    `--client-ca-file=${dir}/ca.crt`,
    `--token-auth-file=${dir}/tokens.csv`,
    `--kubelet-certificate-authority=${dir}/ca.crt`,
    `--kubelet-client-certificate=${dir}/kubelet-client.crt`,
    `--kubelet-client-key=${dir}/kubelet-client.key`,
    "--kubelet-preferred-address-types=InternalIP,Hostname",
    "--service-cluster-ip-range=10.0.0.0/24",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${dir}/sa.pub`,
    `--service-account-signing-key-file=${dir}/sa.key`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--enable-bootstrap-token-auth=true",
    "--allow-privileged=true",
    "--default-not-ready-toleration-seconds=5",
    "--default-unreachable-toleration-seconds=5",
    // Both need the controller manager: it makes the default service accounts, and it alone takes the
    // not-ready taint off a new Node.
    ...(hasControllerManager
      ? []
      : ["--disable-admission-plugins=ServiceAccount,TaintNodesByCondition"]),
  ];
}

/** The controller manager, with the controllers of bootstrap tokens and a short patience with Nodes. */
export function toControllerManagerArgs({ dir, ports, nodeGraceSeconds }: Layout): string[] {
  return [
    `--kubeconfig=${dir}/controller-manager.kubeconfig`,
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.controllerManager}`,
    `--tls-cert-file=${dir}/server.crt`,
    `--tls-private-key-file=${dir}/server.key`,
    "--leader-elect=false",
    "--use-service-account-credentials=true",
    `--root-ca-file=${dir}/ca.crt`,
    `--service-account-private-key-file=${dir}/sa.key`,
    `--cluster-signing-cert-file=${dir}/ca.crt`,
    `--cluster-signing-key-file=${dir}/ca.key`,
    "--controllers=*,bootstrapsigner,tokencleaner",
    "--node-monitor-period=1s",
    `--node-monitor-grace-period=${nodeGraceSeconds}s`,
    // At its usual 20 requests per second it takes five seconds to make its own service accounts.
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
  ];
}

/** The scheduler. */
export function toSchedulerArgs({ dir, ports }: Layout): string[] {
  return [
    `--kubeconfig=${dir}/scheduler.kubeconfig`,
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.scheduler}`,
    `--tls-cert-file=${dir}/server.crt`,
    `--tls-private-key-file=${dir}/server.key`,
    "--leader-elect=false",
  ];
}
