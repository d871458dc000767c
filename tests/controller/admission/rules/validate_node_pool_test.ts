import assert from "node:assert/strict";
import { validateNodePool } from "../../../../controller/admission/rules/validate_node_pool.ts";
import { parseRequirements } from "../../../../scheduling/requirements.ts";
import {
  createTestContext,
  lambdaOffers,
  readClass,
  readPool,
  soundClassSpec,
  soundPoolSpec,
  type Surroundings,
  toLines,
} from "../../../support/admission.ts";
import { createClaimAt } from "../../../support/admission_claims.ts";
import { buildOffer } from "../../../support/scheduling.ts";

const nodeClass = readClass(soundClassSpec);
const around: Surroundings = { classes: [nodeClass], offers: lambdaOffers };

/** What is wrong with a pool of these parts. */
function judge(spec: object, change: Surroundings = {}): readonly string[] {
  return toLines(
    validateNodePool(
      readPool({ ...soundPoolSpec, ...spec }),
      createTestContext({ ...around, ...change }),
    ),
  );
}

/** The same of a pool with these requirements. */
function judgeRequirements(...requirements: readonly [string, string, ...string[]][]) {
  return judge({ template: { spec: { requirements: requirements.map(toRequirement) } } });
}

function toRequirement([key, operator, ...values]: readonly [string, string, ...string[]]): object {
  return { key, operator, ...(values.length > 0 ? { values } : {}) };
}

const at = "spec.template.spec.requirements";

Deno.test("validateNodePool() finds nothing wrong with a sound pool", () => {
  assert.deepEqual(judge({}), []);
  assert.deepEqual(judgeRequirements(["tgp.io/gpu-model", "In", "A10-24GB"]), []);
});

Deno.test("validateNodePool() warns of a class that is not there, or not for long", () => {
  assert.deepEqual(judge({}, { classes: [], offers: [] }), [
    'warn spec.nodeClassRef.name: there is no GPUNodeClass "default" yet; until then, nothing is bought ' +
    "for this pool",
  ]);
  const leaving = readClass(soundClassSpec, { deletionTimestamp: "2026-01-01T00:00:00Z" });
  assert.deepEqual(judge({}, { classes: [leaving] }), [
    'warn spec.nodeClassRef.name: GPUNodeClass "default" is being deleted; nothing is bought for this ' +
    "pool any more",
  ]);
});

Deno.test("validateNodePool() refuses requirements that contradict each other, naming both", () => {
  assert.deepEqual(
    judgeRequirements(
      ["tgp.io/gpu-count", "In", "1", "2"],
      ["tgp.io/country", "In", "us"],
      ["tgp.io/gpu-count", "Gt", "4"],
    ),
    [
      `deny ${at}[2]: tgp.io/gpu-count must be > 4 here, and in (1, 2) by requirements[0]; ` +
      "no machine can be both: remove or correct one of them",
    ],
  );
  assert.deepEqual(judgeRequirements(["tgp.io/gpu-count", "Lt", "0"]), [
    `deny ${at}[0]: no value of tgp.io/gpu-count is less than 0`,
  ]);
});

Deno.test("validateNodePool() answers what the schema's rules would have refused, all the same", () => {
  assert.deepEqual(judgeRequirements(["example.com/a", "In"], ["example.com/b", "Gt", "x"]), [
    `deny ${at}[0]: In needs at least one value`,
    `deny ${at}[1]: Gt needs exactly one integer of up to nine digits`,
  ]);
});

Deno.test("validateNodePool() refuses requirements that the template's own labels break", () => {
  const template = (labels: object) => ({
    template: {
      metadata: { labels },
      spec: { requirements: [{ key: "example.com/team", operator: "In", values: ["a"] }] },
    },
  });
  assert.deepEqual(judge(template({ "example.com/team": "a" })), []);
  assert.deepEqual(judge(template({ "example.com/team": "b" })), [
    `deny ${at}[0]: example.com/team must be in (a), but spec.template.metadata.labels gives every node ` +
    '"b"; correct the label or the requirement',
  ]);
});

Deno.test("validateNodePool() refuses requirements on labels of ours that no offer has", () => {
  assert.deepEqual(
    judgeRequirements(["tgp.io/gpu-modle", "In", "A10-24GB"])[0],
    `deny ${at}[0].key: no machine is offered with the label tgp.io/gpu-modle; ` +
      "did you mean tgp.io/gpu-model?",
  );
  assert.match(
    judgeRequirements(["tgp.io/node-pool", "Exists"])[0] ?? "",
    /^deny .*labels of tgp\.io are tgp/,
  );
});

