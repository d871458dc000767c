import assert from "node:assert/strict";
import { validateNodeClass } from "../../../../controller/admission/rules/validate_node_class.ts";
import { createClaimAt } from "../../../support/admission_claims.ts";
import {
  createTestContext,
  lambdaOffers,
  readClass,
  soundClassSpec,
  type Surroundings,
  toLines,
} from "../../../support/admission.ts";
import { createCertificateAuthority } from "../../../../sim/api_server/certificates/certificate_authority.ts";

const { bootstrap } = soundClassSpec;
const lambda = {
  name: "lambda",
  credentialsRef: { name: "lambda-key", key: "apiKey" },
  lambda: { sshKeyName: "tgp" },
};
const paperspace = { name: "paperspace", credentialsRef: { name: "ps-key", key: "apiKey" } };
const runpod = { name: "runpod", credentialsRef: { name: "rp-key", key: "apiKey" } };

/** What is wrong with a class of these parts. */
function judge(spec: object, around: Surroundings = {}): readonly string[] {
  return toLines(
    validateNodeClass(readClass({ ...soundClassSpec, ...spec }), createTestContext(around)),
  );
}

/** The same of its only entry. */
function judgeEntry(change: object, around: Surroundings = {}): readonly string[] {
  return judge({ providers: [{ ...lambda, ...change }] }, around);
}

function kubeadm(change: object): object {
  return { bootstrap: { kubeadm: { ...bootstrap.kubeadm, ...change } } };
}

Deno.test("validateNodeClass() finds nothing wrong with a sound class", () => {
  assert.deepEqual(judge({}, { offers: lambdaOffers, secrets: { "lambda-key": ["apiKey"] } }), []);
  assert.deepEqual(judge({ providers: [lambda, paperspace] }), []);
});

Deno.test("validateNodeClass() refuses clouds that it does not know, in the exact words", () => {
  assert.deepEqual(judge({ providers: [lambda, { ...paperspace, name: "vast" }] }), [
    "deny spec.providers[1].name: unsupported provider: vast; supported are lambda, paperspace, " +
    'runpod; if "vast" is your own name for an account, add provider',
  ]);
  assert.deepEqual(judgeEntry({ provider: "vast" }), [
    "deny spec.providers[0].provider: unsupported provider: vast; " +
    "supported are lambda, paperspace, runpod",
  ]);
  assert.deepEqual(judgeEntry({ name: "lamda" }), [
    "deny spec.providers[0].name: unsupported provider: lamda; did you mean lambda?",
  ]);
  assert.deepEqual(judgeEntry({ name: "research", provider: "lambda-labs" }), []);
});

Deno.test("validateNodeClass() finds an account twice where only its namespace is written differently", () => {
  const twin = {
    ...lambda,
    name: "lambdalabs",
    credentialsRef: { ...lambda.credentialsRef, namespace: "tgp-system" },
  };
  assert.deepEqual(judge({ providers: [lambda, twin] }), [
    'deny spec.providers[1].credentialsRef: "lambdalabs" is the same Lambda account as "lambda" in ' +
    "spec.providers[0]; list an account once, or give this entry the key of another one",
  ]);
});

Deno.test("validateNodeClass() warns of one key for two clouds", () => {
  const other = { ...paperspace, credentialsRef: lambda.credentialsRef };
  assert.deepEqual(judge({ providers: [lambda, other] }), [
    'warn spec.providers[1].credentialsRef: the key is the same as that of "lambda", which is at ' +
    "Lambda; a key belongs to one cloud",
  ]);
});

Deno.test("validateNodeClass() asks for a bootstrap as soon as a cloud rents machines", () => {
  assert.deepEqual(judge({ bootstrap: undefined, providers: [lambda, paperspace, runpod] }), [
    "warn spec.providers[2]: RunPod rents containers, which cannot join a cluster as nodes yet; " +
    "its offers are shown, and none is bought",
    'deny spec.bootstrap: required: machines of "lambda", "paperspace" must be told how to join the ' +
    "cluster; set bootstrap.kubeadm",
  ]);
  assert.deepEqual(judge({ bootstrap: undefined, providers: [runpod] }).length, 1);
});

