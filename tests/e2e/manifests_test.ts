import assert from "node:assert/strict";
import { load } from "js-yaml";
import { bootstrapGroup } from "../../schemas/labels.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/control_plane.ts";

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
  "update leases.coordination.k8s.io in tgp-system",
  "create secrets in kube-system",
  "delete secrets in kube-system",
];

/** What it has no business doing. */
const mayNotDo = [
  "get secrets in kube-system",
  "list secrets in kube-system",
  "update secrets in kube-system",
  "list secrets in tgp-system",
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
  "update leases.coordination.k8s.io in kube-system",
  "create clusterrolebindings.rbac.authorization.k8s.io",
];

Deno.test("manifests on a real API server", async (t) => {
  await using plane = await startControlPlane({ components: [] });

  await t.step("apply in one go, and again without a change", async () => {
    const first = await plane.kubectl("apply", "-k", manifests);
    assert.equal(first.code, 0, first.stderr);
    const second = await plane.kubectl("apply", "-k", manifests);
    for (const line of second.stdout.trim().split("\n")) assert.match(line, / unchanged$/);
  });

  await t.step("include examples that the API server accepts", async () => {
    const applied = await plane.kubectl("apply", "-f", `${manifests}examples/`);
    assert.equal(applied.code, 0, applied.stderr);
    assert.equal(applied.stderr, "");
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

  await t.step("let a viewer see resources and offers, and no Secret", async () => {
    await plane.kubectl(
      ...["create", "clusterrolebinding", "v", "--clusterrole=tgp-viewer", "--user=jane"],
    );
    await plane.kubectl(
      ...["create", "rolebinding", "v", "-n", "tgp-system", "--role=tgp-viewer", "--user=jane"],
    );
    const questions = [
      "list gpunodeclaims.tgp.io",
      "list configmaps in tgp-system",
      "get secrets in tgp-system",
      "delete gpunodeclaims.tgp.io",
      "list configmaps in default",
    ];
    const allowed = await findAllowed(plane, questions, { user: "jane", groups: [] });
    assert.deepEqual(allowed, questions.slice(0, 2));
  });

  await t.step("run the controller in a Pod that the namespace's restrictions admit", async () => {
    const text = await Deno.readTextFile(`${manifests}controller/deployment.yaml`);
    const { spec: { template } } = parseDeployment(load(text));
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "controller", namespace: "tgp-system" },
      // Restricted policies look at the containers; priority classes come with the controller manager.
      spec: { ...template.spec, priorityClassName: undefined },
    };
    const created = await plane.runKubectl(["create", "--dry-run=server", "-f", "-"], {
      stdin: JSON.stringify(pod),
    });
    assert.equal(created.code, 0, created.stderr);
    const careless = { ...pod, spec: { containers: [{ name: "c", image: "i" }] } };
    const refused = await plane.runKubectl(["create", "--dry-run=server", "-f", "-"], {
      stdin: JSON.stringify(careless),
    });
    assert.match(refused.stderr, /violates PodSecurity "restricted/);
  });
});

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

function parseDeployment(
  value: unknown,
): { readonly spec: { readonly template: { readonly spec: Record<string, unknown> } } } {
  return value as ReturnType<typeof parseDeployment>;
}