Deno.test("validateNodePool() refuses GPU labels that not every machine it may buy has", () => {
  const template = (requirement: object) => ({
    template: {
      metadata: { labels: { "nvidia.com/gpu.product": "NVIDIA-A10" } },
      spec: { requirements: [requirement] },
    },
  });
  const model = (...values: readonly string[]) =>
    judge(template({ key: "tgp.io/gpu-model", operator: "In", values }));
  assert.deepEqual(model("A10-24GB"), []);
  assert.deepEqual(model("A10-24GB", "A100-SXM4-40GB"), [
    "deny spec.template.metadata.labels[nvidia.com/gpu.product]: machines set this label themselves, and " +
    'the requirements allow others than "NVIDIA-A10"; to buy only such machines, require ' +
    "nvidia.com/gpu.product In (NVIDIA-A10) instead",
  ]);
  const count = { template: { metadata: { labels: { "nvidia.com/gpu.count": "8" } } } };
  assert.equal(judge(count).length, 1);
});

Deno.test("validateNodePool() warns of values that no label has, with what may be meant", () => {
  const suggestions: readonly (readonly [key: string, value: string, hint: string])[] = [
    ["tgp.io/gpu-model", "H100", "did you mean H100-SXM5-80GB, H100-PCIE-80GB or H100-NVL-94GB?"],
    ["tgp.io/gpu-model", "A10-24GBB", "did you mean A10-24GB?"],
    ["tgp.io/gpu-model", "Cerebras", "kubectl tgp offers lists them"],
    ["nvidia.com/gpu.product", "NVIDIA-A10G-X", "did you mean NVIDIA-A10?"],
    ["tgp.io/provider", "lambdalabs", "did you mean lambda?"],
    ["tgp.io/provider", "aws", "write lambda, paperspace or runpod"],
    ["tgp.io/capacity-type", "ondemand", "did you mean on-demand?"],
    ["tgp.io/continent", "europe", "write na, sa, eu, as, me, af or oc"],
    ["tgp.io/country", "US", "did you mean us?"],
    ["tgp.io/country", "uk", "did you mean gb?"],
    ["tgp.io/country", "Germany", 'write an ISO 3166 code such as "us" or "de"'],
    ["tgp.io/account", "lamda", "did you mean lambda?"],
    ["kubernetes.io/arch", "x86_64", "did you mean amd64?"],
    ["topology.kubernetes.io/region", "us-east-1", "did you mean lambda-us-east-1?"],
    [
      "topology.kubernetes.io/region",
      "mars",
      "write the cloud and its code, such as lambda-us-east-1",
    ],
  ];
  for (const [key, value, hint] of suggestions) {
    const [line = "", ...more] = judgeRequirements([key, "In", value]);
    assert.ok(line.startsWith(`warn ${at}[0].values[0]: no `), line);
    assert.ok(line.includes(`is called "${value}"; ${hint}`), line);
    assert.deepEqual(more, []);
  }
});

Deno.test("validateNodePool() knows values that an offer has, whatever the tables say", () => {
  const offers = [buildOffer("of-new", { model: "X9-999GB", known: false, region: "moon-1" })];
  const requirements = [
    { key: "tgp.io/gpu-model", operator: "In", values: ["X9-999GB"] },
    { key: "topology.kubernetes.io/region", operator: "In", values: ["lambda-moon-1"] },
  ];
  assert.deepEqual(judge({ template: { spec: { requirements } } }, { offers }), []);
});

Deno.test("validateNodePool() warns of requirements that no offer could ever meet, with the closest", () => {
  assert.deepEqual(judgeRequirements(["tgp.io/gpu-model", "In", "B200-180GB"]), [
    `warn ${at}[0]: nothing that class "default" offers could ever serve this pool; the smallest ` +
    'change that helps: allow "A10-24GB" for tgp.io/gpu-model, which must be in (B200-180GB) (lambda ' +
    "us-east-1 gpu_1x_a10-24gb, $0.75 an hour)",
  ]);
  assert.deepEqual(judgeRequirements(["gpu-model", "In", "A10-24GB"]), [
    `warn ${at}[0]: nothing that class "default" offers could ever serve this pool; the smallest ` +
    "change that helps: write tgp.io/gpu-model instead of gpu-model, which no offer has (lambda " +
    "us-east-1 gpu_1x_a10-24gb, $0.75 an hour)",
  ]);
});

Deno.test("validateNodePool() says for whom machines are bought that must be asked for by name", () => {
  assert.deepEqual(judgeRequirements(["tgp.io/gpu-model", "In", "GH200-96GB"]), [
    `warn ${at}: all that fits is bought only for pods that ask for kubernetes.io/arch "arm64" by ` +
    "name; to serve others, too, list it in a requirement of this pool",
  ]);
  assert.deepEqual(
    judgeRequirements(
      ["tgp.io/gpu-model", "In", "GH200-96GB"],
      ["kubernetes.io/arch", "In", "arm64"],
    ),
    [],
  );
});

Deno.test("validateNodePool() does not mind what is sold out", () => {
  const offers = lambdaOffers.map((offer) => ({ ...offer, available: false }));
  assert.deepEqual(judge({}, { offers }), []);
});

Deno.test("validateNodePool() warns of a class whose machines could not join", () => {
  const offers = lambdaOffers.map((offer) => ({ ...offer, notJoinable: "they are containers" }));
  assert.deepEqual(judge({}, { offers }), [
    `warn ${at}: no machine that class "default" offers could join the cluster; they are containers`,
  ]);
});

