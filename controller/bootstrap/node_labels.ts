/**
 * Which labels a kubelet may give its own Node.
 *
 * @module
 */

/**
 * Labels under `kubernetes.io` that a kubelet may set (Kubernetes v1.36,
 * `pkg/kubelet/apis/well_known_labels.go`), less those it works out by itself: host name, operating
 * system and architecture are its own to say.
 */
const settable: ReadonlySet<string> = new Set([
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "node.kubernetes.io/instance-type",
]);

/** Domains under `kubernetes.io` in which a kubelet may set any label; same source. */
const settableDomains = ["kubelet.kubernetes.io", "node.kubernetes.io"];

/** Domains that belong to Kubernetes. */
const reservedDomains = ["kubernetes.io", "k8s.io"];

/**
 * Whether `--node-labels` may hold a label. With any other label of Kubernetes' own domains the
 * kubelet does not start, or its Node is refused.
 */
export function isKubeletLabel(key: string): boolean {
  const slash = key.indexOf("/");
  const domain = slash < 0 ? "" : key.slice(0, slash);
  if (!reservedDomains.some((reserved) => isWithin(domain, reserved))) return true;
  return settable.has(key) || settableDomains.some((allowed) => isWithin(domain, allowed));
}

/** The labels a machine registers with; the controller sets the others when it accepts the Node. */
export function selectKubeletLabels(
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => isKubeletLabel(key)));
}

function isWithin(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}