Deno.test("validateNodeClass() refuses what no machine could join by", () => {
  assert.deepEqual(judge(kubeadm({ kubernetesVersion: "1.29.4" })), [
    "deny spec.bootstrap.kubeadm.kubernetesVersion: 1.29.4 is too old to join by kubeadm; " +
    "write 1.31.0 or newer, the version of your control plane",
  ]);
  assert.deepEqual(judge(kubeadm({ caBundle: btoa("not a certificate") })), [
    "deny spec.bootstrap.kubeadm.caBundle: holds no PEM certificates; " +
    "copy certificate-authority-data from a kubeconfig as it is",
  ]);
});

Deno.test("validateNodeClass() refuses a CA bundle that a listed cloud cannot take", async () => {
  const { certificatePem } = await createCertificateAuthority();
  const fits = kubeadm({ caBundle: btoa(certificatePem) });
  assert.deepEqual(judge({ ...fits, providers: [lambda, paperspace] }), []);
  // Each is another certificate, so that nothing compresses.
  const many = await Promise.all(
    Array.from({ length: 40 }, async () => (await createCertificateAuthority()).certificatePem),
  );
  const tooMany = kubeadm({ caBundle: btoa(many.join("")) });
  assert.deepEqual(judge({ ...tooMany, providers: [lambda] }), []);
  assert.deepEqual(judge({ ...tooMany, providers: [lambda, paperspace] }), [
    'deny spec.bootstrap.kubeadm.caBundle: too long for "paperspace": Paperspace takes 16000 bytes in ' +
    "all; keep only the certificate of the cluster's CA",
  ]);
});

Deno.test("validateNodeClass() warns of endpoints that rented machines cannot reach", () => {
  for (
    const host of ["127.0.0.1", "localhost", "10.0.0.1", "[fd00::1]", "kubernetes.default.svc"]
  ) {
    const [line = "", ...more] = judge(kubeadm({ apiServerEndpoint: `${host}:6443` }));
    assert.match(line, /^warn spec\.bootstrap\.kubeadm\.apiServerEndpoint: .*cannot reach/);
    assert.ok(line.includes(host));
    assert.deepEqual(more, []);
  }
});

Deno.test("validateNodeClass() refuses Secrets in namespaces that the operator did not allow", () => {
  const credentialsRef = { name: "k", key: "apiKey", namespace: "team-a" };
  assert.deepEqual(judgeEntry({ credentialsRef }), [
    "deny spec.providers[0].credentialsRef.namespace: the controller may not read Secrets in " +
    'namespace "team-a"; put the Secret into "tgp-system", or have the operator start the controller ' +
    "with --credential-namespaces=team-a",
  ]);
  assert.deepEqual(judgeEntry({ credentialsRef }, { allowedNamespaces: ["team-a"] }), []);
  const own = { ...credentialsRef, namespace: "tgp-system" };
  assert.deepEqual(judgeEntry({ credentialsRef: own }), []);
});

Deno.test("validateNodeClass() warns of Secrets and keys that are not there, where it can know", () => {
  assert.deepEqual(judgeEntry({}, { secrets: {} }), [
    'warn spec.providers[0].credentialsRef.name: there is no Secret "lambda-key" in namespace ' +
    '"tgp-system" yet; until then, nothing is bought from this account',
  ]);
  assert.deepEqual(judgeEntry({}, { secrets: { "lambda-key": ["api-key", "other"] } }), [
    'warn spec.providers[0].credentialsRef.key: Secret "lambda-key" in namespace "tgp-system" has no ' +
    'key "apiKey"; its keys are api-key, other',
  ]);
  assert.deepEqual(judgeEntry({}, { secrets: { "lambda-key": [] } }), [
    'warn spec.providers[0].credentialsRef.key: Secret "lambda-key" in namespace "tgp-system" has no ' +
    'key "apiKey"; it has none',
  ]);
});