Deno.test("validateNodePool() warns of caps below everything that fits, with the cheapest", () => {
  assert.deepEqual(judge({ price: { maxPerHour: "0.5" } }), [
    "warn spec.price.maxPerHour: $0.50 an hour is less than every machine that fits costs; the " +
    "cheapest is lambda us-east-1 gpu_1x_a10-24gb, $0.75 an hour",
  ]);
  const requirements = [{ key: "tgp.io/gpu-count", operator: "In", values: ["8"] }];
  const template = { spec: { requirements } };
  assert.deepEqual(
    judge({ template, price: { maxPerGpuHour: "2.00" }, limits: { spendPerDay: "99" } }),
    [
      "warn spec.price.maxPerGpuHour: $2.00 an hour is less than every GPU that fits costs; the cheapest " +
      "is $2.99 each, in lambda us-south-1 gpu_8x_h100-sxm5-80gb, $23.92 an hour",
    ],
  );
  assert.deepEqual(judge({ price: { maxPerHour: "1", maxPerGpuHour: "0.8" } }), []);
  const offers = [
    buildOffer("of-a", { price: "4.00", gpus: 8 }),
    buildOffer("of-b", { price: "1.00" }),
  ];
  assert.deepEqual(judge({ price: { maxPerHour: "2", maxPerGpuHour: "0.6" } }, { offers }), [
    "warn spec.price.maxPerHour: no machine that fits is within both caps, on the machine and on each " +
    "GPU; the cheapest is lambda us-east-1 gpu_1x_a10-24gb, $1.00 an hour",
  ]);
});

Deno.test("validateNodePool() warns of limits that leave no room for one machine", () => {
  assert.deepEqual(judge({ limits: { spendPerHour: "0.5", spendPerDay: "0.6" } }), [
    "warn spec.limits.spendPerHour: $0.50 is less than one hour of any machine that fits; the cheapest " +
    "is lambda us-east-1 gpu_1x_a10-24gb, $0.75 an hour",
    "warn spec.limits.spendPerDay: $0.60 is less than one hour of any machine that fits; the cheapest " +
    "is lambda us-east-1 gpu_1x_a10-24gb, $0.75 an hour",
  ]);
  const requirements = [{ key: "tgp.io/gpu-count", operator: "In", values: ["8"] }];
  assert.deepEqual(
    judge({
      template: { spec: { requirements } },
      limits: { resources: { "nvidia.com/gpu": 4 }, spendPerHour: "100" },
    }),
    [
      "warn spec.limits.resources[nvidia.com/gpu]: every machine that fits has more, 8 at least; " +
      "raise the limit, or allow smaller machines",
    ],
  );
});

Deno.test("validateNodePool() warns of limits below what already runs", () => {
  const claims = [createClaimAt("0.75"), createClaimAt("0.75"), createClaimAt("9.00", "another")];
  const limits = { nodes: 1, resources: { "nvidia.com/gpu": 1 }, spendPerHour: "1.00" };
  const stays = "what runs stays, and nothing is bought until it is below the limit";
  assert.deepEqual(judge({ limits }, { claims }), [
    `warn spec.limits.nodes: 2 machines exist or are on order already; ${stays}`,
    "warn spec.limits.resources[nvidia.com/gpu]: existing and ordered machines have 2 already; " +
    stays,
    `warn spec.limits.spendPerHour: existing and ordered machines cost $1.50 an hour already; ${stays}`,
  ]);
});

Deno.test("validateNodePool() warns of a pool that may spend without end", () => {
  const free = readClass({ ...soundClassSpec, limits: undefined });
  const unlimited = [
    "warn spec.limits: nothing limits what this pool may spend; " +
    "set limits.spendPerHour or limits.spendPerDay",
  ];
  const judgeMoney = (spec: object, classes = [free]) =>
    judge({ limits: {}, ...spec }, { classes });
  assert.deepEqual(judgeMoney({}), unlimited);
  assert.deepEqual(judgeMoney({ limits: { nodes: 2 } }), unlimited);
  assert.deepEqual(judgeMoney({ price: { maxPerHour: "3" } }), unlimited);
  assert.deepEqual(judgeMoney({ limits: { nodes: 2 }, price: { maxPerHour: "3" } }), []);
  assert.deepEqual(judgeMoney({ limits: { spendPerDay: "50" } }), []);
  assert.deepEqual(judgeMoney({}, [nodeClass]), []);
});

Deno.test("validateNodePool() stays calm with label keys that every object has in JavaScript", () => {
  for (const key of ["constructor", "toString", "hasOwnProperty"]) {
    const [line = ""] = judgeRequirements([key, "In", "x"]);
    assert.match(line, new RegExp(`drop requirement ${key} in \\(x\\): no offer has that label`));
    const exists = judgeRequirements([key, "Exists"]);
    assert.match(exists[0] ?? "", /could ever serve/, `${key} is no label of any offer`);
  }
  assert.equal(parseRequirements([{ key: "constructor", operator: "Exists" }]).size, 1);
});
