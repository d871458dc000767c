import assert from "node:assert/strict";
import { relative } from "node:path";
import { loadAll } from "js-yaml";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import { bootstrapGroup } from "../../schemas/labels.ts";
import { renderChart, toKey, withoutHelm } from "../support/render_chart.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/control_plane.ts";
import type { CommandResult } from "./control_plane/kubectl.ts";
import { waitFor } from "./control_plane/wait.ts";

const manifests = new URL("../../manifests/", import.meta.url).pathname;

const controller = { user: "system:serviceaccount:tgp-system:tgp-controller", groups: [] };
const machine = { user: "system:bootstrap:abcdef", groups: [bootstrapGroup] };

/** What the controller does: verb, `resource.group/subresource`, `=name` or `in namespace`. */
const mayDo = [
  "list gpunodeclasses.tgp.io",
  "patch gpunodeclasses.tgp.io/status",
  "watch gpunodepools.tgp.io",
  "patch gpunodepools.tgp.io/status",
  "create gpunodeclaims.tgp.io",
  "patch gpunodeclaims.tgp.io",
  "patch gpunodeclaims.tgp.io/status",
  "delete gpunodeclaims.tgp.io",
  "watch nodes",
  "patch nodes",
  "delete nodes",
  "watch pods",
  "delete pods",
  "create pods/eviction",
  "create events",
  "patch events",
  "get namespaces =kube-system",
  "watch certificatesigningrequests.certificates.k8s.io",
  "update certificatesigningrequests.certificates.k8s.io/approval",
  "approve signers.certificates.k8s.io =kubernetes.io/kube-apiserver-client-kubelet",
  "get secrets in tgp-system",
  "create secrets in tgp-system",
  "list configmaps in tgp-system",
  "patch configmaps in tgp-system",
  "create leases.coordination.k8s.io in tgp-system",
  "update leases.coordination.k8s.io =tgp-controller in tgp-system",
  "create secrets in kube-system",
  "delete secrets in kube-system",
];

/** What it has no business doing. */
const mayNotDo = [
  "get secrets in kube-system",
  "list secrets in kube-system",
  "update secrets in kube-system",
  "list secrets in tgp-system",
  "patch validatingwebhookconfigurations.admissionregistration.k8s.io =another",
  "delete validatingwebhookconfigurations.admissionregistration.k8s.io =tgp-webhook",
  "get secrets in default",
  "list secrets",
  "get configmaps in kube-system",
  "create pods",
  "patch pods",
  "create nodes",
  "update nodes/status",
  "patch gpunodepools.tgp.io",
  "create gpunodeclasses.tgp.io",
  "delete gpunodepools.tgp.io",
  "get namespaces =default",
  "create certificatesigningrequests.certificates.k8s.io",
  "approve signers.certificates.k8s.io =kubernetes.io/kubelet-serving",
  "approve signers.certificates.k8s.io =kubernetes.io/kube-apiserver-client",
  "update leases.coordination.k8s.io =another in tgp-system",
  "update leases.coordination.k8s.io in kube-system",
  "create clusterrolebindings.rbac.authorization.k8s.io",
];

