import assert from "node:assert/strict";
import fc from "fast-check";
import { findRegistration, parseProviderName, providerNames } from "../../../providers/registry.ts";
import { cloudNames } from "../../../schemas/clouds/clouds.ts";
import { entryRules, twinRule } from "../../../schemas/rules/accounts.ts";
import { listBroken } from "../../support/rule_judge.ts";

Deno.test("rules and registry know the same clouds, by the same spellings", () => {
  assert.deepEqual(
    cloudNames.map(({ name, aliases, blockNeededFor }) => ({
      name,
      aliases,
      blockRequired: blockNeededFor !== undefined,
    })),
    providerNames.map(findRegistration).map(({ name, aliases, blockRequired }) => ({
      name,
      aliases,
      blockRequired,
    })),
  );
});

interface Entry {
  readonly name: string;
  readonly provider?: string;
  readonly credentialsRef: { readonly name: string; readonly key: string };
}

const spellings = ["lambda", "lambdalabs", "lambda-labs", "paperspace", "runpod", "aws", "Lambda"];

const entries: fc.Arbitrary<Entry> = fc.record({
  name: fc.constantFrom(...spellings, "research"),
  provider: fc.constantFrom(...spellings),
  credentialsRef: fc.record({ name: fc.constantFrom("a", "b"), key: fc.constant("k") }),
  lambda: fc.constant({}),
  paperspace: fc.constant({}),
  runpod: fc.constant({}),
}, { requiredKeys: ["name", "credentialsRef"] });

function canonical({ name, provider }: Entry): string {
  try {
    return parseProviderName(provider ?? name);
  } catch {
    return provider ?? name;
  }
}

Deno.test("entryRules allow a cloud's block at that cloud alone, and ask for it where it is needed", () => {
  const counts = { allowed: 0, refused: 0 };
  fc.assert(
    fc.property(entries, (entry) => {
      const cloud = canonical(entry);
      const known = providerNames.find((name) => name === cloud);
      const foreign = providerNames.filter((name) => known && name !== cloud && name in entry);
      const missing = known && findRegistration(known).blockRequired && !(known in entry);
      const expected = foreign.length + (missing ? 1 : 0);
      assert.equal(listBroken(entryRules, entry).length, expected, JSON.stringify(entry));
      counts[expected === 0 ? "allowed" : "refused"]++;
    }),
    { numRuns: 1000, seed: 5 },
  );
  assert.ok(counts.allowed > 100 && counts.refused > 100, JSON.stringify(counts));
});

Deno.test("twinRule allows each account once, under whatever spelling", () => {
  const counts = { allowed: 0, refused: 0 };
  const lists = fc.uniqueArray(entries, { selector: ({ name }) => name, maxLength: 5 });
  fc.assert(
    fc.property(lists, (list) => {
      const accounts = list.map((entry) => `${canonical(entry)} ${entry.credentialsRef.name}`);
      const isTwice = new Set(accounts).size < accounts.length;
      assert.equal(listBroken([twinRule], list).length, isTwice ? 1 : 0, JSON.stringify(list));
      counts[isTwice ? "refused" : "allowed"]++;
    }),
    { numRuns: 1000, seed: 5 },
  );
  assert.ok(counts.allowed > 100 && counts.refused > 100, JSON.stringify(counts));
});

Deno.test("rules about accounts say which, and what would be right", () => {
  const credentialsRef = { name: "keys", key: "k" };
  assert.deepEqual(
    listBroken(entryRules, { name: "a", provider: "paperspace", lambda: {}, credentialsRef }),
    [
      "this account is at paperspace, where settings for lambda have no effect: " +
      "remove them, or set provider: lambda",
    ],
  );
  assert.deepEqual(listBroken(entryRules, { name: "lambdalabs", credentialsRef }), [
    "Lambda takes no order without the name of an SSH key: set lambda.sshKeyName",
  ]);
  assert.deepEqual(
    listBroken([twinRule], [
      { name: "lambda", credentialsRef },
      { name: "lambdalabs", credentialsRef },
    ]),
    [
      '"lambda" is listed under another name, too, with the same key at the same cloud: ' +
      "keep one of its entries, or give each the key of another account",
    ],
  );
});
