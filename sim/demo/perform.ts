/**
 * Submits the pods, narrates, and waits until everything that must happen has happened.
 *
 * @module
 */

import { createInformer } from "../../kube/informer.ts";
import {
  configMaps as configMapType,
  events as eventType,
  nodes as nodeType,
  pods as podType,
} from "../../kube/resource.ts";
import { nodeClaims, nodeClasses } from "../../kube/tgp_resources.ts";
import { toCatalogName } from "../../providers/catalog/codec.ts";
import { systemClock } from "../../runtime/clock.ts";
import { silentLog } from "../../runtime/log.ts";
import { silentMetrics } from "../../runtime/metrics.ts";
import { systemRandom } from "../../runtime/random.ts";
import { conditionTypes, isTrue } from "../../schemas/conditions.ts";
import { defaultNamespace } from "../../schemas/labels.ts";
import type { KubernetesObject } from "../../schemas/kubernetes.ts";
import type { Actor } from "./cast.ts";
import { narrate } from "./narrator.ts";
import type { Output } from "./output.ts";
import type { Stage } from "./stage.ts";

/**
 * How long anything may take before the demo gives up, in simulated milliseconds: at full speed three real
 * minutes, since a busy computer needs several times as long as an idle one.
 */
const patienceMs = 3 * 60 * 60_000;
/** How often it looks, in real milliseconds. */
const lookMs = 50;

/** Plays it all; returns what did not happen. */
export async function perform(
  stage: Stage,
  output: Output,
  cast: readonly Actor[],
  pods: readonly KubernetesObject[],
  { controller, onReady, signal }: {
    readonly controller: Promise<number>;
    /** Called when there is something to buy, before anybody wants it. */
    readonly onReady: () => Promise<void>;
    readonly signal: AbortSignal;
  },
): Promise<string[]> {
  const { clock, kube, clouds } = stage;
  const deps = {
    kube,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    metrics: silentMetrics,
  };
  const informers = {
    events: createInformer(deps, eventType),
    pods: createInformer(deps, podType),
    claims: createInformer(deps, nodeClaims),
    classes: createInformer(deps, nodeClasses),
    nodes: createInformer(deps, nodeType),
    published: createInformer(deps, configMapType, { namespace: defaultNamespace }),
  };
  const stop = new AbortController();
  const watching = Object.values(informers).map((informer) =>
    informer.run(AbortSignal.any([signal, stop.signal]))
  );
  let exited: number | undefined;
  controller.then((code) => exited = code, () => exited = -1);
  const startedAt = clock.now();
  const silence = narrate({ ...informers, output, clock, startedAt });
  const until = async (what: string, holds: () => boolean): Promise<string[]> => {
    while (!holds()) {
      if (signal.aborted) return ["it was interrupted"];
      if (exited !== undefined) return [`the controller ended with exit code ${exited}`];
      if (clock.now() - startedAt > patienceMs) return [`it did not happen in time: ${what}`];
      await systemClock.sleep(lookMs);
    }
    return [];
  };
  const isPublished = (nodeClass: string, account: string) =>
    informers.published.list().some(({ metadata }) =>
      metadata.name === toCatalogName(nodeClass, account)
    );
  const seen = (reason: string, name?: string) =>
    informers.events.list().some((event) =>
      event.reason === reason && (name === undefined || event.involvedObject.name === name)
    );
  const told = (name: string, words: RegExp) =>
    informers.events.list().some((event) =>
      event.involvedObject.name === name && words.test(event.message ?? "")
    );
  // Pods go with their nodes, as in any cluster: what became of them is noted as it happens.
  const succeeded = new Map<string, string>();
  informers.pods.onChange(({ object }) => {
    if (object?.status?.phase !== "Succeeded") return;
    succeeded.set(object.metadata.name, object.spec.nodeName ?? "");
  });
  const served = cast.filter(({ cloud }) => cloud !== "none");
  try {
    const ready = await until(
      "every cloud's offers are read and published",
      () =>
        informers.classes.list().some(({ metadata, status }) =>
          isTrue(status?.conditions, conditionTypes.ready) &&
          status?.providers?.every(({ name, offers }) =>
            offers !== undefined && isPublished(metadata.name, name)
          )
        ),
    );
    if (ready.length > 0) return ready;
    await onReady();
    for (const pod of pods) await kube.create(podType, pod);
    const steps: readonly (readonly [string, () => boolean])[] = [
      [
        "every pod that can be served succeeds",
        () => served.every(({ name }) => succeeded.has(name)),
      ],
      ["a pod that cannot be served is told why", () => seen("NotServed", "dream")],
      [
        "a pod that only containers could serve is told so",
        () => told("chat", /container/),
      ],
      ["a sold-out offer was met, and the next one tried", () => seen("OfferRefused")],
      ["every claim is gone", () => informers.claims.list().length === 0],
      ["every node is gone", () => informers.nodes.list().length === 0],
      [
        "every machine is given back",
        () => clouds.every((cloud) => cloud.bill().every(({ end }) => end !== undefined)),
      ],
    ];
    const problems: string[] = [];
    for (const [what, holds] of steps) {
      const problem = await until(what, holds);
      problems.push(...problem);
      if (problem.length > 0) break;
    }
    problems.push(...checkPacking(succeeded));
    return problems;
  } finally {
    silence();
    stop.abort();
    await Promise.allSettled(watching);
  }
}

/** Eight 1-GPU trainers share one 8-GPU machine, because that is cheaper than eight machines. */
function checkPacking(nodeByPod: ReadonlyMap<string, string>): readonly string[] {
  const trainers = [...nodeByPod].filter(([name]) => name.startsWith("train-"));
  const nodes = new Set(trainers.map(([, node]) => node));
  return nodes.size <= 1 ? [] : [`the trainers ran on ${nodes.size} machines instead of one`];
}
