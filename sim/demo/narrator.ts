/**
 * Tells the story as it happens: Events and pods, with simulated time and what is being spent.
 *
 * @module
 */

import type { Informer } from "../../kube/informer.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Event, Pod } from "../../schemas/kubernetes.ts";
import { displayUsd, sumUsd } from "../../schemas/money.ts";
import type { GPUNodeClaim } from "../../schemas/node_claim.ts";
import type { Output, Tone } from "./output.ts";

/** What the narrator watches. */
export interface NarratorDeps {
  readonly output: Output;
  readonly clock: Clock;
  readonly startedAt: number;
  readonly events: Informer<Event>;
  readonly pods: Informer<Pod>;
  readonly claims: Informer<GPUNodeClaim>;
}

const tones: Readonly<Record<string, Tone>> = {
  Launched: "money",
  Terminated: "money",
  Initialized: "good",
  Registered: "good",
  OfferRefused: "bad",
  NotServed: "bad",
};

/** Where sentences go on in a narrow terminal: below the subject. */
const indent = 24;

/** Events that a reader of the story does not need. */
const quiet: ReadonlySet<string> = new Set([
  "Created",
  // True of the box: it listens on loopback, and kubeadm did not make it.
  "PreflightFailed",
  "PreflightWarning",
]);

/** Speaks until the returned function is called. */
export function narrate(deps: NarratorDeps): () => void {
  const told = new Set<string>();
  const say = (subject: string, what: string, text: string, tone: Tone = "plain") => {
    const key = `${subject} ${what} ${text}`;
    if (told.has(key)) return;
    told.add(key);
    const time = formatOffset(deps.clock.now() - deps.startedAt);
    const rate = `${displayUsd(currentRate(deps.claims.list()))}/h`;
    deps.output.line(
      `${time}  ${rate.padStart(10)}  ${subject.padEnd(30)} ${what.padEnd(15)} ${text}`,
      tone,
      indent,
    );
  };
  const endings = [
    deps.events.onChange(({ object }) => {
      if (!object || quiet.has(object.reason)) return;
      const { kind, name } = object.involvedObject;
      if (!/^(GPUNode|Pod)/.test(kind) || object.source?.component !== "tgp-controller") return;
      const subject = kind === "Pod" ? `pod/${name}` : name;
      say(subject, object.reason, object.message, tones[object.reason] ?? "dim");
    }),
    deps.pods.onChange(({ object, old }) => {
      const phase = object?.status?.phase;
      if (!object || phase === old?.status?.phase) return;
      const { name } = object.metadata;
      if (phase === "Running") say(`pod/${name}`, "Running", `on ${object.spec.nodeName}`, "good");
      if (phase === "Succeeded") say(`pod/${name}`, "Succeeded", "its work is done", "good");
      if (phase === "Failed") say(`pod/${name}`, "Failed", object.status?.message ?? "", "bad");
    }),
  ];
  return () => endings.forEach((end) => end());
}

/** What rented machines cost per hour now. */
function currentRate(claims: readonly GPUNodeClaim[]) {
  return sumUsd(claims.flatMap(({ status }) => {
    const billing = status?.prices?.at(-1)?.perHour;
    const ended = status?.steps?.some(({ step }) => step === "TerminateSent");
    return billing === undefined || ended ? [] : [billing];
  }));
}

/** `0h07m30s` since the start. */
export function formatOffset(offsetMs: number): string {
  const seconds = Math.floor(offsetMs / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}h${two(Math.floor(seconds / 60) % 60)}m${
    two(seconds % 60)
  }s`;
}