Deno.test("validateNodeClass() warns of regions that neither the table nor an offer knows", () => {
  assert.deepEqual(judgeEntry({ regions: ["us-east-1", "us-eats-1"] }), [
    'warn spec.providers[0].regions[1]: no region of Lambda is called "us-eats-1", as far as is ' +
    "known; did you mean us-east-1?",
  ]);
  const offers = [...lambdaOffers].map((offer) => ({
    ...offer,
    location: { ...offer.location, region: "moon-1" },
  }));
  assert.deepEqual(judgeEntry({ regions: ["moon-1"] }, { offers }), []);
  const [far] = judgeEntry({ regions: ["moon-1"] });
  assert.match(far ?? "", /known regions are asia-northeast-1, .*, \.\.\.$/);
});

Deno.test("validateNodeClass() reads regions as their clouds do", () => {
  const at = (entry: object, regions: readonly string[]) =>
    judge({ providers: [{ ...entry, regions }] }).filter((line) => line.includes("regions"));
  assert.deepEqual(at(paperspace, ["ny2", "East Coast (NY2)", "CA1"]), []);
  assert.deepEqual(at(runpod, ["eu-ro-1"]), []);
  assert.equal(at(runpod, ["CZ"]).length, 1);
  assert.deepEqual(at({ ...runpod, runpod: { cloudType: "Community" } }, ["CZ"]), []);
});

Deno.test("validateNodeClass() warns of an image without its one region", () => {
  const imageID = "43336648-096d-4cba-9aa2-f9bb7727639d";
  const entry = { lambda: { sshKeyName: "tgp", imageID } };
  assert.deepEqual(judgeEntry(entry), [
    "warn spec.providers[0].lambda.imageID: an image belongs to one region, and nothing is bought in " +
    "others; list that region alone, or set imageFamily instead",
  ]);
  assert.deepEqual(judgeEntry({ ...entry, regions: ["us-east-1"] }), []);
});

Deno.test("validateNodeClass() warns of time limits that every machine misses", () => {
  assert.deepEqual(judgeEntry({ timeouts: { launch: "15m", registration: "30s" } }), [
    "warn spec.providers[0].timeouts.registration: machines take minutes, and are ended after 30s " +
    "here; each is paid for, and the next is bought",
  ]);
});

Deno.test("validateNodeClass() warns of a class that buys from nobody", () => {
  assert.deepEqual(judgeEntry({ enabled: false }), [
    "warn spec.providers: every account is disabled; nothing is bought until one has enabled: true",
  ]);
});

Deno.test("validateNodeClass() warns of limits below what runs, and below any machine", () => {
  const claims = [createClaimAt("0.75"), createClaimAt("1.29")];
  assert.deepEqual(judge({ limits: { nodes: 1, spendPerHour: "2.00" } }, { claims }), [
    "warn spec.limits.nodes: 2 machines exist or are on order already; what runs stays, and nothing " +
    "is bought until it is below the limit",
    "warn spec.limits.spendPerHour: existing and ordered machines cost $2.04 an hour already; what " +
    "runs stays, and nothing is bought until it is below the limit",
  ]);
  assert.deepEqual(judge({ limits: { spendPerHour: "0.5" } }, { offers: lambdaOffers }), [
    "warn spec.limits.spendPerHour: $0.50 is less than one hour of any machine that fits; the " +
    "cheapest is lambda us-east-1 gpu_1x_a10-24gb, $0.75 an hour",
  ]);
});

Deno.test("validateNodeClass() says everything at once", () => {
  const lines = judge({
    bootstrap: undefined,
    providers: [
      { name: "vast", credentialsRef: { name: "k", key: "k", namespace: "other" } },
      { ...lambda, regions: ["nowhere"] },
    ],
  });
  assert.equal(lines.filter((line) => line.startsWith("deny")).length, 3);
  assert.equal(lines.filter((line) => line.startsWith("warn")).length, 1);
});
