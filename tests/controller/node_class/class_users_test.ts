import assert from "node:assert/strict";
import { describeHolders } from "../../../controller/node_class/class_users.ts";

Deno.test("describeHolders() names the claim", () => {
  assert.equal(
    describeHolders({ claims: ["tgp-a"], pools: [] }),
    "1 claim still refers to this class and is ended with its accounts: tgp-a; " +
      "the class goes with the last machine",
  );
});

Deno.test("describeHolders() names some of many, in an order of its own, and what pools do", () => {
  assert.equal(
    describeHolders({ claims: ["d", "c", "b", "a", "e"], pools: ["two", "one"] }),
    "5 claims still refer to this class and are ended with its accounts: a, b, c and 2 more; " +
      "the class goes with the last machine. Nothing is bought for pools one, two any more",
  );
});
