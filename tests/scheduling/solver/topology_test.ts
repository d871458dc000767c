import assert from "node:assert/strict";
import type { Pod, TopologySpreadConstraint } from "../../../schemas/kubernetes.ts";
import { labels as labelKeys } from "../../../schemas/labels.ts";
import { type NewNode, solve, type SolveResult } from "../../../scheduling/solver.ts";
import {
  buildInput,
  buildNode,
  buildOffer,
  buildPod,
  buildPods,
  type PodOptions,
} from "../../support/scheduling.ts";

const east = buildOffer("east", { region: "us-east-1", price: "1.00" });
const west = buildOffer("west", { region: "us-west-1", price: "2.00" });
const eastEight = buildOffer("east-8", { region: "us-east-1", gpus: 8, price: "9.00" });
const westEight = buildOffer("west-8", { region: "us-west-1", gpus: 8, price: "5.00" });
const gpuNode = { cpu: "16", memory: "64Gi", "nvidia.com/gpu": "8" };

function terms(app: string, topologyKey: string) {
  return {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels: { app } }, topologyKey },
    ],
  };
}

function web(spec: Partial<Pod["spec"]>): PodOptions {
  return { labels: { app: "web" }, spec };
}

function spread(topologyKey: string, rest: Partial<TopologySpreadConstraint> = {}): PodOptions {
  return web({
    topologySpreadConstraints: [{
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "web" } },
      ...rest,
    }],
  });
}

/** `offer:pods` in the order of the plan. */
function bought({ newNodes }: SolveResult): string[] {
  return newNodes.map(({ rankedOfferIds, pods }) => `${rankedOfferIds[0]}:${pods.length}`).sort();
}

function zonesOf(newNodes: readonly NewNode[]): (readonly string[] | undefined)[] {
  return newNodes.map(({ requirements }) =>
    requirements.find(({ key }) => key === labelKeys.zone)?.values
  );
}

Deno.test("hostname anti-affinity puts each pod on a machine of its own", () => {
  const options = web({ affinity: { podAntiAffinity: terms("web", labelKeys.hostname) } });
  const plan = solve(buildInput(buildPods(3, "p", options), [east, eastEight]));
  assert.deepEqual(bought(plan), ["east:1", "east:1", "east:1"]);
});

Deno.test("hostname spread allows as many per machine as the skew", () => {
  const plan = solve(
    buildInput(buildPods(4, "p", spread(labelKeys.hostname, { maxSkew: 2 })), [eastEight]),
  );
  assert.deepEqual(bought(plan), ["east-8:2", "east-8:2"]);
});

Deno.test("zone spread uses all zones that could be bought in, and pins each claim to its zone", () => {
  const plan = solve(buildInput(buildPods(4, "p", spread(labelKeys.zone)), [east, west]));
  assert.deepEqual(bought(plan), ["east:1", "east:1", "west:1", "west:1"]);
  assert.deepEqual(zonesOf(plan.newNodes).flat().sort(), [
    "lambda-us-east-1",
    "lambda-us-east-1",
    "lambda-us-west-1",
    "lambda-us-west-1",
  ]);
});

Deno.test("zone spread counts the pods that are there", () => {
  const there = buildPods(2, "there", { labels: { app: "web" }, spec: { nodeName: "n" } });
  const nodes = [
    buildNode("n", { cpu: "0" }, { labels: { [labelKeys.zone]: "lambda-us-east-1" }, pods: there }),
  ];
  const plan = solve(
    buildInput(buildPods(2, "p", spread(labelKeys.zone)), [east, west], { nodes }),
  );
  assert.deepEqual(bought(plan), ["west:1", "west:1"]);
});

Deno.test("zone spread ignores zones that the pod's own node affinity excludes", () => {
  const options = spread(labelKeys.zone);
  const pinned = {
    ...options,
    spec: { ...options.spec, nodeSelector: { [labelKeys.zone]: "lambda-us-east-1" } },
  };
  const plan = solve(buildInput(buildPods(3, "p", pinned), [east, west]));
  assert.deepEqual(bought(plan), ["east:1", "east:1", "east:1"]);
  const everyNode = spread(labelKeys.zone, { nodeAffinityPolicy: "Ignore" });
  const strict = {
    ...everyNode,
    spec: { ...everyNode.spec, nodeSelector: { [labelKeys.zone]: "lambda-us-east-1" } },
  };
  assert.equal(solve(buildInput(buildPods(3, "p", strict), [east, west])).unplaced.length, 2);
});

Deno.test("too few domains count as an empty one", () => {
  const options = spread(labelKeys.zone, { minDomains: 3 });
  assert.equal(solve(buildInput(buildPods(3, "p", options), [east, west])).unplaced.length, 1);
});

Deno.test("ScheduleAnyway is a wish and costs nothing", () => {
  const options = spread(labelKeys.zone, { whenUnsatisfiable: "ScheduleAnyway" });
  assert.deepEqual(bought(solve(buildInput(buildPods(2, "p", options), [east, west]))), [
    "east:1",
    "east:1",
  ]);
});