Deno.test("manifests on a real control plane", async (t) => {
  await using plane = await startControlPlane({ components: ["kube-controller-manager"] });

  await t.step("apply in one go, without a warning, and again without a change", async () => {
    const first = await plane.kubectl("apply", "-k", manifests);
    assert.deepEqual([first.code, first.stderr], [0, ""]);
    const second = await plane.kubectl("apply", "-k", manifests);
    assert.deepEqual([second.code, second.stderr], [0, ""]);
    const difference = await plane.kubectl("diff", "-k", manifests);
    assert.deepEqual([difference.code, difference.stdout, difference.stderr], [0, "", ""]);
  });

  await t.step("render as the Helm chart does", async () => {
    const rendered = parseObjects((await kustomize(plane)).stdout);
    assert.deepEqual(
      rendered.filter(({ kind }) => kind !== "Namespace"),
      (await renderChart()).map(withoutHelm),
    );
  });

  await t.step("render with every component as the chart does with the same choices", async () => {
    const components = ["cert-manager", "pod-monitor", "prometheus-rules", "credential-namespace"];
    const { code, stdout, stderr } = await kustomize(plane, components);
    assert.deepEqual([code, stderr], [0, ""]);
    const rendered = parseObjects(stdout).filter(({ kind }) => kind !== "Namespace");
    const chart = await renderChart({
      values: {
        webhook: { certManager: true },
        monitoring: { podMonitor: true, prometheusRules: true },
        credentialNamespaces: ["team-a"],
      },
    });
    assert.deepEqual(rendered.map(sortArgs), chart.map(withoutHelm).map(sortArgs));
  });

  await t.step("run two Pods that the namespace's restrictions admit", async () => {
    const pods = await waitFor("the Deployment's Pods", async () => {
      const { items } = await getJson(plane, "pods", "-n", "tgp-system");
      return items.length === 2 ? items : undefined;
    });
    for (const { spec } of pods) {
      assert.equal(spec.priorityClassName, "system-cluster-critical");
      assert.equal(spec.serviceAccountName, "tgp-controller");
    }
    const events = await getJson(plane, "events", "-n", "tgp-system");
    assert.deepEqual(events.items.filter(({ reason }) => /FailedCreate/.test(reason)), []);
    const careless = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "careless", namespace: "tgp-system" },
      spec: { containers: [{ name: "c", image: "i" }] },
    };
    const refused = await plane.runKubectl(["create", "--dry-run=server", "-f", "-"], {
      stdin: JSON.stringify(careless),
    });
    assert.match(refused.stderr, /violates PodSecurity "restricted/);
  });

  await t.step("let the controller do what it does", async () => {
    assert.deepEqual(await findAllowed(plane, mayDo, controller), mayDo);
  });

  await t.step("let the controller do nothing else", async () => {
    assert.deepEqual(await findAllowed(plane, mayNotDo, controller), []);
  });

  await t.step(
    "let a machine with a bootstrap token ask for a certificate, not approve it",
    async () => {
      const questions = [
        "create certificatesigningrequests.certificates.k8s.io",
        "create certificatesigningrequests.certificates.k8s.io/nodeclient",
        "get secrets in tgp-system",
        "list nodes",
      ];
      assert.deepEqual(await findAllowed(plane, questions, machine), questions.slice(0, 1));
    },
  );

  await t.step("show prices only to whom the Role names, and Secrets to nobody", async () => {
    await bind(plane, "clusterrolebinding", "tgp-viewer", "jane");
    const questions = [
      "list gpunodeclaims.tgp.io",
      "list configmaps in tgp-system",
      "get secrets in tgp-system",
      "delete gpunodeclaims.tgp.io",
      "list configmaps in default",
    ];
    const jane = { user: "jane", groups: [] };
    assert.deepEqual(await findAllowed(plane, questions, jane), questions.slice(0, 1));
    await bind(plane, "rolebinding", "tgp-viewer", "jane");
    assert.deepEqual(await findAllowed(plane, questions, jane), questions.slice(0, 2));
  });

  await t.step("belong to the built-in roles: view sees, admin writes, edit does not", async () => {
    const questions = ["list gpunodepools.tgp.io", "create gpunodepools.tgp.io"];
    const allowed: Record<string, number> = {};
    for (const role of ["view", "edit", "admin"]) {
      await bind(plane, "clusterrolebinding", role, `user-of-${role}`);
      const user = { user: `user-of-${role}`, groups: [] };
      allowed[role] = await waitFor(`${role} to be aggregated`, async () => {
        const { length } = await findAllowed(plane, questions, user);
        return length > 0 ? length : undefined;
      });
    }
    assert.deepEqual(allowed, { view: 1, edit: 1, admin: 2 });
  });

  await t.step("refuse our kinds while nobody judges them, and nothing else", async () => {
    const poolOf = (name: string) => ({
      apiVersion: "tgp.io/v1",
      kind: "GPUNodePool",
      metadata: { name },
      spec: { nodeClassRef: { name: "lambda" } },
    });
    const refused = await create(plane, poolOf("unjudged"));
    assert.match(refused.stderr, /failed calling webhook "validate\.tgp\.io"/);
    const other = await create(plane, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "x" },
    });
    assert.equal(other.code, 0, other.stderr);
  });
});

