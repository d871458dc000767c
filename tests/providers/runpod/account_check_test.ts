import assert from "node:assert/strict";
import { checkBalance, type RunpodBalance } from "../../../providers/runpod/account_check.ts";

const account: RunpodBalance = {
  clientBalance: 100,
  currentSpendPerHr: 1,
  spendLimit: 80,
  underBalance: false,
};

Deno.test("checkBalance() judges what can still be paid", () => {
  const cases: readonly (readonly [Partial<RunpodBalance>, string, RegExp])[] = [
    [{}, "ok", /^balance \$100\.00, spending \$1\.00 of at most \$80\.00 an hour$/],
    [{ clientBalance: 23.99 }, "warn", /lasts less than 24 hours/],
    [{ clientBalance: 24 }, "ok", /\$24\.00/],
    [{ clientBalance: 0, currentSpendPerHr: 0 }, "fail", /add funds/],
    [{ clientBalance: -3 }, "fail", /add funds/],
    [{ underBalance: true }, "fail", /add funds/],
    [{ clientBalance: 9_000, currentSpendPerHr: 80 }, "fail", /higher limit/],
    [{ clientBalance: 9_000, currentSpendPerHr: 64 }, "warn", /higher limit/],
    [{ clientBalance: 9_000, currentSpendPerHr: 63 }, "ok", /\$63\.00/],
    [{ spendLimit: undefined }, "ok", /spending \$1\.00 an hour$/],
    [{ clientBalance: null }, "unknown", /does not show/],
    [{ clientBalance: undefined }, "unknown", /does not show/],
  ];
  for (const [change, state, message] of cases) {
    const check = checkBalance({ ...account, ...change });
    assert.deepEqual([check.what, check.state], ["billing", state], JSON.stringify(change));
    assert.match(check.message, message);
  }
});
