import assert from "node:assert/strict";
import fc from "fast-check";
import {
  keyPattern,
  keyRule,
  mapKeyRule,
  reservedAnnotationsRule,
  reservedLabelsRule,
  reservedTaintRule,
} from "../../../schemas/rules/keys.ts";
import {
  isReservedAnnotation,
  isReservedLabel,
  isReservedTaint,
} from "../../support/reserved_keys.ts";
import { listBroken } from "../../support/rule_judge.ts";

const isAllowed = (rule: typeof keyRule, value: object) => listBroken([rule], value).length === 0;

/** Keys around the domains that are somebody's. */
const keys = fc.oneof(
  fc.tuple(
    fc.constantFrom("", "a.", "node-restriction.", "x.node.", "a-"),
    fc.constantFrom(
      ...["tgp.io", "kubernetes.io", "k8s.io", "node.kubernetes.io", "kubelet.kubernetes.io"],
      ...["node-restriction.kubernetes.io", "kops.k8s.io", "topology.kubernetes.io", "example.com"],
      ...["tgpxio", "kubernetesxio", "node-role.kubernetes.io", "tgp.io.example.com"],
    ),
    fc.constantFrom(
      "arch",
      "os",
      "hostname",
      "instance-type",
      "region",
      "zone",
      "team",
      "do-not-disrupt",
    ),
  ).map(([sub, domain, name]) => `${sub}${domain}/${name}`),
  fc.constantFrom("team", "tgp.io", "kubernetes.io", "a/tgp.io/b"),
);

Deno.test("rules call the right labels, taints and annotations reserved", () => {
  let reserved = 0;
  fc.assert(
    fc.property(keys, (key) => {
      const verdicts = [
        [reservedLabelsRule, { [key]: "x" }, isReservedLabel(key)],
        [reservedAnnotationsRule, { [key]: "x" }, isReservedAnnotation(key)],
        [reservedTaintRule, { key, effect: "NoSchedule" }, isReservedTaint(key)],
      ] as const;
      for (const [rule, value, isReserved] of verdicts) {
        reserved += isReserved ? 1 : 0;
        assert.equal(isAllowed(rule, value), !isReserved, `${key}: ${rule.message}`);
      }
    }),
    { numRuns: 500, seed: 3 },
  );
  assert.ok(reserved > 200, String(reserved));
});

/** Kubernetes' own definition, part by part (`k8s.io/apimachinery`, `pkg/util/validation`, v0.36). */
function isQualifiedName(key: string): boolean {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  const domain = parts.length === 2 ? parts[0] : undefined;
  const isLabel = (label: string) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(label);
  return parts.length <= 2 && name.length <= 63 &&
    /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name) &&
    (domain === undefined || (domain.length <= 253 && domain.split(".").every(isLabel)));
}

Deno.test("mapKeyRule allows just what Kubernetes calls a qualified name, and so does keyRule", () => {
  const texts = fc.oneof(
    fc.stringMatching(/^[-a-zA-Z0-9._/]{0,12}$/),
    fc.stringMatching(/^[a-z]([-.]?[a-z0-9]){0,3}\/[a-z]([-._]?[A-Z]){0,2}$/),
    fc.constantFrom("a".repeat(63), "a".repeat(64), `${"a".repeat(253)}/b`, `${"a".repeat(254)}/b`),
  );
  let valid = 0;
  fc.assert(
    fc.property(texts, (key) => {
      const expected = isQualifiedName(key);
      valid += expected ? 1 : 0;
      assert.equal(isAllowed(mapKeyRule, { [key]: "x" }), expected, JSON.stringify(key));
      assert.equal(keyPattern.test(key) && isAllowed(keyRule, { key }), expected, key);
    }),
    { numRuns: 1000, seed: 3 },
  );
  assert.ok(valid > 100, String(valid));
});

Deno.test("rules about keys name the key, what is wrong and what would be right", () => {
  assert.deepEqual(
    listBroken([mapKeyRule, reservedLabelsRule], { "kubernetes.io/arch": "arm64" }),
    [
      'key "kubernetes.io/arch" is set by the machine, the controller or Kubernetes, not by you: ' +
      "to choose machines by it, write a requirement, else use a domain of your own",
    ],
  );
  assert.deepEqual(listBroken([reservedAnnotationsRule], { "tgp.io/planned-pods": "x" }), [
    `key "tgp.io/planned-pods" is the controller's own: of the domain tgp.io, only tgp.io/do-not-disrupt is yours to set`,
  ]);
  assert.deepEqual(listBroken([mapKeyRule], { team: "ml", "two words": "x" }), [
    'key "two words" must be a name of at most 63 characters, or a domain, a slash and a name, ' +
    "such as example.com/team",
  ]);
});