Deno.test("zone affinity keeps pods together where all of them cost least, not where the first does", () => {
  const options = web({ affinity: { podAffinity: terms("web", labelKeys.zone) } });
  const offers = [east, eastEight, west, westEight];
  const plan = solve(buildInput(buildPods(8, "p", options), offers));
  assert.deepEqual(bought(plan), ["west-8:8"]);
  assert.deepEqual(zonesOf(plan.newNodes), [["lambda-us-west-1"]]);
  assert.deepEqual(bought(solve(buildInput(buildPods(2, "p", options), offers))), [
    "east:1",
    "east:1",
  ]);
});

Deno.test("affinity goes where its pods are", () => {
  const there = buildPod("there", { labels: { app: "db" }, spec: { nodeName: "n" } });
  const nodes = [
    buildNode("n", { cpu: "0" }, {
      labels: { [labelKeys.zone]: "lambda-us-west-1" },
      pods: [there],
    }),
  ];
  const pod = buildPod("p", web({ affinity: { podAffinity: terms("db", labelKeys.zone) } }));
  assert.deepEqual(bought(solve(buildInput([pod], [east, west], { nodes }))), ["west:1"]);
  const nowhere = solve(buildInput([pod], [east, west]));
  assert.equal(nowhere.unplaced[0]?.reasons[0]?.kind, "neighbours");
});

Deno.test("hostname affinity puts pods on one machine, or nowhere", () => {
  const options = web({ affinity: { podAffinity: terms("web", labelKeys.hostname) } });
  assert.deepEqual(bought(solve(buildInput(buildPods(3, "p", options), [east, eastEight]))), [
    "east-8:3",
  ]);
});

Deno.test("pods that are there keep those away whom they repel", () => {
  const jealous = buildPod("there", {
    labels: { app: "db" },
    spec: { nodeName: "n", affinity: { podAntiAffinity: terms("web", labelKeys.zone) } },
  });
  const nodes = [
    buildNode("n", gpuNode, { labels: { [labelKeys.zone]: "lambda-us-east-1" }, pods: [jealous] }),
  ];
  const plan = solve(buildInput([buildPod("p", web({}))], [east, west], { nodes }));
  assert.deepEqual(plan.placements, []);
  assert.deepEqual(bought(plan), ["west:1"]);
});

Deno.test("terms see pods of their own namespace only, unless they list others or all", () => {
  const there = buildPod("there", {
    namespace: "other",
    labels: { app: "web" },
    spec: { nodeName: "n" },
  });
  const nodes = [buildNode("n", gpuNode, { pods: [there] })];
  const repelling = (rest: object) =>
    web({
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            {
              labelSelector: { matchLabels: { app: "web" } },
              topologyKey: labelKeys.hostname,
              ...rest,
            },
          ],
        },
      },
    });
  const placements = (rest: object) =>
    solve(buildInput([buildPod("p", repelling(rest))], [], { nodes })).placements.length;
  assert.equal(placements({}), 1);
  assert.equal(placements({ namespaces: ["other"] }), 0);
  assert.equal(placements({ namespaceSelector: {} }), 0);
});

Deno.test("demands that are not supported are refused, never ignored", () => {
  const selecting = web({
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{
          topologyKey: labelKeys.zone,
          labelSelector: {},
          namespaceSelector: { matchLabels: { team: "ml" } },
        }],
      },
    },
  });
  const plan = solve(buildInput([buildPod("p", selecting)], [east]));
  assert.match(plan.unplaced[0]?.refusal ?? "", /selects namespaces by label/);
  const tainted = spread(labelKeys.zone, { nodeTaintsPolicy: "Honor" });
  assert.match(
    solve(buildInput([buildPod("p", tainted)], [east])).unplaced[0]?.refusal ?? "",
    /nodeTaintsPolicy/,
  );
});

Deno.test("matchLabelKeys count only pods of the same revision", () => {
  const options = (revision: string): PodOptions => ({
    labels: { app: "web", revision },
    spec: spread(labelKeys.hostname, { matchLabelKeys: ["revision"] }).spec ?? {},
  });
  const pods = [buildPod("old", options("1")), buildPod("new", options("2"))];
  assert.deepEqual(bought(solve(buildInput(pods, [buildOffer("two", { gpus: 2 })]))), ["two:2"]);
  const same = [buildPod("a", options("1")), buildPod("b", options("1"))];
  assert.deepEqual(bought(solve(buildInput(same, [buildOffer("two", { gpus: 2 })]))), [
    "two:1",
    "two:1",
  ]);
});

Deno.test("host ports keep pods apart", () => {
  const options: PodOptions = {
    spec: {
      containers: [{
        name: "c",
        resources: { requests: { "nvidia.com/gpu": "1" } },
        ports: [{ containerPort: 80, hostPort: 80 }],
      }],
    },
  };
  assert.deepEqual(bought(solve(buildInput(buildPods(2, "p", options), [eastEight]))), [
    "east-8:1",
    "east-8:1",
  ]);
});
