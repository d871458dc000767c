import assert from "node:assert/strict";
import { endMachine, type MachineEnd } from "../../providers/end_machine.ts";
import { ProviderError, type ProviderErrorKind } from "../../providers/errors.ts";

function refusal(kind: ProviderErrorKind, status = 409): ProviderError {
  return new ProviderError(`Cannot end machine "a": the vendor said ${kind}`, {
    kind,
    account: "here",
    operation: "end",
    status,
    code: "some-code",
  });
}

function machine(
  end: () => Promise<void>,
  isEnding: () => Promise<boolean> = () => assert.fail("was looked up"),
): MachineEnd {
  return { account: "here", operation: "end", id: "a", end, isEnding };
}

Deno.test("endMachine() is done when the vendor accepts", async () => {
  await endMachine(machine(() => Promise.resolve()));
});

for (const kind of ["transient", "conflict", "invalid_request", "not_found", "unknown"] as const) {
  Deno.test(`endMachine() looks the machine up after ${kind}`, async () => {
    const refuse = () => Promise.reject(refusal(kind));
    await endMachine(machine(refuse, () => Promise.resolve(true)));
    await assert.rejects(endMachine(machine(refuse, () => Promise.resolve(false))), {
      kind: "transient",
      status: 409,
      code: "some-code",
      message: /the vendor said /,
    });
  });
}

for (const kind of ["unauthorized", "rate_limit", "retired", "billing"] as const) {
  Deno.test(`endMachine() passes ${kind} on: looking up would be refused, too`, async () => {
    await assert.rejects(endMachine(machine(() => Promise.reject(refusal(kind)))), { kind });
  });
}

Deno.test("endMachine() stands by the refusal when the look-up fails", async () => {
  const first = refusal("conflict");
  await assert.rejects(
    endMachine(machine(() => Promise.reject(first), () => Promise.reject(refusal("transient")))),
    (error) => error === first,
  );
});

Deno.test("endMachine() passes on what is no failure of a provider", async () => {
  const reason = new Error("told to stop");
  await assert.rejects(
    endMachine(machine(() => Promise.reject(reason))),
    (error) => error === reason,
  );
  await assert.rejects(
    endMachine(machine(() => Promise.reject(refusal("transient")), () => Promise.reject(reason))),
    (error) => error === reason,
  );
});