/** What kubectl makes of the kustomization, with components. */
async function kustomize(
  plane: ControlPlane,
  components: readonly string[] = [],
): Promise<CommandResult> {
  const folder = `${plane.dir}/with-${components.length}`;
  const at = (part: string) => relative(folder, `${manifests}${part}`);
  await Deno.mkdir(folder);
  await Deno.writeTextFile(
    `${folder}/kustomization.yaml`,
    JSON.stringify({
      resources: [at("")],
      components: components.map((name) => at(`components/${name}`)),
    }),
  );
  return plane.kubectl("kustomize", folder);
}

function parseObjects(text: string): readonly KubernetesObject[] {
  const objects: KubernetesObject[] = [];
  loadAll(text, (object) => objects.push(object as KubernetesObject));
  return objects.sort((left, right) => toKey(left) < toKey(right) ? -1 : 1);
}

/** Components add their arguments in the order in which they are listed. */
function sortArgs(object: KubernetesObject): unknown {
  return JSON.parse(
    JSON.stringify(object),
    (key, value) => key === "args" ? value.toSorted() : value,
  );
}

/** The questions that RBAC answers with yes. */
async function findAllowed(
  plane: ControlPlane,
  questions: readonly string[],
  { user, groups }: { readonly user: string; readonly groups: readonly string[] },
): Promise<readonly string[]> {
  const reviews = questions.map((question) => ({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { user, groups, resourceAttributes: toAttributes(question) },
  }));
  const { stdout, stderr } = await plane.runKubectl(
    ["create", "-f", "-", "-o", 'jsonpath={.status.allowed}{"\\n"}'],
    { stdin: reviews.map((review) => JSON.stringify(review)).join("\n") },
  );
  const answers = stdout.trim().split("\n");
  assert.equal(answers.length, questions.length, stderr);
  return questions.filter((_, index) => answers[index] === "true");
}

function toAttributes(question: string): Record<string, string> {
  const match =
    /^(?<verb>\w+) (?<resource>\w+)(\.(?<group>[\w.]+))?(\/(?<subresource>\w+))?( =(?<name>\S+))?( in (?<namespace>\S+))?$/
      .exec(question);
  assert.ok(match?.groups, question);
  return Object.fromEntries(Object.entries(match.groups).filter(([, value]) => value));
}

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly reason: string;
    readonly spec: Readonly<Record<string, unknown>>;
  }[];
}

async function getJson(plane: ControlPlane, ...args: string[]): Promise<Listed> {
  const { code, stdout, stderr } = await plane.kubectl("get", "-o", "json", ...args);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

function create(plane: ControlPlane, object: unknown): Promise<CommandResult> {
  return plane.runKubectl(["create", "-f", "-"], { stdin: JSON.stringify(object) });
}

/** Binds a user to the ClusterRole, or to the Role in the controller's namespace, of that name. */
async function bind(
  plane: ControlPlane,
  kind: "clusterrolebinding" | "rolebinding",
  role: string,
  user: string,
): Promise<void> {
  const which = kind === "rolebinding"
    ? ["--role", role, "-n", "tgp-system"]
    : ["--clusterrole", role];
  const { code, stderr } = await plane.kubectl(
    "create",
    kind,
    `${role}-${user}`,
    ...which,
    "--user",
    user,
  );
  assert.equal(code, 0, stderr);
}
