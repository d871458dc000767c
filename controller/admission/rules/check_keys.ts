/**
 * Keys of labels, annotations, taints and requirements: well formed, and the user's to set.
 *
 * @module
 */

import { findNearest } from "../../../scheduling/label_hint.ts";
import { labelKeySchema } from "../../../schemas/meta.ts";
import {
  findAnnotationReservation,
  findLabelReservation,
  findTaintReservation,
  isUnknownOfferLabel,
  offerLabelKeys,
  type Reservation,
} from "./key_domains.ts";
import type { NodeTerms, Stated, StringMap } from "./node_terms.ts";
import { deny, type Violation } from "./violation.ts";

/** Everything that is wrong with keys. */
export function checkKeys(terms: NodeTerms): readonly Violation[] {
  const { labels, annotations, requirements, taints, startupTaints } = terms;
  return [
    ...checkMap(labels, "label", findLabelReservation),
    ...checkMap(annotations, "annotation", findAnnotationReservation),
    ...checkList(requirements, findRequirementProblem),
    ...checkList(taints, findTaintReservation),
    ...checkList(startupTaints, findTaintReservation),
    ...findRepeatedTaints(terms),
  ];
}

/** The schema sees the values of a map, not its keys. */
function checkMap(
  { value, path }: Stated<StringMap>,
  noun: string,
  findReservation: (key: string) => Reservation | undefined,
): readonly Violation[] {
  const violations: Violation[] = [];
  for (const key in value) {
    const reservation = findMalformation(key, noun) ?? findReservation(key);
    if (reservation === undefined) continue;
    violations.push(deny(`${path}[${key}]`, reservation.why, reservation.remedy));
  }
  return violations;
}

function checkList(
  { value, path }: Stated<readonly { readonly key: string }[]>,
  findReservation: (key: string) => Reservation | undefined,
): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [index, { key }] of value.entries()) {
    const reservation = findLongName(key) ?? findReservation(key);
    if (reservation === undefined) continue;
    violations.push(deny(`${path}[${index}].key`, reservation.why, reservation.remedy));
  }
  return violations;
}

function findMalformation(key: string, noun: string): Reservation | undefined {
  if (labelKeySchema.safeParse(key).success) return findLongName(key);
  return {
    why: `this is no ${noun} key`,
    remedy: "write a name such as team, or a domain and a name such as example.com/team",
  };
}

/** Kubernetes' own limits, which the schema states only for the key as a whole. */
function findLongName(key: string): Reservation | undefined {
  const slash = key.indexOf("/");
  const [domain, name] = [slash < 0 ? 0 : slash, key.length - slash - 1];
  if (name <= 63 && domain <= 253) return undefined;
  return {
    why: "the key is too long for Kubernetes",
    remedy: "write at most 63 characters after the slash and 253 before it",
  };
}

function findRequirementProblem(key: string): Reservation | undefined {
  if (!isUnknownOfferLabel(key)) return undefined;
  const nearest = findNearest(key, offerLabelKeys);
  return {
    why: `no machine is offered with the label ${key}`,
    remedy: nearest === undefined
      ? `offers have ${offerLabelKeys.join(", ")}`
      : `did you mean ${nearest}?`,
  };
}

/** A Node with the same key and effect twice cannot register. */
function findRepeatedTaints({ taints, startupTaints }: NodeTerms): readonly Violation[] {
  return startupTaints.value.flatMap(({ key, effect }, index) => {
    const twin = taints.value.findIndex((taint) => taint.key === key && taint.effect === effect);
    if (twin < 0) return [];
    return [deny(
      `${startupTaints.path}[${index}]`,
      `${key}:${effect} is also in taints[${twin}]`,
      "list it in taints if pods must tolerate it, in startupTaints if something removes it",
    )];
  });
}
