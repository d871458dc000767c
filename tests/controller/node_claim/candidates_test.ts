import assert from "node:assert/strict";
import {
  collectOffers,
  collectSoldOut,
  toAccountTerms,
  toOfferQuery,
} from "../../../controller/node_claim/candidates.ts";
import { parseUsd } from "../../../schemas/money.ts";
import { buildClaim, buildOffer, testStart } from "../../support/controller_builders.ts";
import { buildAccount, buildEntry, ScriptedProvider } from "../../support/scripted_provider.ts";

const now = testStart;

function account(name: string, soldOutUntil?: number) {
  return buildAccount(new ScriptedProvider(name), {
    snapshot: { offers: [buildOffer({ id: `of-${name}`, account: name })], readAt: now },
    stock: soldOutUntil === undefined
      ? new Map()
      : new Map([[`of-${name}`, { failures: 1, until: soldOutUntil, message: "" }]]),
  });
}

Deno.test("toAccountTerms() says how an account may be used", () => {
  const entry = buildEntry({ priority: -3 });
  assert.deepEqual(toAccountTerms(buildAccount(new ScriptedProvider(), { entry }), now), {
    name: "lambda",
    priority: -3,
  });
  const unverified = buildAccount(new ScriptedProvider(), { verified: false });
  assert.deepEqual(toAccountTerms(unverified, now), {
    name: "lambda",
    priority: 0,
    blocked: "The key is being verified",
  });
});

Deno.test("collectOffers() and collectSoldOut() look at every account", () => {
  const accounts = [account("a"), account("b", now + 1), account("c", now)];
  accounts.push(buildAccount(new ScriptedProvider("unread")));
  assert.deepEqual(collectOffers(accounts).map(({ id }) => id), ["of-a", "of-b", "of-c"]);
  assert.deepEqual(collectSoldOut(accounts, now), ["of-b"]);
});

Deno.test("toOfferQuery() excludes what was refused and what is sold out", () => {
  const claim = buildClaim({
    refusedOffers: [{ id: "of-a", description: "", reason: "", message: "", time: "" }],
  });
  const accounts = [account("a"), account("b", now + 1), account("c")];
  const { query } = toOfferQuery(claim, { accounts, now });
  assert.deepEqual([...query.excluded ?? []].sort(), ["of-a", "of-b"]);
});

const caps: readonly (readonly [string | undefined, string | undefined, string | undefined])[] = [
  ["2.00", undefined, "2.00"],
  ["2.00", "1.50", "1.50"],
  ["2.00", "3.00", "2.00"],
  [undefined, "3.00", "3.00"],
  [undefined, undefined, undefined],
];

for (const [ceiling, cap, expected] of caps) {
  Deno.test(`toOfferQuery() with a ceiling of ${ceiling} and a cap of ${cap}`, () => {
    const { maxPricePerHour: _ceiling, ...spec } = buildClaim().spec;
    const claim = {
      ...buildClaim(),
      spec: ceiling === undefined ? spec : { ...spec, maxPricePerHour: parseUsd(ceiling) },
    };
    const price = cap === undefined ? undefined : { maxPerHour: parseUsd(cap) };
    const { query } = toOfferQuery(claim, { accounts: [], price, now });
    assert.equal(query.maxPerHour, expected === undefined ? undefined : parseUsd(expected));
  });
}
