import assert from "node:assert/strict";
import { explainChoice } from "../../../controller/decisions/explain_choice.ts";
import type { Offer } from "../../../providers/contract.ts";
import type { SolveClass } from "../../../scheduling/plan.ts";
import { solve } from "../../../scheduling/solver.ts";
import {
  buildClass,
  buildInput,
  buildOffer,
  buildPods,
  buildPool,
} from "../../support/scheduling.ts";

/** Why the solver's first machine for so many pods is what it is. */
function explain(
  offers: readonly Offer[],
  { pods = 1, nodeClass = {} }: { pods?: number; nodeClass?: Partial<SolveClass> } = {},
): string {
  const input = buildInput(buildPods(pods, "p"), offers, {
    classes: [buildClass(offers, nodeClass)],
  });
  const [node] = solve(input).newNodes;
  const offer = offers.find(({ id }) => id === node?.rankedOfferIds[0]);
  assert.ok(node && offer);
  return explainChoice({
    node,
    offer,
    pool: buildPool(),
    nodeClass: buildClass(offers, nodeClass),
  });
}

const dear = buildOffer("of-dear", { price: "2.00" });

Deno.test("explainChoice() of the cheapest there is", () => {
  assert.equal(
    explain([dear, buildOffer("of-cheap", { price: "1.00" })]),
    "the cheapest of all 2 offers",
  );
});

Deno.test("explainChoice() says what keeps cheaper ones from it", () => {
  const offers = [
    dear,
    buildOffer("of-dearer", { price: "3.00" }),
    buildOffer("of-sold", { price: "1.00", available: false }),
    buildOffer("of-refused", { price: "1.00", region: "us-west-1" }),
    buildOffer("of-small", { price: "0.50", cpu: "1" }),
    buildOffer("of-small-too", { price: "0.50", memory: "1Gi" }),
  ];
  assert.equal(
    explain(offers, { nodeClass: { excludedOffers: ["of-refused"] } }),
    "the cheapest of 2 that suit; cheaper ones do not suit: 2 too small, 1 sold out, 1 refused lately",
  );
});

Deno.test("explainChoice() says that an account comes first", () => {
  const offers = [dear, buildOffer("of-other", { account: "second", price: "1.00" })];
  const accounts = [{ name: "lambda", priority: 0 }, { name: "second", priority: 1 }];
  assert.equal(
    explain(offers, { nodeClass: { accounts } }),
    "account lambda comes before those of 1 cheaper one",
  );
});

Deno.test("explainChoice() says that one machine for all is cheaper than one for each", () => {
  const offers = [
    buildOffer("of-1", { price: "1.00" }),
    buildOffer("of-8", { gpus: 8, price: "4.00" }),
  ];
  assert.equal(
    explain(offers, { pods: 8 }),
    "the cheapest of 1 that suit; cheaper ones do not suit: 1 too small",
  );
});

Deno.test("explainChoice() does not hide that a cheaper one would have suited", () => {
  const offers = [dear, buildOffer("of-cheap", { price: "1.00" })];
  const [node] = solve(buildInput(buildPods(1, "p"), offers)).newNodes;
  assert.ok(node);
  assert.equal(
    explainChoice({ node, offer: dear, pool: buildPool(), nodeClass: buildClass(offers) }),
    "limits, or the plan as a whole, speak against 1 cheaper one",
  );
});
